import Synchronization
import Testing

@testable import ReportDaemon

@Suite("Answers that are made for several at once", .timeLimit(.minutes(10)))
struct SharedAnswerTests {
    /// Makes numbers one after the other, each when it is let.
    private final class Maker: Sendable {
        private struct State {
            var begun = 0
            var isOpen = false
            var waiters: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        var begun: Int { state.withLock { $0.begun } }

        func make() async -> Int {
            let number = state.withLock { state in
                state.begun += 1
                return state.begun
            }
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiters.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
            return number
        }

        func open() {
            let waiters = state.withLock { state in
                state.isOpen = true
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    @Test("whoever asks while an answer is made gets the same; the next one is made anew")
    func shared() async {
        let (answer, maker) = (SharedAnswer<Int>(), Maker())
        let tasks = (0..<5).map { _ in Task { await answer.value { await maker.make() } } }
        while answer.waiterCount < 5 { await Task.yield() }
        maker.open()
        for task in tasks { #expect(await task.value == 1) }
        #expect(maker.begun == 1)
        #expect(await answer.value { await maker.make() } == 2)
    }

    @Test("one who does not wait any more goes, and a hanging answer is not begun a second time")
    func cancelled() async {
        let (answer, maker) = (SharedAnswer<Int>(), Maker())
        for _ in 0..<3 {
            let task = Task { await answer.value { await maker.make() } }
            while answer.waiterCount < 1 { await Task.yield() }
            task.cancel()
            #expect(await task.value == nil)
        }
        let last = Task { await answer.value { await maker.make() } }
        while answer.waiterCount < 1 { await Task.yield() }
        #expect(maker.begun <= 1)
        maker.open()
        #expect(await last.value == 1)
        #expect(maker.begun == 1)
    }
}

import ReportModel
import ReportPipe
import ReportTestKit
import Synchronization

/// A broker that loses, repeats and reorders messages, as told; the streams of all nodes meet in it.
final class LossyBroker: Sendable {
    struct Habits {
        /// Of a hundred messages handed over, how many are lost though the broker said that it has them.
        var lost = 0
        /// Of a hundred, how many are kept twice.
        var twice = 0
        /// Whether messages come in any order.
        var isShuffled = false
        /// Of a hundred, how many come again though they were settled.
        var unsettled = 0
    }

    private struct State {
        var generator: SeededGenerator
        var habits: Habits
        var waiting: [ReceivedMessage] = []
        var nextReceipt = 0
        var isAway = false
        var refused: NodeID?
        var publishedCount = 0
    }

    private let state: Mutex<State>

    init(seed: UInt64 = 1, _ habits: Habits = Habits()) {
        state = Mutex(State(generator: SeededGenerator(seed: seed), habits: habits))
    }

    /// Behaves otherwise from now on.
    func become(_ habits: Habits) { state.withLock { $0.habits = habits } }
    /// Whether calls fail.
    func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }
    /// Has no room for what is for a node; nil: for everybody.
    func refuse(_ node: NodeID?) { state.withLock { $0.refused = node } }
    /// Messages that wait, of all subjects.
    var count: Int { state.withLock { $0.waiting.count } }
    /// Messages that were handed over so far.
    var publishedCount: Int { state.withLock { $0.publishedCount } }

    private static let away = ReportError(.unreachable, "the broker is away")

    /// Puts a message in as it is, whoever says that he sent it.
    func inject(_ payload: [UInt8], header: String?, subject: String) {
        state.withLock { Self.add(payload, header, subject, &$0) }
    }

    private static func add(
        _ payload: [UInt8],
        _ header: String?,
        _ subject: String,
        _ state: inout State
    ) {
        state.nextReceipt += 1
        state.waiting.append(
            ReceivedMessage(
                subject: subject,
                header: header,
                payload: payload,
                receipt: String(state.nextReceipt)
            )
        )
    }

    /// The stream of one node.
    func stream(of node: NodeID, maximumPayloadByteCount: Int = 700) -> some MessageStream {
        NodeStream(broker: self, node: node, maximumPayloadByteCount: maximumPayloadByteCount)
    }

    private struct NodeStream: MessageStream {
        let broker: LossyBroker
        let node: NodeID
        let maximumPayloadByteCount: Int

        private func with<T: Sendable>(
            _ body: (inout State) throws(ReportError) -> sending T
        ) throws(ReportError) -> T {
            let result = broker.state.withLock { state -> Result<T, ReportError> in
                guard !state.isAway else { return .failure(LossyBroker.away) }
                do throws(ReportError) { return .success(try body(&state)) } catch {
                    return .failure(error)
                }
            }
            return try result.get()
        }

        func publish(
            _ payload: [UInt8],
            header: PartHeader,
            to subject: PipeSubject
        ) async throws(ReportError) {
            try with { state throws(ReportError) in
                guard payload.count <= maximumPayloadByteCount else {
                    throw ReportError(.tooLarge, "a message of \(payload.count) bytes")
                }
                guard subject.recipient != state.refused || header.index == 0 else {
                    throw ReportError(.noSpace, "the stream is full")
                }
                state.publishedCount += 1
                if Int.random(in: 0..<100, using: &state.generator) < state.habits.lost { return }
                let isTwice =
                    Int.random(in: 0..<100, using: &state.generator) < state.habits.twice
                for _ in 0...(isTwice ? 1 : 0) {
                    LossyBroker.add(payload, header.text, subject.text, &state)
                }
            }
        }

        func receive(within milliseconds: Int) async throws(ReportError) -> [ReceivedMessage] {
            try with { state in
                let prefix = PipeSubject.filter(for: node).dropLast(3)
                var mine = state.waiting.filter { $0.subject.hasPrefix(prefix) }
                if state.habits.isShuffled { mine.shuffle(using: &state.generator) }
                return Array(mine.prefix(64))
            }
        }

        func settle(_ message: ReceivedMessage) async throws(ReportError) {
            try with { state in
                if Int.random(in: 0..<100, using: &state.generator) < state.habits.unsettled {
                    return
                }
                state.waiting.removeAll { $0.receipt == message.receipt }
            }
        }

        func purge(_ subject: PipeSubject) async throws(ReportError) {
            try with { state in state.waiting.removeAll { $0.subject == subject.text } }
        }
    }
}

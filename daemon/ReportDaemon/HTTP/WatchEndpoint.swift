import NIOCore
import NIOHTTP1
import ReportModel
import Synchronization

/// What the HTTP server tells: whether the process lives, whether it does its work, and figures.
struct WatchEndpoint: Sendable {
    private static let index = """
        /healthz  the process lives: 200, or 503 when an event loop does not answer
        /readyz   the node does its work: 200, or 503 with the reasons
        /metrics  figures for Prometheus
        """

    let metrics: NodeMetrics
    let readiness: ReadinessBook
    /// The threads that serve connections.
    let loops: [any EventLoop]
    private let scrape = SharedAnswer<[UInt8]>()
    private let start = ContinuousClock.now

    /// Makes an endpoint.
    init(metrics: NodeMetrics, readiness: ReadinessBook, group: any EventLoopGroup) {
        self.metrics = metrics
        self.readiness = readiness
        loops = Array(group.makeIterator())
    }

    /// Answers a path.
    func answer(_ path: String) async -> HTTPAnswer {
        switch path {
        case "/": return .text(.ok, Self.index)
        case "/healthz": return await health()
        case "/readyz":
            let (isReady, json) = readiness.report(at: .now)
            return .json(isReady ? .ok : .serviceUnavailable, json)
        case "/metrics":
            let body = await scrape.value { [metrics] in
                PrometheusText.bytes(await metrics.families())
            }
            guard let body else { return .text(.serviceUnavailable, "nobody waits any more") }
            return HTTPAnswer(.ok, mediaType: PrometheusText.mediaType, body: body)
        default: return .text(.notFound, "there is /healthz, /readyz and /metrics")
        }
    }

    private func health() async -> HTTPAnswer {
        let answering = await LoopCheck.answering(loops, within: HTTPLimits.loopTimeout)
        let isAlive = answering == loops.count
        return .json(
            isAlive ? .ok : .serviceUnavailable,
            [
                "alive": .bool(isAlive), "version": .string(ReportdVersion.text),
                "eventLoops": .integer(loops.count), "answering": .integer(answering),
                "uptimeSeconds": .integer(
                    Int(clamping: (ContinuousClock.now - start).components.seconds)
                ),
            ]
        )
    }
}

/// Asks event loops whether they are alive.
enum LoopCheck {
    private struct State {
        var answering = 0
        var waiter: CheckedContinuation<Int, Never>?
    }

    /// The number of loops that answer in time.
    static func answering(_ loops: [any EventLoop], within time: TimeAmount) async -> Int {
        let state = Box()
        return await withCheckedContinuation { continuation in
            state.value.withLock { $0.waiter = continuation }
            for loop in loops { loop.execute { state.answer(of: loops.count) } }
            let timer = Task {
                try? await Task.sleep(for: .nanoseconds(time.nanoseconds))
                state.end()
            }
            state.timer.withLock { $0 = timer }
        }
    }

    private final class Box: Sendable {
        let value = Mutex(State())
        let timer = Mutex<Task<Void, Never>?>(nil)

        func answer(of count: Int) {
            let isLast = value.withLock { state in
                state.answering += 1
                return state.answering == count
            }
            if isLast { end() }
        }

        func end() {
            let (waiter, count) = value.withLock { ($0.waiter.take(), $0.answering) }
            waiter?.resume(returning: count)
            timer.withLock { $0?.cancel() }
        }
    }
}

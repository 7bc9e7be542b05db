import Logging
import NIOCore
import ReportModel
import Synchronization

/// Logs who was not let in, but never more than some lines a minute: strangers do not fill a disk.
final class RefusalLog: Sendable {
    /// Lines of a minute; what goes beyond is counted.
    static let linesPerMinute = 60

    private struct State {
        var minute = NIODeadline.distantPast
        var lines = 0
        var suppressed = 0
        var total = 0
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(_ logger: Logger) { self.logger = logger }

    /// Connections and requests that were refused since the start.
    var total: Int { state.withLock { $0.total } }

    /// Tells of one refusal.
    /// - Parameters:
    ///   - reason: why.
    ///   - address: of whom.
    ///   - key: which key, when one was shown.
    func note(_ reason: String, address: SocketAddress?, key: NodeID? = nil) {
        let (isLogged, suppressed) = state.withLock { state -> (Bool, Int) in
            state.total += 1
            var suppressed = 0
            let now = NIODeadline.now()
            if now - state.minute >= .seconds(60) {
                suppressed = state.suppressed
                state.minute = now
                state.lines = 0
                state.suppressed = 0
            }
            state.lines += 1
            if state.lines > Self.linesPerMinute { state.suppressed += 1 }
            return (state.lines <= Self.linesPerMinute, suppressed)
        }
        if suppressed > 0 {
            logger.warning("further connections were refused", metadata: ["count": "\(suppressed)"])
        }
        guard isLogged else { return }
        var metadata: Logger.Metadata = ["reason": "\(reason)"]
        if let text = address?.ipAddress { metadata["address"] = "\(text)" }
        if let key { metadata["key"] = "\(key)" }
        logger.warning("a connection was refused", metadata: metadata)
    }
}

import Logging
import Synchronization

/// Keeps what is logged, a text an event: its sentence with its fields.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    /// Everything that was logged.
    var texts: [String] { lines.withLock { $0 } }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).map { " \($0.key)=\($0.value)" }.sorted()
            lines.lines.withLock { $0.append("\(event.message)\(fields.joined())") }
        }
    }
}

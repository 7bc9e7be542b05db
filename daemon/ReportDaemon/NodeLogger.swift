import Glibc
import Logging
import ReportModel

/// The daemon's log: one line per event on standard error, for people or as JSON.
enum NodeLogger {
    static func make(_ format: NodeConfiguration.LogFormat) -> Logger {
        var logger = Logger(label: "reportd") { _ in LineLogHandler(format: format) }
        logger.logLevel = .info
        return logger
    }
}

private struct LineLogHandler: LogHandler {
    let format: NodeConfiguration.LogFormat
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .sorted { $0.key < $1.key }
        let line: String
        switch format {
        case .text:
            let tail = pairs.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
            line = "\(Timestamp.now) \(event.level) \(Self.oneLine("\(event.message)"))\(tail)"
        case .json:
            var members: [String: JSONValue] = [
                "time": .string(Timestamp.now.description), "level": .string("\(event.level)"),
                "message": .string("\(event.message)"),
            ]
            for (key, value) in pairs { members[key] = .string("\(value)") }
            line = JSONValue.object(members).canonicalText
        }
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func quoted(_ text: String) -> String {
        let plain = oneLine(text)
        return plain.contains(" ") ? "\"\(plain)\"" : plain
    }

    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control ? " " : scalar
                }
            )
        )
    }
}

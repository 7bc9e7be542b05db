import Glibc
import Logging
public import ReportModel

/// The daemon's log: one line per event on standard error, for people or as JSON.
///
/// Under systemd lines for people begin with their priority, as `<4>`, and leave the time to the
/// journal.
///
/// Source: docs/operations.md, "Logs"; sd-daemon(3), systemd.exec(5) on `JOURNAL_STREAM`.
enum NodeLogger {
    static func make(_ format: NodeConfiguration.LogFormat) -> Logger {
        let line = LogLine(format: format, isForJournal: isJournal(STDERR_FILENO))
        var logger = Logger(label: "reportd") { _ in LineLogHandler(line: line) }
        logger.logLevel = .info
        return logger
    }

    /// Whether a descriptor leads straight to systemd's journal.
    private static func isJournal(_ descriptor: Int32) -> Bool {
        guard let value = getenv("JOURNAL_STREAM") else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return String(cString: value) == "\(status.st_dev):\(status.st_ino)"
    }
}

extension Daemon {
    /// Tells in the log why a node did not start or ended, where its configuration wants JSON there: who
    /// reads such a log understands no other line.
    /// - Parameters:
    ///   - error: why.
    ///   - file: the configuration; it may have faults itself.
    /// - Returns: whether it was told; else the error is to be told in words.
    public static func logEnd(_ error: ReportError, of file: String) -> Bool {
        let format = NodeConfiguration.logFormat(file: file)
        guard format == .json else { return false }
        NodeLogger.make(format).critical(
            "\(error.message)",
            metadata: [
                "event": "failed", "code": "\(error.code.rawValue)",
                "what to do": "\(error.hint ?? "-")",
            ]
        )
        return true
    }
}

/// How an event becomes a line.
struct LogLine: Sendable {
    var format: NodeConfiguration.LogFormat
    /// Whether systemd's journal notes the time and reads priorities.
    var isForJournal = false

    /// The line of an event, without its end; whatever is in it, it is one line.
    func text(
        at time: Timestamp,
        level: Logger.Level,
        message: String,
        fields: [(name: String, value: String)]
    ) -> String {
        let prefix = isForJournal ? "<\(Self.priority(level))>" : ""
        switch format {
        case .text:
            // The name of an event is for programs; its sentence says the same.
            let tail = fields.filter { $0.name != "event" }
                .map { " \($0.name)=\(Self.quoted($0.value))" }.joined()
            let start = isForJournal ? prefix : "\(time) \(level) "
            return start + Self.clean(message) + tail
        case .json:
            var members: [String: JSONValue] = [:]
            for (name, value) in fields { members[name] = .string(value) }
            members["time"] = .string(time.description)
            members["level"] = .string("\(level)")
            members["message"] = .string(message)
            return prefix + JSONValue.object(members).canonicalText
        }
    }

    /// Source: syslog(3).
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func clean(_ text: String) -> String {
        ReceiptWords.clean(text, limit: InboxLimits.maximumLogLineScalarCount)
    }

    /// A value, in quotes where it would run into what stands beside it.
    private static func quoted(_ text: String) -> String {
        let plain = clean(text)
        let needsQuotes = plain.isEmpty || plain.contains { " \"=\\".contains($0) }
        guard needsQuotes else { return plain }
        var quoted = "\""
        for character in plain {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }
}

private struct LineLogHandler: LogHandler {
    let line: LogLine
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .sorted { $0.key < $1.key }
            .map { (name: $0.key, value: "\($0.value)") }
        let text = line.text(
            at: .now,
            level: event.level,
            message: "\(event.message)",
            fields: fields
        )
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

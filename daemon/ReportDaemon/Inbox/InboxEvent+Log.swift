import Logging
import ReportModel

/// Events of an inbox as lines of the log: a sentence, and fields whose names stay.
///
/// Source: docs/operations.md, "Logs".
extension InboxEvent {
    /// Writes the event to the daemon's log.
    func write(to logger: Logger) {
        let (name, sentence, fields) = parts
        var metadata: Logger.Metadata = ["event": "\(name)", "inbox": "\(inbox)"]
        for (field, value) in fields {
            if let value { metadata[field] = "\(value)" }
        }
        logger.log(level: level, "\(sentence)", metadata: metadata)
    }

    private var level: Logger.Level {
        if isWarning { return .warning }
        // Idle inboxes are told to those who debug only.
        return if case .idle = kind { .debug } else { .info }
    }

    private typealias Parts = (name: String, sentence: String, fields: [(String, String?)])

    private var parts: Parts {
        switch kind {
        case .started(let mode):
            ("inbox.started", "an inbox is looked after", [("mode", mode.rawValue)])
        case .idle: ("inbox.idle", "an inbox is idle", [])
        case .finished(let file): finished(file)
        case .waiting(let file):
            (
                "file.waiting", "a file waits",
                [("file", file.file), ("reason", file.reason.rawValue), ("detail", file.message)]
            )
        case .gone(let file):
            ("file.gone", "a file went away before it had an outcome", [("file", file)])
        case .fault(let error):
            (
                "inbox.fault", "an inbox is held up; it tries again by itself",
                [("code", error.code.rawValue), ("detail", error.message), ("hint", error.hint)]
            )
        case .recovered: ("inbox.recovered", "an inbox works again", [])
        case .notWatching(let message):
            (
                "inbox.polling", "the kernel gives no hints: the inbox is scanned often instead",
                [("detail", message)]
            )
        case .receiptCompleted(let file):
            ("receipt.completed", "a receipt was completed", [("file", file)])
        case .stopped(let unfinished):
            ("inbox.stopped", "an inbox ended", [("unfinished", String(unfinished))])
        }
    }

    private func finished(_ file: FinishedFile) -> Parts {
        let sentence =
            switch file.outcome {
            case .accepted: "a file was accepted"
            case .duplicate: "a file is a duplicate"
            case .rejected: "a file was refused"
            case .pending: "a file waits for a clerk"
            }
        return (
            "file.finished", sentence,
            [
                ("file", file.file), ("outcome", file.outcome.rawValue), ("target", file.target),
                ("key", file.key), ("version", file.version), ("code", file.code?.rawValue),
            ]
        )
    }
}

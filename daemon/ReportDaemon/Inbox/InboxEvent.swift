public import ReportModel

/// Something that happened in an inbox: one line of the log.
public struct InboxEvent: Sendable, CustomStringConvertible {
    /// What happened.
    public enum Kind: Sendable {
        /// The inbox begins to run.
        case started(InboxStatus.Mode)
        /// A scan of the whole folder ended with nothing left to look at, work on or wait for.
        case idle
        /// A file has its outcome and its receipts.
        case finished(FinishedFile)
        /// A file waits, and why; told once for each change.
        case waiting(WaitingFile)
        /// A file went away before it had an outcome.
        case gone(file: String)
        /// Something of this machine is wrong; told once for each change.
        case fault(ReportError)
        /// What was wrong is right again.
        case recovered
        /// The kernel gives no hints; the message names the limit and the number needed.
        case notWatching(String)
        /// The receipt of a file says that the city has it, or that it was returned.
        case receiptCompleted(file: String)
        /// The inbox ended; the number of files that were still in work.
        case stopped(unfinished: Int)
    }

    /// The folder.
    public var inbox: String
    /// What happened.
    public var kind: Kind

    /// Whether an administrator should look at it.
    public var isWarning: Bool {
        switch kind {
        case .fault, .notWatching: true
        case .waiting(let file): file.reason != .incomplete
        case .stopped(let unfinished): unfinished > 0
        case .started, .idle, .finished, .gone, .recovered, .receiptCompleted: false
        }
    }

    /// The event as one line without record content.
    public var description: String {
        switch kind {
        case .started(let mode): "inbox \(inbox): started, \(mode.rawValue)"
        case .idle: "inbox \(inbox): idle"
        case .finished(let file): "inbox \(inbox): \(file)"
        case .waiting(let file):
            "inbox \(inbox): \(file.file) waits: \(file.reason.rawValue)"
                + (file.message.map { " (\($0))" } ?? "")
        case .gone(let file): "inbox \(inbox): \(file) went away"
        case .fault(let error): "inbox \(inbox): \(error); trying again"
        case .recovered: "inbox \(inbox): recovered"
        case .notWatching(let message): "inbox \(inbox): polling: \(message)"
        case .receiptCompleted(let file): "inbox \(inbox): receipt of \(file) completed"
        case .stopped(let unfinished): "inbox \(inbox): stopped, \(unfinished) unfinished"
        }
    }
}

/// A file that has its outcome.
public struct FinishedFile: Sendable, CustomStringConvertible {
    /// Path below the inbox where it was dropped, for people.
    public var file: String
    /// The outcome.
    public var outcome: InboxOutcome
    /// Path below the inbox where it lies now, for people.
    public var target: String
    /// The key, when it has one.
    public var key: String?
    /// The version stored or repeated.
    public var version: String?
    /// Why it was not taken in.
    public var code: ReportError.Code?

    /// File, outcome, key, version and code in one line.
    public var description: String {
        let words = [key, version, code?.rawValue].compactMap(\.self)
        return "\(file): \(outcome.rawValue)" + (words.isEmpty ? "" : " ")
            + words.joined(separator: " ")
    }
}

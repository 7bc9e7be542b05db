public import ReportModel

/// A file that has no outcome yet, and why.
public struct WaitingFile: Hashable, Sendable {
    /// Why a file has no outcome yet.
    public enum Reason: String, Hashable, Sendable {
        /// It may still be written.
        case settling
        /// Other files come first.
        case queued
        /// It is being read or stored.
        case working
        /// It looks cut off and is young.
        case incomplete
        /// This machine or the store has a fault.
        case fault
        /// It or its folder may not be read.
        case unreadable
        /// It is a symbolic link, which is never followed.
        case link
        /// It is no regular file.
        case special
        /// It lies too deep below the inbox.
        case tooDeep = "too-deep"
        /// The inbox has too many folders.
        case tooManyFolders = "too-many-folders"
        /// The folder is another file system, so that no file can be moved out of it in one step.
        case otherFileSystem = "other-file-system"
        /// It is a receipt of ours under another name.
        case receipt
    }

    /// Path below the inbox, for people.
    public var file: String
    /// Why it waits.
    public var reason: Reason
    /// The fault, when there is one.
    public var message: String?
    /// How often it was tried.
    public var attempts: Int

    /// The object `{file, reason, message, attempts}`.
    public var json: JSONValue {
        [
            "file": .string(file), "reason": .string(reason.rawValue),
            "message": .optional(message), "attempts": .integer(attempts),
        ]
    }
}

/// How an inbox stands.
public struct InboxStatus: Sendable {
    /// How the inbox learns of files.
    public enum Mode: String, Hashable, Sendable {
        /// It does not run.
        case stopped
        /// By hints of the kernel and rescans.
        case watching
        /// By rescans alone.
        case polling
    }

    /// The folder.
    public var path: String
    /// How it learns of files.
    public var mode: Mode
    /// Files by outcome since the start.
    public var finished: [InboxOutcome: Int]
    /// Files that wait for a clerk in 待处理.
    public var pendingCount: Int
    /// Files in work.
    public var workingCount: Int
    /// Files ready to be worked on.
    public var queuedCount: Int
    /// Files without an outcome, the stuck ones first; at most 200.
    public var waiting: [WaitingFile]
    /// Files without an outcome that `waiting` does not list.
    public var more: Int
    /// The fault that holds up the whole inbox; nil when there is none.
    public var fault: ReportError?
    /// When the folder was last scanned without a fault.
    public var lastScan: Timestamp?

    /// Whether every file that can be taken in has its outcome and nothing is wrong.
    public var isIdle: Bool { waiting.isEmpty && more == 0 && fault == nil && workingCount == 0 }

    /// The status as an object of the same names.
    public var json: JSONValue {
        var counts: [String: JSONValue] = [:]
        for outcome in InboxOutcome.allCases {
            counts[outcome.rawValue] = .integer(finished[outcome] ?? 0)
        }
        return .object([
            "path": .string(path),
            "mode": .string(mode.rawValue),
            "finished": .object(counts),
            "pending": .integer(pendingCount),
            "working": .integer(workingCount),
            "queued": .integer(queuedCount),
            "waiting": .array(waiting.map(\.json)),
            "more": .integer(more),
            "fault": fault?.json ?? .null,
            "lastScan": .optional(lastScan?.description),
        ])
    }
}

import ReportModel

/// A file to be worked on.
struct FileJob: Sendable {
    var path: InboxPath
    /// What the file looked like when it came to rest; nil when it appeared whole.
    var stamp: LookStamp?
    /// Whether a file that looks cut off may still be completed.
    var isYoung: Bool
}

/// The stamp of a file and, in 待处理, of its form.
struct LookStamp: Hashable, Sendable {
    var file: FileStamp
    var form: FileStamp?
}

/// Where a file with an outcome is.
struct Whereabouts: Sendable {
    /// Where the file lies now.
    var target: InboxPath
    /// The version, when the city is to acknowledge it.
    var place: VersionPlace?
    /// What file and form look like now, in 待处理.
    var seen: LookStamp?
    /// Whether another file has the old name by now.
    var isReplaced = false
}

/// What came of one attempt at a file.
enum FileResult: Sendable {
    /// The file has its outcome.
    case finished(FinishedFile, Whereabouts)
    /// A file in 待处理 whose form says nothing new.
    case unchanged(LookStamp)
    /// The file went away.
    case gone
    /// The file changed meanwhile.
    case changed
    /// The file looks cut off and may still be completed.
    case incomplete(ReportError.Code)
    /// The file is none that can be taken in.
    case skipped(WaitingFile.Reason)
    /// A fault of this machine.
    case problem(FilerProblem)
}

/// What ends an attempt early.
enum FilerProblem: Error, Sendable {
    case file(FileFault)
    case report(ReportError)
    /// A test ended the inbox here.
    case crashed

    var reportError: ReportError {
        switch self {
        case .file(let fault): fault.reportError
        case .report(let error): error
        case .crashed: ReportError(.internal, "ended by a test")
        }
    }

    /// Whether other files will meet the same fault, so that they had better wait too.
    var isGeneral: Bool {
        switch self {
        case .file(let fault): fault.isGeneral
        case .report(let error):
            switch error.code {
            case .conflict, .ambiguous, .usage, .notFound, .erased: false
            default: !error.code.isAboutDocument
            }
        case .crashed: false
        }
    }

    /// Whether the file may not be read.
    var isPermission: Bool {
        if case .file(let fault) = self { fault.isPermission } else { false }
    }
}

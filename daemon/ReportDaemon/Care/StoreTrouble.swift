import ReportModel
import ReportStore

/// Why a node writes nothing any more, and what is to be done.
struct StoreTrouble: Hashable, Sendable {
    /// What happened.
    enum Reason: String, Sendable {
        /// Pages of the data file contradict themselves or cannot be read.
        case damagedPages = "damaged-pages"
        /// The node ended several times by a fault of its own, though its pages are sound.
        case crashes
        /// A commit failed for a fault of the disk.
        case writeFault = "write-fault"
        /// The disk could not give a page while the node ran.
        case pageFault = "page-fault"
    }

    var reason: Reason
    /// What happened, in one sentence.
    var message: String
    /// Places, as far as they are known.
    var problems: [String] = []
    /// Since when.
    var since = Timestamp.now

    /// What is to be done.
    var hint: String {
        switch reason {
        case .damagedPages, .pageFault:
            "look at the disk (dmesg, smartctl); stop the node, move the store away, restore the newest "
                + "backup with reportctl restore FOLDER --store NEWDIR --key OLDSTORE/node.key: the "
                + "rest comes from the peers"
        case .crashes:
            "send the log of the node to its maintainers; reportctl verify tells whether the "
                + "store is sound, and then removing \(NodeGuard.fileName) lets it be written again"
        case .writeFault:
            "look at the disk (dmesg, smartctl, mount); the node goes on by itself when it can write"
        }
    }

    /// What writers are told.
    var refusal: ReportError {
        ReportError(.readOnly, "this node takes nothing: \(message)", hint: hint)
    }

    /// The member `readOnly` of `STATUS`.
    var json: JSONValue {
        [
            "reason": .string(reason.rawValue), "message": .string(message), "hint": .string(hint),
            "since": .string(since.description), "problems": .strings(Array(problems.prefix(10))),
        ]
    }

    /// That pages are damaged.
    init(pages report: VerifyReport) {
        reason = .damagedPages
        problems = report.problems
        message =
            "pages of its data file are damaged: "
            + (report.problems.first ?? "the check found no words for it")
    }

    /// Anything else.
    init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}

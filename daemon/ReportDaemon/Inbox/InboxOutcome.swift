import ReportIntake

/// The four ends of a file in an inbox, each with its folder.
///
/// Source: DESIGN section 7, Inbox.
public enum InboxOutcome: String, Sendable, CaseIterable {
    /// A version is on disk.
    case accepted
    /// The current version holds the same file already.
    case duplicate
    /// The file cannot be taken in; its receipt says why.
    case rejected
    /// The file can be read, but year, region or unit has to be filled in.
    case pending

    /// The name of the folder inside the inbox, which is also the word of the receipt.
    public var folderName: String {
        switch self {
        case .accepted: OutcomeFolder.accepted.name
        case .duplicate: OutcomeFolder.duplicate.name
        case .rejected: OutcomeFolder.rejected.name
        case .pending: OutcomeFolder.pending.name
        }
    }

    var folder: InboxPath { InboxPath([Array(folderName.utf8)]) }

    static let folderNames = Set(allCases.map { Array($0.folderName.utf8) })
}

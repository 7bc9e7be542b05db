import ReportModel

/// A path below an inbox, as the bytes the kernel gave: names need not be UTF-8.
public struct InboxPath: Hashable, Sendable, CustomStringConvertible {
    /// The inbox itself.
    static let root = InboxPath([])

    /// The names joined with slashes; empty for the inbox itself.
    let bytes: [UInt8]

    /// Makes a path of names.
    /// - Parameter components: names without slashes.
    init(_ components: [[UInt8]]) { bytes = Array(components.joined(separator: [0x2F])) }

    /// Takes the bytes of a path; nil when a name is empty, `.` or `..`.
    init?(bytes: [UInt8]) {
        let path = InboxPath(
            bytes.split(separator: 0x2F, omittingEmptySubsequences: false).map(Array.init)
        )
        let isSafe = path.components.allSatisfy {
            !$0.isEmpty && $0 != [0x2E] && $0 != [0x2E, 0x2E] && !$0.contains(0)
        }
        guard isSafe else { return nil }
        self = path
    }

    /// The names from the inbox down.
    var components: [[UInt8]] { bytes.split(separator: 0x2F).map(Array.init) }

    /// The last name; empty for the inbox itself.
    var name: [UInt8] { components.last ?? [] }

    /// The folder the last name stands in.
    var parent: InboxPath { InboxPath(components.dropLast()) }

    /// Number of names.
    var depth: Int { components.count }

    /// Whether the path lies in the folder of files that wait for a clerk.
    var isInPendingFolder: Bool { components.count == 2 && parent == InboxOutcome.pending.folder }

    /// Whether the path is an outcome folder or lies in one.
    var isInOutcomeFolder: Bool {
        components.first.map { InboxOutcome.folderNames.contains($0) } ?? false
    }

    /// The path of a name in this folder.
    func appending(_ name: [UInt8]) -> InboxPath { InboxPath(components + [name]) }

    /// A stand-in of 32 bytes for keys of the journal.
    var digest: Hash256 { Hash256(hashing: bytes) }

    /// The path for people: control characters and bytes that are not UTF-8 are replaced.
    public var description: String { FileName.display(bytes) }
}

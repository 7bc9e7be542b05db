import Glibc
import Synchronization

/// A place that a test may choose for a process to end itself with SIGKILL: each fsync, rename and
/// acknowledgement of the programs, on both its sides.
///
/// Compiled in always, so that what is tested is what is shipped; nothing happens unless the
/// program was armed at its start. Source: docs/decisions/0023-failpoints.md.
package enum Failpoint: String, CaseIterable, Sendable {
    /// A commit of LMDB with its flushes: of the store, of its search folder.
    case commit
    /// The names of a new environment are flushed.
    case environmentFolderSync = "environment-folder-sync"
    /// A new folder of an environment is flushed.
    case newFolderSync = "new-folder-sync"
    /// What was overwritten after an erasure is flushed.
    case scrubSync = "scrub-sync"
    /// Those who wait for a commit are answered.
    case storeAnswer = "store-answer"
    /// A new key of a node is flushed, named, and its folder flushed.
    case keySync = "key-sync"
    case keyRename = "key-rename"
    case keyFolderSync = "key-folder-sync"
    /// A file of a backup, restore or bundle is flushed.
    case backupFileSync = "backup-file-sync"
    /// The manifest behind the data of a backup in one file is flushed.
    case backupManifestSync = "backup-manifest-sync"
    /// A backup, increment, bundle or restored file gets its name.
    case backupName = "backup-name"
    case incrementName = "increment-name"
    case bundleName = "bundle-name"
    case restoreName = "restore-name"
    /// The folder of such a name is flushed.
    case backupFolderSync = "backup-folder-sync"
    /// A scheduled backup that is whole gets its name.
    case scheduledName = "scheduled-name"
    /// One that the rotation does not keep loses its name.
    case scheduledRemoval = "scheduled-removal"
    /// The file that says how the scheduled backups stand gets its name.
    case backupStateRename = "backup-state-rename"
    /// A note on how the node ended, or that its disk failed, is flushed.
    case guardSync = "guard-sync"
    /// A file that tries whether a disk that failed takes writes again is flushed.
    case probeSync = "probe-sync"
    /// A receipt, or a file written in place of one that was exchanged, is flushed and named.
    case inboxFileSync = "inbox-file-sync"
    case inboxFileRename = "inbox-file-rename"
    /// A file is moved into its outcome folder.
    case inboxMove = "inbox-move"
    /// Names in an inbox are flushed.
    case inboxFolderSync = "inbox-folder-sync"
    /// The clerk's page gets its name, takes the place of the last one, and makes room for a file of others.
    case pageName = "page-name"
    case pageExchange = "page-exchange"
    case pageAside = "page-aside"
    /// A key, certificate or list beside the configuration is flushed, named, its folder flushed.
    case identitySync = "identity-sync"
    case identityRename = "identity-rename"
    case identityFolderSync = "identity-folder-sync"
    /// A file that an export writes is flushed and named.
    case exportSync = "export-sync"
    case exportName = "export-name"
    /// Entries go to a peer.
    case peerBatch = "peer-batch"
    /// The signed word that entries are on this disk goes to a peer.
    case peerAcknowledgement = "peer-acknowledgement"
    /// Such a word of a peer is kept: the receipts of the entries can be completed.
    case peerAcknowledgementKept = "peer-acknowledgement-kept"
    /// The reply to a filing over the line protocol is given.
    case filingReply = "filing-reply"
    /// The place of a commit is taken in the database that nodes share; its rows are committed there.
    case sharedClaim = "shared-claim"
    case sharedCommit = "shared-commit"

    /// Those that only a node or a copy with a shared database passes.
    package static let ofDatabases: [Failpoint] = [.sharedClaim, .sharedCommit]

    /// On which side of the operation.
    package enum Side: String, CaseIterable, Sendable {
        case before
        case after
    }

    /// Name of the environment variable: `NAME.before` or `NAME.after`, and `@N` for the Nth time.
    package static let variableName = "REPORTD_FAILPOINT"

    /// What can be armed.
    package static var names: [String] {
        allCases.flatMap { point in Side.allCases.map { point.name($0) } }
    }

    /// How a side of this point is called.
    package func name(_ side: Side) -> String { "\(rawValue).\(side.rawValue)" }

    /// Does the operation, unless the process is to end before it; or ends after it.
    /// - Returns: what the operation returned.
    /// - Throws: what the operation threw.
    @inline(__always)
    package func around<R, E: Error>(_ operation: () throws(E) -> R) throws(E) -> R {
        pass(.before)
        let result = try operation()
        pass(.after)
        return result
    }

    /// Ends the process when it was armed for this.
    @inline(__always)
    package func pass(_ side: Side) {
        guard Self.isArmed.load(ordering: .relaxed) else { return }
        arrive(side)
    }

    private static let isArmed = Atomic(false)
    private static let armed = Mutex<(point: Failpoint, side: Side, count: Int)?>(nil)

    /// Arms one point; for the start of a program.
    /// - Parameter text: the value of the variable.
    /// - Returns: false when it names nothing.
    package static func arm(_ text: String) -> Bool {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 2, let point = Failpoint(rawValue: String(words[0])),
            let side = Side(rawValue: String(words[1]))
        else { return false }
        guard let count = parts.count == 2 ? Int(parts[1]) : 1, count > 0 else { return false }
        armed.withLock { $0 = (point, side, count) }
        isArmed.store(true, ordering: .relaxed)
        return true
    }

    @inline(never)
    private func arrive(_ side: Side) {
        Self.armed.withLock { armed in
            guard let found = armed, found.point == self, found.side == side else { return }
            armed?.count -= 1
            guard found.count == 1 else { return }
            let line = Array("failpoint \(name(side))\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
            // Within the lock: nobody else passes this point any more.
            kill(getpid(), SIGKILL)
            while true { pause() }
        }
    }
}

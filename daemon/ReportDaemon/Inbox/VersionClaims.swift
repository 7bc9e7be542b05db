import Synchronization

/// Versions that files in work have taken as theirs, so that no two files do.
final class VersionClaims: Sendable {
    private let owners = Mutex<[VersionPlace: InboxPath]>([:])

    /// How many are taken.
    var count: Int { owners.withLock { $0.count } }

    /// Takes a version for a file; false when another file has it.
    func take(_ place: VersionPlace, for path: InboxPath) -> Bool {
        owners.withLock { owners in
            // Files that vanish before they have their outcome leave theirs behind.
            if owners.count >= InboxLimits.maximumTrackedFileCount { owners.removeAll() }
            if let owner = owners[place] { return owner == path }
            owners[place] = path
            return true
        }
    }

    /// Gives a version back: the journal knows now whose it is, or that it is that of another file.
    func release(_ place: VersionPlace, of path: InboxPath) {
        owners.withLock { owners in
            if owners[place] == path { owners[place] = nil }
        }
    }
}

import Synchronization

/// Versions that files of this run have taken as theirs, so that no two files do.
final class VersionClaims: Sendable {
    private let owners = Mutex<[VersionPlace: InboxPath]>([:])

    /// Takes a version for a file; false when another file has it.
    func take(_ place: VersionPlace, for path: InboxPath) -> Bool {
        owners.withLock { owners in
            // The journal knows older ones; this table only bridges the time until it does.
            if owners.count >= InboxLimits.maximumTrackedFileCount { owners.removeAll() }
            if let owner = owners[place] { return owner == path }
            owners[place] = path
            return true
        }
    }
}

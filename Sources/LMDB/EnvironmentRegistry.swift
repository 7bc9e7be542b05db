import Glibc

/// The directories that are open as environments in this process.
///
/// LMDB must not open the same files twice in one process: closing one drops the advisory locks
/// of both. A directory is known by device and inode, so links and mounts do not hide it.
/// Source: the caveats of lmdb.h.
enum EnvironmentRegistry {
    /// What makes a directory the same directory.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    private static let open = Locked<Set<Identity>>([])

    /// Takes a directory, or fails when it is taken.
    static func claim(directory descriptor: Int32) throws(LMDBError) -> Identity {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "fstat")
        }
        let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        guard open.withLock({ $0.insert(identity).inserted }) else {
            throw LMDBError(.alreadyOpen, "Environment.init")
        }
        return identity
    }

    /// Gives a directory back.
    static func release(_ identity: Identity) {
        open.withLock { _ = $0.remove(identity) }
    }
}

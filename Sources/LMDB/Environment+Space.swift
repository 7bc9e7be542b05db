import CLMDB
import Glibc

extension Environment {
    /// Has the file system lay out room behind the last page, so that commits find blocks that are allotted already
    /// and lie together.
    ///
    /// The size of the file stays; nothing is written. It is done again when less than half of that room is left.
    /// Where the file system has no such room, or no way to allot it, nothing happens.
    /// - Parameter byteCount: room to lay out for a file of some bytes; 0: none.
    /// Source: fallocate(2) with `FALLOC_FL_KEEP_SIZE`; `mdb_env_info`, `mdb_env_get_fd`.
    public func layOutAhead(_ byteCount: (_ used: Int) -> Int) {
        guard let used = try? information.usedByteCount else { return }
        laidOut.withLock { (end: inout Int) in
            let wanted = byteCount(used)
            guard wanted > 0, end - used < wanted / 2 else { return }
            guard let handle = try? gate.enter("mdb_env_get_fd") else { return }
            defer { gate.leave() }
            var descriptor: Int32 = -1
            guard mdb_env_get_fd(handle, &descriptor) == 0 else { return }
            let start = max(end, used)
            // Asked only once for each room, whatever comes of it.
            end = used + wanted
            if end > start { _ = clmdb_allocate(descriptor, start, end - start) }
        }
    }
}

import CLMDB
import Glibc

extension Environment {
    /// Makes the map greater, so that the data file may grow.
    ///
    /// Waits until no transaction of this process lives and lets no new one in meanwhile. Other
    /// processes adopt the size by themselves when they meet data beyond their own. A size at or
    /// below the present one changes nothing.
    /// - Parameters:
    ///   - byteCount: the new size in bytes, rounded up to pages.
    ///   - limit: the longest wait.
    /// - Throws: ``LMDBError`` `.transactionsLive` when called inside a transaction, or when the
    ///   others do not end in time; `.invalidOption` beyond 64 TiB; `.outOfMemory` when there is
    ///   no address space, and then the old map stays; `.closed`.
    /// Source: `mdb_env_set_mapsize`.
    public func grow(
        to byteCount: Int,
        waitingAtMost limit: Duration = .seconds(30)
    ) throws(LMDBError) {
        guard (1...Limits.maximumMapByteCount).contains(byteCount) else {
            throw LMDBError(.invalidOption, "Environment.grow")
        }
        let wanted = EnvironmentOpener.wholePages(byteCount)
        try gate.exclusively("Environment.grow", waitingAtMost: limit) {
            (handle) throws(LMDBError) in
            var information = MDB_envinfo()
            try check(mdb_env_info(handle, &information), "mdb_env_info")
            guard wanted > information.me_mapsize else { return }
            try Self.probeAddressSpace(wanted)
            try replaceMapLocked(handle, byteCount: wanted)
        }
    }

    /// Takes over the size that another process has written to the file.
    func adoptMapSize() throws(LMDBError) {
        try gate.exclusively("Environment.read", waitingAtMost: .seconds(30)) {
            (handle) throws(LMDBError) in
            try replaceMapLocked(handle, byteCount: 0)
        }
    }

    /// Replaces the map while the gate is shut.
    private func replaceMapLocked(_ handle: OpaquePointer, byteCount: Int) throws(LMDBError) {
        do throws(LMDBError) {
            mapWatch.end()
            try check(mdb_env_set_mapsize(handle, byteCount), "mdb_env_set_mapsize")
            mapWatch.begin(path)
        } catch {
            // liblmdb gives the old map up before it makes the new one: a failure in between
            // leaves pointers to nothing, so nobody may go on with this handle.
            gate.poisonLocked()
            throw error
        }
    }

    /// Fails when a map of this size cannot be made, while the old one is still whole.
    private static func probeAddressSpace(_ byteCount: Int) throws(LMDBError) {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        let address = mmap(nil, byteCount, PROT_NONE, flags, -1, 0)
        guard let address, address != MAP_FAILED else {
            throw LMDBError(.outOfMemory, "Environment.grow")
        }
        munmap(address, byteCount)
    }
}

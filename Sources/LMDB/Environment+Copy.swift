import CLMDB
import Glibc

extension Environment {
    /// Copies a snapshot of the environment into another directory while readers and writers go on.
    ///
    /// The copy opens as an environment. It is on the disk, file and name, when the call returns;
    /// when it fails, no file remains. A long copy keeps replaced pages from being reused.
    /// - Parameters:
    ///   - path: an existing directory without a data file.
    ///   - compacting: whether free pages are left out, which is slower and makes the file smaller.
    /// - Throws: ``LMDBError`` `.fileExists`; `.transactionsLive` inside a write of this thread;
    ///   `.noSpace` and other errors of the system.
    /// Source: `mdb_env_copyfd2`.
    public func copy(to path: String, compacting: Bool = false) throws(LMDBError) {
        let directory = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "open")
        }
        defer { Glibc.close(directory) }
        // Not mdb_env_copy2: it makes the file readable for everybody.
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let file = openat(directory, "data.mdb", flags, mode_t(options.fileMode))
        guard file >= 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "open")
        }
        do throws(LMDBError) {
            try copy(toFileDescriptor: file, compacting: compacting)
            guard fsync(file) == 0, fsync(directory) == 0 else {
                throw LMDBError(LMDBError.Code(rawValue: errno), "fsync")
            }
        } catch {
            Glibc.close(file)
            unlinkat(directory, "data.mdb", 0)
            throw error
        }
        Glibc.close(file)
    }

    /// Writes a snapshot of the environment to a descriptor, which may be a pipe or a socket.
    ///
    /// The bytes are those of a data file. The caller syncs and closes the descriptor; a process
    /// that copies to a pipe ignores `SIGPIPE`.
    /// - Parameters:
    ///   - descriptor: open for writing.
    ///   - compacting: whether free pages are left out.
    /// - Throws: ``LMDBError`` `.transactionsLive` inside a write of this thread, which the copy
    ///   would wait for; errors of the system.
    /// Source: `mdb_env_copyfd2`.
    public func copy(
        toFileDescriptor descriptor: Int32,
        compacting: Bool = false
    ) throws(LMDBError) {
        guard !gate.isWriterThisThread else {
            throw LMDBError(.transactionsLive, "mdb_env_copyfd2")
        }
        let flags = compacting ? UInt32(MDB_CP_COMPACT) : 0
        try retryingResize { () throws(LMDBError) in
            let handle = try gate.enter("mdb_env_copyfd2")
            defer { gate.leave() }
            try check(mdb_env_copyfd2(handle, descriptor, flags), "mdb_env_copyfd2")
        }
    }
}

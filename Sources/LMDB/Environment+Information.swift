import CLMDB

extension Environment {
    /// The sizes of the unnamed table, which holds the names of the others.
    ///
    /// Source: `mdb_env_stat`.
    public var statistics: Statistics {
        get throws(LMDBError) {
            let handle = try gate.enter("mdb_env_stat")
            defer { gate.leave() }
            var found = MDB_stat()
            try check(mdb_env_stat(handle, &found), "mdb_env_stat")
            return Statistics(found)
        }
    }

    /// The state of the environment.
    ///
    /// Source: `mdb_env_info`.
    public var information: EnvironmentInformation {
        get throws(LMDBError) {
            let handle = try gate.enter("mdb_env_info")
            defer { gate.leave() }
            var found = MDB_envinfo()
            try check(mdb_env_info(handle, &found), "mdb_env_info")
            var sizes = MDB_stat()
            try check(mdb_env_stat(handle, &sizes), "mdb_env_stat")
            return EnvironmentInformation(found, pageByteCount: Int(sizes.ms_psize))
        }
    }

    /// Frees the reader slots of processes that died.
    ///
    /// - Returns: the number of slots freed.
    /// - Throws: ``LMDBError`` `.closed`.
    /// Source: `mdb_reader_check`.
    @discardableResult
    public func clearStaleReaders() throws(LMDBError) -> Int {
        let handle = try gate.enter("mdb_reader_check")
        defer { gate.leave() }
        var dead: Int32 = 0
        try check(mdb_reader_check(handle, &dead), "mdb_reader_check")
        return Int(dead)
    }

    /// The taken slots of the reader table, of all processes.
    ///
    /// Source: `mdb_reader_list`.
    public var readerList: [ReaderSlot] {
        get throws(LMDBError) {
            let handle = try gate.enter("mdb_reader_list")
            defer { gate.leave() }
            var lines: [String] = []
            let status = withUnsafeMutablePointer(to: &lines) { target in
                mdb_reader_list(
                    handle,
                    { message, context in
                        guard let message, let context else { return 0 }
                        context.assumingMemoryBound(to: [String].self).pointee
                            .append(String(cString: message))
                        return 0
                    },
                    target
                )
            }
            // A negative status comes from the callback, which never fails.
            try check(max(status, 0), "mdb_reader_list")
            return lines.compactMap(Self.readerSlot)
        }
    }

    /// Writes what the system still buffers to the disk.
    ///
    /// - Parameter force: whether to wait for the disk even when the durability asks for less.
    /// - Throws: ``LMDBError`` `.readOnly`, `.inputOutput`, `.closed`.
    /// Source: `mdb_env_sync`.
    public func sync(force: Bool = true) throws(LMDBError) {
        guard !options.readOnly else {
            throw LMDBError(.readOnly, "mdb_env_sync")
        }
        let handle = try gate.enter("mdb_env_sync")
        defer { gate.leave() }
        try check(mdb_env_sync(handle, force ? 1 : 0), "mdb_env_sync")
    }

    /// Reads a line `pid thread txnid`; the heading and the line of an empty table give nil.
    private static func readerSlot(_ line: String) -> ReaderSlot? {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let processID = Int32(words[0]) else { return nil }
        return ReaderSlot(processID: processID, transactionID: Int(words[2]))
    }
}

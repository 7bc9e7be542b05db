package import ReportModel

/// A file that is kept in the engine which several nodes share, and only named in their stores.
///
/// Stored: log 16, sequence 8, index of the body 2.
///
/// Source: docs/format.md section 3.2.
package struct SharedFile: Hashable, Sendable {
    static let storedByteCount = LogID.byteCount + 10

    /// The log of the entry.
    package var log: LogID
    /// Sequence of the entry.
    package var sequence: UInt64
    /// Index of the body in the entry's header.
    package var index: Int
    /// Length of the file.
    package var byteCount: Int

    init(log: LogID, sequence: UInt64, index: Int, byteCount: Int) {
        self.log = log
        self.sequence = sequence
        self.index = index
        self.byteCount = byteCount
    }

    init?(_ stored: [UInt8], byteCount: Int) {
        var reader = ByteReader(stored[...])
        guard let bytes = reader.take(LogID.byteCount), let log = LogID(bytes),
            let sequence = reader.integer(UInt64.self), let index = reader.integer(UInt16.self),
            reader.remaining == 0
        else { return nil }
        self.init(log: log, sequence: sequence, index: Int(index), byteCount: byteCount)
    }

    var stored: [UInt8] {
        var bytes = log.bytes
        bytes.appendBigEndian(sequence)
        bytes.appendBigEndian(UInt16(clamping: index))
        return bytes
    }

    static var unreachable: ReportError {
        ReportError(
            .unreachable,
            "this file is in the database that the nodes share",
            hint: "ask the running node: leave out --store"
        )
    }

    /// The error for a file that the shared engine has lost: nobody has erased it.
    package static var lost: ReportError {
        ReportError(
            .integrity,
            "the file is not in the database that the nodes share, and no erasure says why",
            hint: "put the database back from a copy that has it, or file the report again",
            details: [lossMark: true]
        )
    }

    /// A member of the details of ``lost``.
    static let lossMark = "lostByDatabase"
}

/// Who keeps large files for stores that share an engine.
package protocol SharedFiles: Sendable {
    /// Length from which on a file is kept there.
    var minimumByteCount: Int { get }

    /// Reads a file; may block.
    /// - Returns: the bytes; nil when there are none, because they were erased or lost.
    /// - Throws: ``ReportError`` `unreachable`, `integrity`.
    func bytes(of file: SharedFile) throws(ReportError) -> [UInt8]?

    /// Runs work that may read files, on a thread where it may wait without keeping others from theirs.
    /// - Throws: what it throws; ``ReportError`` `unreachable` when no turn comes for long.
    func reading<R: Sendable>(
        _ work: @escaping @Sendable () throws(ReportError) -> R
    ) async throws(ReportError) -> R
}

import ReportModel
package import ReportStore

/// Files that stand in the database alone.
extension SharedLog {
    /// Length from which on a file is kept there; see `SharedFiles`.
    package var minimumByteCount: Int { PostgresLimits.inlineByteCount }

    /// Reads a file; see `SharedFiles`.
    package func bytes(of file: SharedFile) throws(ReportError) -> [UInt8]? {
        try files.read { connection -> [UInt8]? in
            let rows = try connection.run(
                .file,
                [
                    .text(file.log.description), .number(file.sequence),
                    .int2(Int16(clamping: file.index)),
                ]
            ).rows
            guard !rows.isEmpty else { return nil }
            var stored: [UInt8] = []
            for row in rows { stored += try row.present(0) }
            do throws(ReportError) {
                return try PackedEntry.file(stored, byteCount: file.byteCount)
            } catch {
                // Some of its pieces are gone, or are not as they were.
                throw SharedFile.lost
            }
        }
    }

    /// Runs work that may read files, on a thread where it may wait; see `SharedFiles`.
    package func reading<R: Sendable>(
        _ work: @escaping @Sendable () throws(ReportError) -> R
    ) async throws(ReportError) -> R {
        try await files.run(work)
    }
}

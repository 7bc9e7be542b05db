import ReportModel
import ReportStore

/// Entries as rows: within the transaction of a commit, after its places were taken.
extension SharedLog {
    /// Sends entries, files and what proves them.
    func send(_ parts: [SharedCommit.Part], _ connection: PostgresConnection) throws {
        guard !parts.isEmpty else { return }
        var records: [[PostgresValue]] = []
        var chunks: [[PostgresValue]] = []
        for part in parts {
            for (offset, entry) in part.batch.entries.enumerated() {
                let sequence = part.batch.first + UInt64(offset)
                let packed = PackedEntry.pack(entry.bodies)
                records.append(
                    try Self.record(part, offset, sequence: sequence, body: packed.body)
                )
                for file in packed.files {
                    chunks += Self.chunks(of: file, log: part.batch.log, sequence: sequence)
                }
            }
        }
        if usesCopy {
            try connection.copy(.copyRecords, records)
            if !chunks.isEmpty { try connection.copy(.copyChunks, chunks) }
        } else {
            for record in records { _ = try connection.run(.insertRecord, record) }
            for chunk in chunks { _ = try connection.run(.insertChunk, chunk) }
        }
        for part in parts {
            _ = try connection.run(
                .insertSeal,
                [
                    .text(part.batch.log.description),
                    .number(part.batch.first + UInt64(part.hashes.count) - 1),
                    .number(part.batch.first), .bytes(part.batch.head.bytes),
                    .bytes(part.batch.proof.flatMap(\.bytes)),
                ]
            )
        }
    }

    /// Columns in the order of ``Statement/copyRecords``.
    private static func record(
        _ part: SharedCommit.Part,
        _ offset: Int,
        sequence: UInt64,
        body: [UInt8]
    ) throws(ReportError) -> [PostgresValue] {
        let header = part.batch.entries[offset].header
        guard let entry = Entry(header) else {
            throw ReportError(.internal, "an entry without a header was to be sent")
        }
        return [
            .text(part.batch.log.description), .number(sequence),
            .int2(Int16(clamping: entry.kind.rawValue)), .bytes(entry.keyHash.bytes),
            .number(UInt64(entry.number)), .number(entry.recordedAt.milliseconds),
            .bytes(part.hashes[offset].bytes), .bytes(header), .bytes(body),
        ]
    }

    /// Columns in the order of ``Statement/copyChunks``.
    private static func chunks(
        of file: PackedEntry.File,
        log: LogID,
        sequence: UInt64
    ) -> [[PostgresValue]] {
        let limit = PostgresLimits.chunkByteCount
        return stride(from: 0, to: file.bytes.count, by: limit).enumerated().map { part, start in
            let piece = file.bytes[start..<min(file.bytes.count, start + limit)]
            return [
                .text(log.description), .number(sequence), .int2(Int16(clamping: file.index)),
                .int8(Int64(part)), .bytes(Array(piece)),
            ]
        }
    }

    /// Drops bodies that were erased by law; what is gone already stays so.
    func drop(_ loss: SharedCommit.Loss, _ connection: PostgresConnection) throws {
        let place: [PostgresValue] = [.text(loss.log.description), .number(loss.sequence)]
        guard
            let row = try connection.run(
                .records,
                place + [.number(loss.sequence)]
            ).rows.first, let entry = Entry(try row.present(1))
        else { return }
        let reduced = try PackedEntry.reduced(
            try row.present(2),
            dropping: Set(loss.bodies),
            count: entry.bodies.count
        )
        _ = try connection.run(.setBody, place + [.bytes(reduced)])
        for index in loss.bodies {
            _ = try connection.run(.dropChunks, place + [.int2(Int16(clamping: index))])
        }
    }

    // MARK: Notices

    /// Says something of a log, with the next number of its notices.
    func tell(_ notice: SharedCommit.Notice, _ connection: PostgresConnection) throws {
        let log = PostgresValue.text(notice.log.description)
        let (kind, data) = Self.encoded(notice)
        // The row of the log holds others back until the commit, so numbers have no gap.
        guard try connection.run(.mark, [log]).affected == 1 else { return }
        _ = try connection.run(.insertNotice, [log, .int2(kind), .bytes(data)])
    }

    static func encoded(_ notice: SharedCommit.Notice) -> (kind: Int16, data: [UInt8]) {
        switch notice {
        case .acknowledgement(let acknowledgement): (1, acknowledgement.bytes)
        case .branch(let batch): (2, batch.bytes)
        case .release(let log): (3, log.bytes)
        }
    }

    /// A notice as it stands in a row; nil for a kind that this program does not know.
    static func notice(kind: Int64, data: [UInt8]) -> SharedCommit.Notice? {
        switch kind {
        case 1: Acknowledgement(data).map { .acknowledgement($0) }
        case 2: EntryBatch(data).map { .branch($0) }
        case 3: LogID(data).map { .release($0) }
        default: nil
        }
    }
}

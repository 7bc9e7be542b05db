import ReportModel
import ReportStore

/// Entries as rows: within the transaction of a commit, after its places were taken.
extension SharedLog {
    /// Sends files, entries and what proves them; one file after the other, so that few are held.
    func send(
        _ parts: [SharedCommit.Part],
        loading load: (SharedCommit.HeldFile) throws -> Body?,
        _ connection: PostgresConnection
    ) throws {
        guard !parts.isEmpty else { return }
        let sent = try sendFiles(of: parts, loading: load, connection)
        try put(.copyRecords, .insertRecord, connection) { add in
            for (part, held) in zip(parts, sent) {
                let held = Dictionary(grouping: held, by: \.offset)
                for (offset, entry) in part.batch.entries.enumerated() {
                    let body = PackedEntry.column(entry.bodies, held: held[offset] ?? [])
                    try add(try Self.record(part, offset, body: body))
                }
            }
        }
        for part in parts {
            let batch = part.batch
            var first = batch.first
            let end = SharedCommit.Cut(last: part.last, head: batch.head, proof: batch.proof)
            for seal in part.cuts + [end] {
                _ = try connection.run(
                    .insertSeal,
                    [
                        .text(batch.log.description), .number(seal.last), .number(first),
                        .bytes(seal.head.bytes), .bytes(seal.proof.flatMap(\.bytes)),
                    ]
                )
                first = seal.last + 1
            }
        }
    }

    /// Sends the files of entries.
    /// - Returns: for each part the files that were left out of it and sent all the same; what is
    ///   lacking was not to be had any more.
    private func sendFiles(
        of parts: [SharedCommit.Part],
        loading load: (SharedCommit.HeldFile) throws -> Body?,
        _ connection: PostgresConnection
    ) throws -> [[SharedCommit.HeldFile]] {
        let hasFiles = parts.contains { part in
            !part.held.isEmpty || part.batch.entries.contains { PackedEntry.hasFiles($0.bodies) }
        }
        var sent: [[SharedCommit.HeldFile]] = parts.map { _ in [] }
        guard hasFiles else { return sent }
        try put(.copyChunks, .insertChunk, connection) { add in
            for (number, part) in parts.enumerated() {
                let log = part.batch.log
                for (offset, entry) in part.batch.entries.enumerated() {
                    let sequence = part.batch.first + UInt64(offset)
                    for (index, body) in entry.bodies.enumerated() {
                        guard let body, PackedEntry.isFile(body) else { continue }
                        let file = PackedEntry.file(body, index: index)
                        try Self.chunks(of: file, log: log, sequence: sequence, add)
                    }
                }
                for held in part.held {
                    guard let body = try load(held) else { continue }
                    let file = PackedEntry.file(body, index: held.index)
                    let sequence = part.batch.first + UInt64(held.offset)
                    try Self.chunks(of: file, log: log, sequence: sequence, add)
                    sent[number].append(held)
                }
            }
        }
        return sent
    }

    /// Puts rows into a table, by COPY where that is allowed.
    private func put(
        _ copy: Statement,
        _ insert: Statement,
        _ connection: PostgresConnection,
        _ rows: (_ add: ([PostgresValue]) throws -> Void) throws -> Void
    ) throws {
        guard usesCopy else {
            return try rows { row in _ = try connection.run(insert, row) }
        }
        try connection.copy(copy, rows)
    }

    /// Columns in the order of ``Statement/copyRecords``.
    private static func record(
        _ part: SharedCommit.Part,
        _ offset: Int,
        body: [UInt8]
    ) throws(ReportError) -> [PostgresValue] {
        let header = part.batch.entries[offset].header
        guard let entry = Entry(header) else {
            throw ReportError(.internal, "an entry without a header was to be sent")
        }
        return [
            .text(part.batch.log.description), .number(part.batch.first + UInt64(offset)),
            .int2(Int16(clamping: entry.kind.rawValue)), .bytes(entry.keyHash.bytes),
            .number(UInt64(entry.number)), .number(entry.recordedAt.milliseconds),
            .bytes(part.hashes[offset].bytes), .bytes(header), .bytes(body),
        ]
    }

    /// Rows of a file, with columns in the order of ``Statement/copyChunks``.
    private static func chunks(
        of file: PackedEntry.File,
        log: LogID,
        sequence: UInt64,
        _ add: ([PostgresValue]) throws -> Void
    ) throws {
        let limit = PostgresLimits.chunkByteCount
        for (part, start) in stride(from: 0, to: file.bytes.count, by: limit).enumerated() {
            let piece = file.bytes[start..<min(file.bytes.count, start + limit)]
            try add([
                .text(log.description), .number(sequence), .int2(Int16(clamping: file.index)),
                .int8(Int64(part)), .bytes(Array(piece)),
            ])
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

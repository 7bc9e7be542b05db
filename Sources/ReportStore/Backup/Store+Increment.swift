import Failpoints
import Glibc
import LMDB
public import ReportModel

/// Where an increment begins.
public enum BackupSince: Hashable, Sendable {
    /// After the entry with this arrival number, as `watch` and `status` count.
    case arrival(UInt64)
    /// After what another backup of the store holds.
    case manifest(BackupManifest)
}

extension Store {
    /// Writes the entries after a position to a file, for ``StoreRestore`` to apply to a backup.
    ///
    /// Entries, their bodies and acknowledgements go with it; notes of the daemon, what is
    /// remembered of peers, and evidence of forks stand in full backups only.
    /// - Parameters:
    ///   - path: the file; must not be there.
    ///   - since: where it begins.
    ///   - progress: told how many entries of how many were written.
    /// - Returns: what the increment holds.
    /// - Throws: ``ReportError`` `conflict` when the path is there already, or when the store does not
    ///   go on from `since`; `no-space`.
    public func backupIncrement(
        to path: String,
        since: BackupSince,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ReportError) -> BackupManifest {
        guard access(path, F_OK) != 0 else {
            throw ReportError(
                .conflict,
                "\(path) is there already",
                hint: "give a name that is not taken: a backup overwrites nothing"
            )
        }
        var manifest = try BackupManifest(kind: .increment, of: self)
        manifest.since = try starts(since, manifest)
        manifest.positions = try provable(manifest)
        let partial = path + ".partial-\(getpid())"
        defer { unlink(partial) }
        let file = try BackupFile(creating: partial)
        try file.write(IncrementLayout.magic)
        try file.section(.manifest, manifest.json.canonicalBytes)
        let begins = Dictionary(uniqueKeysWithValues: manifest.since.map { ($0.log, $0.sequence) })
        let total = manifest.positions.reduce(0) {
            $0 + Int(clamping: $1.sequence - min($1.sequence, begins[$1.log] ?? 0))
        }
        var done = 0
        for position in manifest.positions {
            let state = try read { (transaction: borrowing ReadTransaction) throws in
                try LogRows(tables: tables).row(of: position.log, transaction)?.state
            }
            guard let state else { continue }
            try file.section(.log, IncrementLayout.bytes(of: state))
            var next = begins[position.log] ?? 0
            while next < position.sequence {
                let batch = try batchNow(
                    log: position.log,
                    after: next,
                    maximumCount: min(
                        EntryBatch.maximumEntryCount,
                        Int(clamping: position.sequence - next)
                    ),
                    maximumByteCount: StoreLimits.incrementBatchByteCount
                )
                guard let batch else {
                    throw ReportError(.conflict, "the store changed meanwhile", hint: "try again")
                }
                try file.section(.batch, batch.bytes)
                next += UInt64(batch.entries.count)
                done += batch.entries.count
                progress(done, total)
            }
            try writeAcknowledgements(of: position.log, to: file)
        }
        try file.section(.end, file.takeDigest().bytes, hashed: false)
        try file.finish()
        guard Failpoint.incrementName.around({ link(partial, path) }) == 0 else {
            throw FileProblem.error("name", path)
        }
        try FileProblem.syncParent(of: path)
        manifest.byteCount = file.byteCount
        return manifest
    }

    /// Positions of the end, without the news of logs that are not held up to their heads: those
    /// cannot be proved yet, and stand in a later increment.
    func provable(_ manifest: BackupManifest) throws(ReportError) -> [LogPosition] {
        let begins = Dictionary(uniqueKeysWithValues: manifest.since.map { ($0.log, $0) })
        return try read { (transaction: borrowing ReadTransaction) throws -> [LogPosition] in
            try manifest.positions.map { position throws in
                let row = try LogRows(tables: tables).row(of: position.log, transaction)
                guard let row, row.held < row.head?.size ?? .max else { return position }
                return begins[position.log]
                    ?? LogPosition(log: position.log, sequence: 0, hash: .zero)
            }
        }
    }

    /// How far each log was held at the beginning of the increment.
    private func starts(
        _ since: BackupSince,
        _ now: BackupManifest
    ) throws(ReportError) -> [LogPosition] {
        switch since {
        case .manifest(let older):
            guard older.store == now.store else {
                throw ReportError(
                    .conflict,
                    "the older backup is of another store",
                    hint: "make a full backup"
                )
            }
            for position in older.positions where position.sequence > 0 {
                let held = try read { (transaction: borrowing ReadTransaction) throws in
                    try hash(of: position, transaction)
                }
                guard held == position.hash else {
                    throw ReportError(
                        .conflict,
                        "the store does not go on from the older backup",
                        hint: "make a full backup"
                    )
                }
            }
            return older.positions
        case .arrival(let arrival):
            return try read { (transaction: borrowing ReadTransaction) throws -> [LogPosition] in
                try positions(before: arrival, now.positions, transaction)
            }
        }
    }

    private func hash<T: ReadOperations & ~Copyable>(
        of position: LogPosition,
        _ transaction: borrowing T
    ) throws -> Hash256? {
        guard let ref = try LogRows(tables: tables).ref(of: position.log, transaction) else {
            return nil
        }
        let place = EntryPlace(log: ref, sequence: position.sequence)
        return try EntryRows(tables: tables).entry(at: place, transaction)?.hash
    }

    /// How far the logs were held when an entry had arrived.
    func positions<T: ReadOperations & ~Copyable>(
        before arrival: UInt64,
        _ now: [LogPosition],
        _ transaction: borrowing T
    ) throws -> [LogPosition] {
        var firsts: [UInt32: UInt64] = [:]
        _ = try transaction.forEach(in: tables.feed, from: .excluding(RowKey.number(arrival))) {
            (_: RawSpan, value: RawSpan) throws -> ScanStep in
            let bytes = value.withUnsafeBytes { Array($0.prefix(EntryPlace.byteCount)) }
            guard let place = EntryPlace(bytes) else { throw Sealed.damaged("feed", bytes) }
            if firsts[place.log] == nil { firsts[place.log] = place.sequence }
            return .continue
        }
        return try now.map { position throws in
            guard let ref = try LogRows(tables: tables).ref(of: position.log, transaction),
                let first = firsts[ref]
            else { return position }
            let place = EntryPlace(log: ref, sequence: first - 1)
            let hash =
                try first > 1
                ? EntryRows(tables: tables).required(at: place, transaction).hash : .zero
            return LogPosition(log: position.log, sequence: first - 1, hash: hash)
        }
    }

    private func writeAcknowledgements(
        of log: LogID,
        to file: BackupFile
    ) throws(ReportError) {
        let rows = try read { (transaction: borrowing ReadTransaction) throws -> [[UInt8]] in
            guard let ref = try LogRows(tables: tables).ref(of: log, transaction) else { return [] }
            var rows: [[UInt8]] = []
            _ = try transaction.forEach(in: tables.acks, prefix: RowKey.number(ref)) {
                (key: RawSpan, value: RawSpan) throws -> ScanStep in
                let name = key.withUnsafeBytes { Array($0) }
                rows.append(try Sealed.open(value, table: "acks", key: name))
                return .continue
            }
            return rows
        }
        for row in rows { try file.section(.acknowledgement, row) }
    }
}

/// The sections of an increment.
///
/// Source: docs/format.md section 7.2.
enum IncrementLayout {
    /// First bytes: the letters "rpi" and the format.
    static let magic: [UInt8] = [0x72, 0x70, 0x69, 1]

    /// What a section holds.
    enum Section: UInt8 {
        case manifest = 1
        case log = 2
        case batch = 3
        case acknowledgement = 4
        case end = 255
    }

    /// Descriptor and newest head, as `LOG` of the line protocol has them.
    static func bytes(of state: LogState) -> [UInt8] {
        var bytes: [UInt8] = []
        let descriptor = state.descriptor.bytes
        bytes.appendBigEndian(UInt16(descriptor.count))
        bytes.append(contentsOf: descriptor)
        if let head = state.head { bytes.append(contentsOf: head.bytes) }
        return bytes
    }

    /// The descriptor of a section `log`.
    static func descriptor(_ bytes: [UInt8]) -> LogDescriptor? {
        var reader = ByteReader(bytes[...])
        guard let count = reader.integer(UInt16.self), let descriptor = reader.take(Int(count))
        else {
            return nil
        }
        return LogDescriptor(Array(descriptor))
    }
}

extension BackupFile {
    /// Appends a section: kind, length, bytes.
    func section(
        _ kind: IncrementLayout.Section,
        _ bytes: [UInt8],
        hashed: Bool = true
    ) throws(ReportError) {
        var head = [kind.rawValue]
        head.appendBigEndian(UInt64(bytes.count))
        try write(head, hashed: hashed)
        try write(bytes, hashed: hashed)
    }
}

/// Reads the sections of an increment.
struct IncrementReader {
    private let reader: BackupReader
    private let path: String
    /// What the increment holds.
    let manifest: BackupManifest

    /// Opens an increment and checks its hash.
    init(_ path: String) throws(ReportError) {
        self.path = path
        let check = try BackupReader(path)
        reader = check
        guard try check.read(min(4, check.byteCount)) == IncrementLayout.magic else {
            throw ReportError(.unreadable, "\(path) is no increment of a backup")
        }
        let end = check.byteCount - 9 - Hash256.byteCount
        while check.offset < end {
            _ = try check.read(min(StoreLimits.backupStepByteCount, end - check.offset))
        }
        let tail = try check.read(check.byteCount - max(4, end), at: max(4, end))
        guard end > 4, tail.first == IncrementLayout.Section.end.rawValue,
            Array(tail.suffix(Hash256.byteCount)) == check.takeDigest().bytes
        else { throw ReportError(.integrity, "\(path) is damaged: its hash is another") }
        check.rewind(to: 4)
        guard let (kind, bytes) = try Self.section(reader, path), kind == .manifest else {
            throw ReportError(.unreadable, "\(path) has no manifest")
        }
        manifest = try BackupLayout.manifest(bytes)
    }

    /// The next section; nil at the end.
    func next() throws(ReportError) -> (kind: IncrementLayout.Section, bytes: [UInt8])? {
        try Self.section(reader, path)
    }

    private static func section(
        _ reader: BackupReader,
        _ path: String
    ) throws(ReportError) -> (kind: IncrementLayout.Section, bytes: [UInt8])? {
        let head = try reader.read(9)
        var fields = ByteReader(head[...])
        guard
            let kind = fields.integer(UInt8.self).flatMap(IncrementLayout.Section.init(rawValue:)),
            let count = fields.integer(UInt64.self),
            count <= StoreLimits.maximumSectionByteCount
        else { throw ReportError(.unsupported, "\(path) has a section that is not known") }
        if kind == .end { return nil }
        return (kind, try reader.read(Int(count)))
    }
}

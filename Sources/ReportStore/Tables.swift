import LMDB
import ReportModel

/// The tables of a store.
///
/// A class, since every row type holds it: a copy of this many values counts as many references, which was a
/// tenth of the writer's time.
/// Source: docs/format.md section 3.1.
final class Tables: Sendable {
    let meta: Database
    let logs: Database
    let logIds: Database
    let entries: Database
    let bodies: Database
    let merkle: Database
    let acks: Database
    let forks: Database
    let forkBodies: Database
    let peers: Database
    let journal: Database
    let entryHashes: Database
    let feed: Database
    let keys: Database
    let keyIds: Database
    let keyHashes: Database
    let keyEntries: Database
    let versions: Database
    let heads: Database
    let nameParts: Database
    let sourceHashes: Database
    /// What `entryHashes` and `keyHashes` do not hold yet.
    let tails = HashTails()
    /// What the writer keeps in memory within a transaction.
    let writerMemory = WriterMemory()
    /// What the open transaction adds to the logs; nil when nobody but this store is told.
    let pending: PendingCommit?
    /// Who keeps large files; nil when they are kept here.
    let files: (any SharedFiles)?
    /// Nil only in a store that no program of this version has opened for writing yet.
    let judgements: Database?
    /// As ``judgements``.
    let audit: Database?
    /// Nil in a store that an older program wrote and that is only read.
    let facts: Database?

    /// Opens every table, and makes those that are missing when `creates` is set.
    init(
        in environment: Environment,
        creates: Bool,
        sink: (any CommitSink)? = nil
    ) throws(LMDBError) {
        pending = sink == nil ? nil : PendingCommit()
        files = sink
        func open(_ name: String) throws(LMDBError) -> Database {
            try environment.database(named: name, options: Database.Options(creates: creates))
        }
        /// A table that came after the first stores: nil when it is not there and not made.
        func open(later name: String) throws(LMDBError) -> Database? {
            do throws(LMDBError) {
                return try open(name)
            } catch {
                guard !creates, error.code == .notFound else { throw error }
                return nil
            }
        }
        meta = try open("meta")
        logs = try open("logs")
        logIds = try open("logIds")
        entries = try open("entries")
        bodies = try open("bodies")
        merkle = try open("merkle")
        acks = try open("acks")
        forks = try open("forks")
        forkBodies = try open("forkBodies")
        peers = try open("peers")
        journal = try open("journal")
        entryHashes = try open("entryHashes")
        feed = try open("feed")
        keys = try open("keys")
        keyIds = try open("keyIds")
        keyHashes = try open("keyHashes")
        keyEntries = try open("keyEntries")
        versions = try open("versions")
        heads = try open("heads")
        nameParts = try open("nameParts")
        sourceHashes = try open("sourceHashes")
        judgements = try open(later: "judgements")
        audit = try open(later: "audit")
        facts = try open(later: "facts")
    }

    /// Tables that cannot be rebuilt from others.
    static let originals: Set<String> = [
        "meta", "logs", "logIds", "entries", "bodies", "merkle", "acks", "forks", "forkBodies",
        "peers", "journal",
    ]

    /// Every table.
    var all: [Database] {
        [
            meta, logs, logIds, entries, bodies, merkle, acks, forks, forkBodies, peers, journal,
            entryHashes, feed, keys, keyIds, keyHashes, keyEntries, versions, heads, nameParts,
            sourceHashes,
        ] + [judgements, audit, facts].compactMap { $0 }
    }
}

/// Where an entry stands in this store.
struct EntryPlace: Hashable, Sendable {
    var log: UInt32
    var sequence: UInt64

    static let byteCount = 12

    var bytes: [UInt8] { RowKey.entry(log, sequence) }

    init(log: UInt32, sequence: UInt64) {
        self.log = log
        self.sequence = sequence
    }

    init?(_ bytes: some Collection<UInt8>) {
        var reader = ByteReader(Array(bytes)[...])
        guard let log = reader.integer(UInt32.self), let sequence = reader.integer(UInt64.self)
        else { return nil }
        self.init(log: log, sequence: sequence)
    }
}

/// Keys of rows: big-endian, so that their order is that of the numbers.
enum RowKey {
    /// Makes a key of some bytes in one piece of memory.
    private static func make(
        _ byteCount: Int,
        _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            fill(
                UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[..<byteCount]
                )
            )
            count = byteCount
        }
    }

    static func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        make(T.bitWidth / 8) { $0.storeBytes(of: value.bigEndian, as: T.self) }
    }

    static func entry(_ log: UInt32, _ sequence: UInt64) -> [UInt8] {
        make(12) {
            $0.storeBytes(of: log.bigEndian, as: UInt32.self)
            $0.storeBytes(of: sequence.bigEndian, toByteOffset: 4, as: UInt64.self)
        }
    }

    static func body(_ place: EntryPlace, _ index: Int, chunk: Int) -> [UInt8] {
        make(18) {
            $0.storeBytes(of: place.log.bigEndian, as: UInt32.self)
            $0.storeBytes(of: place.sequence.bigEndian, toByteOffset: 4, as: UInt64.self)
            $0.storeBytes(of: UInt16(index).bigEndian, toByteOffset: 12, as: UInt16.self)
            $0.storeBytes(of: UInt32(chunk).bigEndian, toByteOffset: 14, as: UInt32.self)
        }
    }

    static func merkle(_ log: UInt32, level: UInt8, index: UInt64) -> [UInt8] {
        make(13) {
            $0.storeBytes(of: log.bigEndian, as: UInt32.self)
            $0[4] = level
            $0.storeBytes(of: index.bigEndian, toByteOffset: 5, as: UInt64.self)
        }
    }

    static func keyEntry(_ key: UInt64, _ arrival: UInt64) -> [UInt8] {
        make(16) {
            $0.storeBytes(of: key.bigEndian, as: UInt64.self)
            $0.storeBytes(of: arrival.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
    }

    static func version(_ key: UInt64, _ number: UInt32, _ hash: [UInt8] = []) -> [UInt8] {
        let hash = hash.prefix(8)
        return make(12 + hash.count) {
            $0.storeBytes(of: key.bigEndian, as: UInt64.self)
            $0.storeBytes(of: number.bigEndian, toByteOffset: 8, as: UInt32.self)
            UnsafeMutableRawBufferPointer(rebasing: $0[12...]).copyBytes(from: hash)
        }
    }

    static func namePart(_ part: String, year: Int) -> [UInt8] {
        namePart(Array(part.utf8)[...], year: year, key: nil)
    }

    static func namePart(_ part: ArraySlice<UInt8>, year: Int, key: UInt64?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count + 11)
        bytes.append(contentsOf: part)
        bytes.append(0)
        bytes.appendBigEndian(UInt16(clamping: year))
        if let key { bytes.appendBigEndian(key) }
        return bytes
    }
}

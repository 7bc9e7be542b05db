import LMDB
import ReportModel

extension Verification {
    /// Tables have as many rows as entries arrived and versions were made.
    mutating func checkCounts() throws(ReportError) {
        let counts = try store.read {
            (transaction: borrowing ReadTransaction) throws -> [(String, UInt64, UInt64)] in
            let meta = Metadata(tables)
            let arrival = try meta.counter(.arrival, transaction)
            let keys = try meta.counter(.nextKey, transaction)
            let held = try LogRows(tables: tables).all(transaction).reduce(0) { $0 &+ $1.held }
            func rows(_ table: Database) throws -> UInt64 { UInt64(try transaction.count(table)) }
            return [
                ("logs", held, arrival),
                ("entries", try rows(tables.entries), arrival),
                (
                    "entryHashes", try rows(tables.entryHashes),
                    try meta.counter(.hashedArrival, default: arrival, transaction)
                ),
                ("feed", try rows(tables.feed), arrival),
                (
                    "versions", try rows(tables.versions),
                    try meta.counter(.versionCount, transaction)
                ),
                ("keys", try rows(tables.keys), try meta.counter(.keyCount, transaction)),
                ("keyIds", try rows(tables.keyIds), keys),
                (
                    "keyHashes", try rows(tables.keyHashes),
                    try meta.counter(.hashedKey, default: keys, transaction)
                ),
                ("logIds", try rows(tables.logIds), try meta.counter(.nextRef, transaction)),
            ]
        }
        for (table, found, expected) in counts where found != expected {
            problem("table \(table): \(found) rows, \(expected) were counted")
        }
    }

    /// The files of a version are found by their hashes.
    mutating func checkSourceRows<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ name: String,
        _ transaction: borrowing T
    ) throws {
        guard stored.entry.kind == .submit,
            let key = try KeyRows(tables: tables).number(ofHash: stored.entry.keyHash, transaction),
            let facts = try HeadRows(tables: tables).facts(of: stored.place, transaction)
        else { return }
        if try KeyRows(tables: tables).text(of: key, transaction) != facts.key {
            problem("\(name): the text of its key is not the one its record names")
        }
        let rows = EntryApplier.sourceRows(stored.entry, facts, key: key, at: stored.place)
        let erased = try Erasures(tables: tables).erased(
            stored.entry,
            hash: stored.hash,
            transaction
        )
        for (index, row) in rows where erased[index] == nil {
            report.derivedRowCount += 1
            sourceRowCount += 1
            if try !transaction.contains(row, in: tables.sourceHashes) {
                problem("\(name): a file is not found by its hash")
            }
        }
    }

    /// Heads of every key are what its versions make.
    mutating func checkKeys() throws(ReportError) {
        var after: UInt64 = 0
        while true {
            let start = after
            let step = try store.read {
                (transaction: borrowing ReadTransaction) throws -> (Verification, UInt64?) in
                var copy = self
                var numbers: [UInt64] = []
                _ = try transaction.forEach(
                    in: tables.keyIds,
                    from: .excluding(RowKey.number(start)),
                    limit: StoreLimits.verificationStepCount
                ) { (key: RawSpan, _: RawSpan) throws -> ScanStep in
                    let bytes = key.withUnsafeBytes { Array($0) }
                    var reader = ByteReader(bytes[...])
                    if let number = reader.integer(UInt64.self) { numbers.append(number) }
                    return .continue
                }
                for number in numbers { copy.checkKey(number, transaction) }
                return (copy, numbers.last)
            }
            self = step.0
            guard let last = step.1 else { return }
            after = last
            pause()
        }
    }

    mutating func checkKey<T: ReadOperations & ~Copyable>(
        _ number: UInt64,
        _ transaction: borrowing T
    ) {
        do {
            let keys = KeyRows(tables: tables)
            let text = try keys.text(of: number, transaction)
            try checkNames(of: number, text, transaction)
            let everything = MomentView(
                tables: tables,
                moment: .asOf(Timestamp(milliseconds: .max))
            )
            let expected = try everything.row(number, transaction)
            let stored = try HeadRows(tables: tables).row(number, transaction)
            if expected?.bytes != stored?.bytes {
                problem("key \(text ?? String(number)): its head row is not what its versions make")
            }
            if let text, let expected,
                let row = try transaction.copyValue(Array(text.utf8), in: tables.keys),
                row != KeyRow.bytes(number: number, head: expected), row != RowKey.number(number)
            {
                problem("key \(text): its row is not what its versions make")
            }
            report.derivedRowCount += 2
            try checkFacts(number, text, everything, transaction)
        } catch {
            problem("key \(number): \(StoreFailure.reportError(error).message)")
        }
    }

    /// A key is found by its hash, its text and each of its parts.
    private mutating func checkNames<T: ReadOperations & ~Copyable>(
        of number: UInt64,
        _ text: String?,
        _ transaction: borrowing T
    ) throws {
        let row = try transaction.copyValue(RowKey.number(number), in: tables.keyIds) ?? []
        let keys = KeyRows(tables: tables)
        guard let hash = Hash256(row.prefix(Hash256.byteCount)),
            try keys.number(ofHash: hash, transaction) == number
        else { return problem("key \(text ?? String(number)): not found by its hash") }
        guard let text else { return }
        guard let key = try? ReportKey(parsing: text), Entry.keyHash(of: text) == hash else {
            return problem("key \(number): its text is not that of its hash")
        }
        if try keys.number(of: text, transaction) != number {
            problem("key \(text): not found by its text")
        }
        for part in Set(key.parts.dropFirst()) {
            report.derivedRowCount += 1
            namePartCount += 1
            let row = RowKey.namePart(Array(part.utf8)[...], year: key.year, key: number)
            if try !transaction.contains(row, in: tables.nameParts) {
                problem("key \(text): not found by its part \(part)")
            }
        }
    }
}

import LMDB
import ReportModel

extension Verification {
    /// Acknowledgements are signed for positions of their logs.
    mutating func checkAcknowledgements() throws(ReportError) {
        try checkRows(of: tables.acks, keyByteCount: 4 + Hash256.byteCount + 8) {
            verification,
            key,
            value,
            transaction in
            var reader = ByteReader(key[...])
            let name = "acknowledgement \(HexText.text(key))"
            guard let ref = reader.integer(UInt32.self), let node = reader.hash(),
                let sequence = reader.integer(UInt64.self), let found = Acknowledgement(value),
                found.node.key == node, found.position.sequence == sequence
            else { return verification.problem("\(name): it is not the one its row names") }
            let log = try LogRows(tables: verification.tables).row(ref, transaction)
            if found.position.log != log.descriptor.id {
                verification.problem("\(name): it is about another log")
            }
            if !found.isAuthentic {
                verification.problem("\(name): its signature does not verify")
            }
            let place = EntryPlace(log: ref, sequence: sequence)
            let entry = try EntryRows(tables: verification.tables).entry(at: place, transaction)
            if let entry, entry.hash != found.position.hash {
                verification.problem("\(name): it was given for another entry")
            }
        }
    }

    /// The evidence of forks is whole: headers have the hashes they are kept under, and bodies are
    /// those that the headers name.
    mutating func checkForks() throws(ReportError) {
        try checkRows(of: tables.forks, keyByteCount: EntryPlace.byteCount + Hash256.byteCount) {
            verification,
            key,
            value,
            transaction in
            let name = "fork \(HexText.text(key))"
            if key[4..<12].allSatisfy({ $0 == 0 }) {
                let json = try? JSONValue(parsing: value)
                if json.flatMap({ try? ForkEvidence(json: $0) }) == nil {
                    verification.problem("\(name): the evidence is not understood")
                }
                return
            }
            var reader = ByteReader(value[...])
            guard let place = EntryPlace(key.prefix(EntryPlace.byteCount)),
                reader.integer(UInt64.self) != nil, let count = reader.integer(UInt32.self),
                let header = reader.take(Int(count)), reader.remaining == 0,
                let entry = Entry(header)
            else { return verification.problem("\(name): its row is not understood") }
            if Hash256(hashing: Array(header)).bytes != Array(key.suffix(Hash256.byteCount))
                || entry.sequence != place.sequence
            {
                verification.problem("\(name): its header is another")
            }
            let log = try LogRows(tables: verification.tables).row(place.log, transaction)
            if !log.isForked || log.descriptor.id != entry.log {
                verification.problem("\(name): its log is not marked as forked")
            }
            for (index, reference) in entry.bodies.enumerated() {
                let body = try verification.forkBody(key, index, reference.kind, transaction)
                if let body, body.reference != reference {
                    verification.problem("\(name): body \(index) is not the one its header names")
                }
            }
        }
    }

    private func forkBody<T: ReadOperations & ~Copyable>(
        _ key: [UInt8],
        _ index: Int,
        _ kind: BodyKind,
        _ transaction: borrowing T
    ) throws -> Body? {
        var prefix = key
        prefix.appendBigEndian(UInt16(clamping: index))
        var bytes: [UInt8] = []
        _ = try transaction.forEach(in: tables.forkBodies, prefix: prefix) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let name = key.withUnsafeBytes { Array($0) }
            bytes += try Sealed.open(value, table: "forkBodies", key: name)
            return .continue
        }
        guard let salt = Hash256(bytes.prefix(Hash256.byteCount)) else { return nil }
        return Body(kind: kind, salt: salt, bytes: Array(bytes.dropFirst(Hash256.byteCount)))
    }

    /// What is remembered of peers, and the daemon's notes, are as they were written.
    mutating func checkRemembered() throws(ReportError) {
        for table in [tables.peers, tables.journal] {
            try checkRows(of: table, keyByteCount: nil) { _, _, _, _ in }
        }
    }

    /// Tables without a counter of their own have as many rows as the entries make.
    /// - Parameter before: arrival number when the check began: rows are counted only when nothing
    ///   arrived since.
    /// - Throws: ``ReportError`` when the store cannot be read.
    mutating func checkRowCounts(since before: UInt64) throws(ReportError) {
        let expected = (keyed: keyedEntryCount, parts: namePartCount, sources: sourceRowCount)
        let counts = try store.read {
            (transaction: borrowing ReadTransaction) throws -> [(String, Int, Int)] in
            let logs = try LogRows(tables: tables).all(transaction)
            // A tree of n leaves has 2n - (number of one bits of n) complete nodes.
            let nodes = logs.reduce(0) {
                $0 + 2 * Int(clamping: $1.held) - $1.held.nonzeroBitCount
            }
            var counts = [("merkle", try transaction.count(tables.merkle), nodes)]
            guard try Metadata(tables).counter(.arrival, transaction) == before else {
                return counts
            }
            counts.append(("keyEntries", try transaction.count(tables.keyEntries), expected.keyed))
            counts.append(("nameParts", try transaction.count(tables.nameParts), expected.parts))
            counts.append(
                ("sourceHashes", try transaction.count(tables.sourceHashes), expected.sources)
            )
            return counts
        }
        for (table, found, expected) in counts where found != expected {
            problem("table \(table): \(found) rows, the entries make \(expected)")
        }
    }

    /// Opens every row of a table of sealed values, in steps.
    private mutating func checkRows(
        of table: Database,
        keyByteCount: Int?,
        _ check: (
            inout Verification, _ key: [UInt8], _ value: [UInt8], borrowing ReadTransaction
        ) throws -> Void
    ) throws(ReportError) {
        var after: [UInt8]?
        while true {
            let start = after
            let step = try store.read {
                (transaction: borrowing ReadTransaction) throws -> (Verification, [UInt8]?) in
                var copy = self
                var keys: [[UInt8]] = []
                _ = try transaction.forEach(
                    in: table,
                    from: start.map { .excluding($0) } ?? .unbounded,
                    limit: StoreLimits.verificationStepCount
                ) { (key: RawSpan, _: RawSpan) throws -> ScanStep in
                    keys.append(key.withUnsafeBytes { Array($0) })
                    return .continue
                }
                for key in keys {
                    let name = "table \(table.name ?? "") row \(HexText.text(key))"
                    do {
                        let value = try transaction.get(key, in: table) { (value: RawSpan) throws in
                            try Sealed.open(value, table: table.name ?? "", key: key)
                        }
                        guard keyByteCount == nil || key.count == keyByteCount else {
                            copy.problem("\(name): its key is not understood")
                            continue
                        }
                        if let value { try check(&copy, key, value, transaction) }
                    } catch {
                        copy.problem("\(name): \(StoreFailure.reportError(error).message)")
                    }
                }
                return (copy, keys.last)
            }
            self = step.0
            guard let last = step.1 else { return }
            after = last
            pause()
        }
    }
}

import LMDB
import ReportModel

extension Verification {
    /// Rows of entries that speak of others are there, and what was erased is not.
    mutating func checkWorkflow<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ name: String,
        _ transaction: borrowing T
    ) throws {
        let entry = stored.entry
        let rows = JudgementRows.rows(of: entry, at: stored.place, arrivedAt: stored.arrivedAt)
        for row in rows {
            report.derivedRowCount += 1
            let value = try tables.judgements.flatMap { table throws in
                try transaction.copyValue(row.key, in: table)
            }
            if value != Sealed.seal(row.value) {
                problem("\(name): not among the entries about \(row.subject.shortHex)")
            }
        }
        let erased = try Erasures(tables: tables).erased(entry, hash: stored.hash, transaction)
        for index in erased.keys.sorted() {
            let key = RowKey.body(stored.place, index, chunk: 0)
            if try transaction.contains(key, in: tables.bodies) {
                problem("\(name): body \(index) was erased and is still here")
            }
        }
        try checkAudit(stored, name, transaction)
    }

    private mutating func checkAudit<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ name: String,
        _ transaction: borrowing T
    ) throws {
        let since = try Metadata(tables).counter(.auditSince, transaction)
        guard let table = tables.audit, stored.arrival > since else { return }
        let facts =
            stored.entry.kind == .submit
            ? try HeadRows(tables: tables).facts(of: stored.place, transaction) : nil
        let row = AuditRow(stored.entry, at: stored.place)
        let isWanted = AuditRow.isWanted(stored.entry, isForced: facts?.isForced ?? false)
        if try transaction.copyValue(row.key, in: table) != (isWanted ? row.place.bytes : nil) {
            problem("\(name): the list for auditors is not what the entry makes")
        }
        report.derivedRowCount += isWanted ? 1 : 0
    }

    /// Every row about an entry comes from an entry.
    mutating func checkJudgements() throws(ReportError) {
        guard let table = tables.judgements else { return }
        var after: [UInt8]?
        while true {
            let start = after.map { KeyBound.excluding($0) } ?? .unbounded
            let step = try store.read {
                (transaction: borrowing ReadTransaction) throws -> (Verification, [UInt8]?) in
                var copy = self
                var rows: [JudgementRow] = []
                _ = try transaction.forEach(
                    in: table,
                    from: start,
                    limit: StoreLimits.verificationStepCount
                ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
                    rows.append(try JudgementRows.row(key, value))
                    return .continue
                }
                for row in rows {
                    let stored = try EntryRows(tables: tables).entry(at: row.place, transaction)
                    let expected = stored.map {
                        JudgementRows.rows(of: $0.entry, at: $0.place, arrivedAt: $0.arrivedAt)
                    }
                    if expected?.contains(row) != true {
                        copy.problem("a row about \(row.subject.shortHex) comes from no entry")
                    }
                }
                return (copy, rows.last?.key)
            }
            self = step.0
            guard let last = step.1 else { return }
            after = last
        }
    }
}

import LMDB
import ReportModel

extension Verification {
    /// The row of figures is what its record makes, where there is one.
    mutating func checkFacts<T: ReadOperations & ~Copyable>(
        _ number: UInt64,
        _ text: String?,
        _ everything: MomentView,
        _ transaction: borrowing T
    ) throws {
        guard let text, let table = tables.facts,
            let stored = try transaction.copyValue(Array(text.utf8), in: table)
        else { return }
        let expected = try FactRows(tables: tables).computed(number, everything, transaction)
        if expected.map({ Sealed.seal($0.bytes) }) != stored {
            problem("key \(text): its row of figures is not what its record makes")
        }
        report.derivedRowCount += 1
    }

    /// Every row of figures stands under the text of the key that it names.
    mutating func checkFactKeys() throws(ReportError) {
        guard let table = tables.facts else { return }
        var after = KeyBound.unbounded
        while true {
            let start = after
            let step = try store.read {
                (transaction: borrowing ReadTransaction) throws -> (Verification, [UInt8]?) in
                var copy = self
                var last: [UInt8]?
                _ = try transaction.forEach(
                    in: table,
                    from: start,
                    limit: StoreLimits.verificationStepCount
                ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
                    let text = key.withUnsafeBytes { Array($0) }
                    last = text
                    let number = value.withUnsafeBytes { bytes in
                        (try? FactRows.open(bytes, key: text))?.key
                    }
                    let keys = KeyRows(tables: tables)
                    let named = try number.flatMap { try keys.text(of: $0, transaction) }
                    if named.map({ Array($0.utf8) }) != text {
                        let shown = String(decoding: text, as: UTF8.self)
                        copy.problem("facts row \(shown): it is not that of a key")
                    }
                    return .continue
                }
                return (copy, last)
            }
            self = step.0
            guard let last = step.1 else { return }
            after = .excluding(last)
        }
    }
}

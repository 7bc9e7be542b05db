import LMDB
public import ReportModel

extension Store {
    /// Checks hashes, chain, signatures, bodies and derived tables; see ``ReportStoring``.
    public func verify(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> VerifyReport {
        try verifyNow(progress: progress)
    }

    /// The same on the calling thread.
    /// - Parameter progress: told now and then how many entries of how many were checked.
    /// - Returns: the report.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    public func verifyNow(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ReportError) -> VerifyReport {
        var verification = Verification(store: self)
        let logs = try read { (transaction: borrowing ReadTransaction) throws -> [LogRow] in
            try LogRows(tables: tables).all(transaction)
        }
        let total = logs.reduce(0) { $0 + Int(clamping: $1.held) }
        for log in logs {
            try verification.check(log) { done in progress(done, total) }
        }
        try verification.checkCounts()
        try verification.checkKeys()
        try verification.checkFactKeys()
        progress(total, total)
        return verification.report
    }
}

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
    /// - Parameters:
    ///   - restRatio: time to rest for each time of work, so that others come first; 0: none.
    ///   - progress: told now and then how many entries of how many were checked.
    /// - Returns: the report.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    public func verifyNow(
        restRatio: Double = 0,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ReportError) -> VerifyReport {
        var verification = Verification(store: self)
        verification.restRatio = restRatio
        let (logs, arrival) = try read {
            (transaction: borrowing ReadTransaction) throws -> ([LogRow], UInt64) in
            (
                try LogRows(tables: tables).all(transaction),
                try Metadata(tables).counter(.arrival, transaction)
            )
        }
        let total = logs.reduce(0) { $0 + Int(clamping: $1.held) }
        for log in logs {
            try verification.check(log) { done in progress(done, total) }
        }
        try verification.checkCounts()
        try verification.checkKeys()
        try verification.checkFactKeys()
        try verification.checkJudgements()
        try verification.checkAcknowledgements()
        try verification.checkForks()
        try verification.checkRemembered()
        try verification.checkRowCounts(since: arrival)
        progress(total, total)
        return verification.report
    }
}

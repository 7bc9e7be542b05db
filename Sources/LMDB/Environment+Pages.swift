import CLMDB
import Glibc

/// What a check of the pages found.
public struct PageReport: Sendable, Hashable {
    /// Pages that were looked at.
    public var pageCount = 0
    /// What is wrong, each with table and page; empty when all is well.
    public var problems: [String] = []
}

extension Environment {
    /// Checks the structure of the data file as of the last commit, by reading and not by mapping it.
    ///
    /// A page that the disk cannot give, or that contradicts itself, is a problem in the report and
    /// ends nothing. The snapshot is held meanwhile, so the file may grow when much is written.
    /// - Returns: the report.
    /// - Throws: ``LMDBError`` `.closed` and what hinders a read transaction to begin.
    public func checkPages() throws(LMDBError) -> PageReport {
        for _ in 0..<Limits.maximumResizeAttemptCount {
            if let report = try checkPagesOnce() { return report }
        }
        throw LMDBError(.temporarilyUnavailable, "Environment.checkPages")
    }

    /// Pages that the disk could not give and that read as zeros since; see ``PageFaults``.
    public var pageFaultCount: Int { mapWatch.faultCount }

    /// nil when two commits came between the snapshot and the look at its meta page.
    private func checkPagesOnce() throws(LMDBError) -> PageReport? {
        let state = try information
        return try read { (transaction: borrowing ReadTransaction) throws(LMDBError) in
            let wanted = UInt64(mdb_txn_id(transaction.transactionContext.handle))
            let handle = try gate.enter("Environment.checkPages")
            defer { gate.leave() }
            var descriptor: Int32 = -1
            try check(mdb_env_get_fd(handle, &descriptor), "mdb_env_get_fd")
            var newest: UInt64 = 0
            for number in 0..<2 {
                guard let meta = Self.meta(number, descriptor, state.pageByteCount) else {
                    return PageReport(problems: ["page \(number) is no meta page"])
                }
                newest = max(newest, meta.transactionID)
                guard meta.transactionID == wanted else { continue }
                var checker = PageChecker(
                    descriptor: descriptor,
                    pageByteCount: state.pageByteCount,
                    lastPage: meta.lastPage
                )
                checker.check(meta)
                return PageReport(pageCount: checker.pageCount, problems: checker.problems)
            }
            guard newest > wanted else {
                return PageReport(problems: ["no meta page is that of the last commit"])
            }
            return nil
        }
    }

    private static func meta(
        _ number: Int,
        _ descriptor: Int32,
        _ pageByteCount: Int
    ) -> PageLayout.Meta? {
        var bytes = [UInt8](repeating: 0, count: pageByteCount)
        let count = bytes.withUnsafeMutableBytes {
            pread(descriptor, $0.baseAddress, $0.count, number * pageByteCount)
        }
        guard count == pageByteCount else { return nil }
        return bytes.withUnsafeBytes { PageLayout.Meta($0) }
    }
}

import CLMDB
import Glibc

/// What ``Environment/scrubFreePages()`` did.
public struct ScrubResult: Sendable, Hashable {
    /// Free pages that held bytes and hold zeros now.
    public var overwrittenPageCount = 0
    /// Pages in use whose unused part held bytes and holds zeros now.
    public var clearedPageCount = 0
    /// Free pages left alone because a reader may still look at them: call again later.
    public var waitingPageCount = 0
    /// Number of the first transaction whose freed pages were left alone; nil when none were.
    ///
    /// What was freed by an earlier one is overwritten. The scrubbing's own commits free a few pages.
    public var firstWaitingTransactionID: Int?
}

extension Environment {
    /// Overwrites with zeros everything in the data file that no snapshot can reach any more.
    ///
    /// LMDB never clears what it frees: a deleted value stays in free pages, in the unused part of
    /// pages in use, behind values in overflow pages, behind the last page, and in page buffers
    /// that it keeps for later writes. Afterwards what was deleted in earlier commits stands in
    /// none of them, but for pages that older readers hold; the result counts those. Values inside
    /// of sorted sets are not looked at. All leaf pages are read beside the writer; its lock is held
    /// for free pages and for what was committed meanwhile. Nothing of what readers see changes, and a
    /// crash at any point leaves a sound file.
    /// - Returns: how many pages were overwritten, cleared, and left to wait.
    /// - Throws: ``LMDBError`` `.nestedWrite` inside a write of this thread, `.readOnly`, `.corrupted`
    ///   when the file is not as its headers say, `.inputOutput` and other errors of the system.
    /// Source: `mdb_page_alloc`, `mdb_find_oldest` and `mdb_page_copy` of liblmdb 0.9.24.
    @discardableResult
    public func scrubFreePages() throws(LMDBError) -> ScrubResult {
        let unnamed = try database(named: nil, options: Database.Options(creates: false))
        // A page is free for good once two later commits have replaced both meta pages.
        for _ in 0..<2 { try commitNothing(unnamed) }
        try clearStaleReaders()
        // Pages that the snapshot reaches are not written anew while it lives, so nearly all of the work
        // is done before the writer has to wait: only what was committed meanwhile is left.
        return try read { (_: borrowing ReadTransaction) throws(LMDBError) -> ScrubResult in
            var scrubber = try beginScrubbing()
            scrubber.clearTreesBeforehand()
            try clearPageBuffers(unnamed)
            return try write { (_: borrowing WriteTransaction) throws(LMDBError) -> ScrubResult in
                try scrubLocked(&scrubber)
            }
        }
    }

    private func beginScrubbing() throws(LMDBError) -> PageScrubber {
        let handle = try gate.enter("Environment.scrubFreePages")
        defer { gate.leave() }
        var descriptor: Int32 = -1
        try check(mdb_env_get_fd(handle, &descriptor), "mdb_env_get_fd")
        return try PageScrubber(descriptor: descriptor, information: try information)
    }

    /// A commit with a number of its own that changes no table.
    private func commitNothing(_ unnamed: Database) throws(LMDBError) {
        try write { (transaction: borrowing WriteTransaction) throws(LMDBError) in
            try transaction.put(Self.scrubKey(0, padding: 0), [UInt8](), in: unnamed)
            _ = try transaction.delete(Self.scrubKey(0, padding: 0), in: unnamed)
        }
    }

    /// Fills the page buffers that liblmdb keeps with zeros: their old bytes would come back in the
    /// unused parts of pages written later.
    ///
    /// Buffers lie on a stack, so those used since the last call are on top of it. Every value put
    /// here takes one; the transaction is given up, which puts all of them back. The tree over the
    /// values takes a few as well, which it fills but for the last: the later passes, in which the
    /// tree has another shape and the stack the opposite order, take those for values.
    private func clearPageBuffers(_ unnamed: Database) throws(LMDBError) {
        var least = 0
        for padding in [0, 5, 11] {
            least = try clearPageBuffers(unnamed, atLeast: least, keyPadding: padding)
        }
    }

    /// One pass; returns how many buffers were taken.
    private func clearPageBuffers(
        _ unnamed: Database,
        atLeast least: Int,
        keyPadding: Int
    ) throws(LMDBError) -> Int {
        struct Enough: Error {}
        let byteCount = try information.pageByteCount - PageLayout.headerByteCount
        var count = 0
        do {
            try write { (transaction: borrowing WriteTransaction) throws in
                var cleanCount = 0
                while count < Limits.maximumScrubbedBufferCount,
                    count < least || cleanCount <= Limits.cleanBufferCount
                {
                    let wasClean = try transaction.takeBuffer(
                        Self.scrubKey(count, padding: keyPadding),
                        byteCount: byteCount,
                        in: unnamed
                    )
                    cleanCount = wasClean ? cleanCount + 1 : 0
                    count += 1
                }
                throw Enough()
            }
        } catch let error as LMDBError {
            // No room for more pages: those that were taken are clean.
            guard error.code == .mapFull || error.code == .transactionFull else { throw error }
        } catch {}
        return count
    }

    /// A key behind the name of every table.
    private static func scrubKey(_ number: Int, padding: Int) -> [UInt8] {
        let digits = [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        return [255, 255] + digits + [UInt8](repeating: 255, count: padding)
    }

    /// To be called while the writer's lock is held and nothing was changed under it.
    private func scrubLocked(_ scrubber: inout PageScrubber) throws(LMDBError) -> ScrubResult {
        let state = try information
        // What mdb_find_oldest says: records of this number and later may still be looked at.
        let oldest = try readerList.reduce(state.lastTransactionID) { oldest, slot in
            min(oldest, slot.transactionID ?? oldest)
        }
        var free: [Int] = []
        var waitingPageCount = 0
        var firstWaiting: Int?
        try forEachFreeList { transactionID, pages throws(LMDBError) in
            if transactionID < oldest {
                free.append(contentsOf: pages)
            } else {
                waitingPageCount += pages.count
                firstWaiting = min(firstWaiting ?? transactionID, transactionID)
            }
        }
        free.sort()
        try scrubber.adopt(state)
        try scrubber.overwrite(free)
        try scrubber.clearTrees()
        try scrubber.overwriteEnd()
        try scrubber.flush()
        scrubber.result.waitingPageCount = waitingPageCount
        scrubber.result.firstWaitingTransactionID = firstWaiting
        return scrubber.result
    }

    /// Pages of the data file that later commits may fill.
    ///
    /// Source: `FREE_DBI`.
    public var freePageCount: Int {
        get throws(LMDBError) {
            var count = 0
            try forEachFreeList { _, pages throws(LMDBError) in count += pages.count }
            return count
        }
    }

    /// Goes through the list of free pages of the last commit.
    /// - Parameter body: takes the number of the transaction that freed pages, and the pages.
    /// - Throws: what the body throws; ``LMDBError``.
    /// Source: `FREE_DBI`, whose keys are numbers of transactions and whose values are `MDB_IDL`.
    func forEachFreeList(
        _ body: (_ transactionID: Int, _ pages: [Int]) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        let table = Database(handle: 0, name: nil, options: Database.Options(), environmentID: id)
        // The list may be read only in a read transaction; while the lock is held it is the same.
        try read { (transaction: borrowing ReadTransaction) throws(LMDBError) in
            try transaction.withCursor(on: table) { (cursor: borrowing Cursor) throws(LMDBError) in
                var isThere = try cursor.first()
                while isThere {
                    guard let key = try cursor.copyKey(), let value = try cursor.copyValue(),
                        let list = PageLayout.freeList(key: key, value: value)
                    else { throw LMDBError(.corrupted, "FREE_DBI") }
                    try body(list.transactionID, list.pages)
                    isThere = try cursor.next()
                }
            }
        }
    }
}

extension WriteTransaction {
    /// Takes a page buffer for a value of zeros.
    /// - Returns: whether the buffer held nothing but zeros.
    fileprivate func takeBuffer(
        _ key: [UInt8],
        byteCount: Int,
        in database: Database
    ) throws(LMDBError) -> Bool {
        try key.withBytes { (keyBytes) throws(LMDBError) -> Bool in
            var name = MDB_val(keyBytes)
            var value = MDB_val(mv_size: byteCount, mv_data: nil)
            let flags = UInt32(MDB_RESERVE | MDB_APPEND)
            try check(
                mdb_put(transactionContext.handle, database.handle, &name, &value, flags),
                "mdb_put"
            )
            guard let start = value.mv_data else { return true }
            let buffer = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
            let wasClean = PageLayout.isZero(UnsafeRawBufferPointer(buffer))
            if !wasClean { memset(start, 0, byteCount) }
            return wasClean
        }
    }
}

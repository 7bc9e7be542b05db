import LMDB
public import ReportModel

/// One commit of the writer.
public struct CommitFacts: Hashable, Sendable {
    /// Writes that shared it.
    public var requestCount: Int
    /// Bytes of their bodies.
    public var byteCount: Int
    /// From the beginning of the transaction until the disk had it.
    public var duration: Duration
}

/// How the writer of a store stands.
public struct WriterCondition: Sendable {
    /// Writes that wait for the commit under way.
    public var waitingCount: Int
    /// How long the commit under way has lasted; nil when there is none.
    public var busyFor: Duration?
    /// Why nothing is written any more until the store is opened anew; nil when all is well.
    public var failure: ReportError?
}

/// What a peer has not signed for yet, nor is known to hold otherwise.
public struct PeerLag: Hashable, Sendable {
    /// Entries; of a log of another node those before the first that is held here without its record, which
    /// this node does not pass on.
    public var entryCount = 0
    /// Bytes of their headers and of the bodies that are here; of many entries the mean of the oldest is taken for all.
    public var byteCount = 0
    /// When the oldest of them was stored here; nil when there is none.
    public var oldest: Timestamp?
    /// The newest signature of the peer for any log; nil when there is none.
    public var lastSigned: Timestamp?
    /// Entries that it has signed for, of all logs.
    public var signedCount = 0
    /// When the newest entry of its own logs arrived here, from whomever; nil when none has.
    public var lastArrived: Timestamp?

    /// Makes the lag of a peer that lacks nothing.
    public init() {}

    /// Forgets what is missing there, for a peer that is not to have it.
    public mutating func clearMissing() {
        entryCount = 0
        byteCount = 0
        oldest = nil
    }
}

extension Store {
    /// Bytes of the map, and how many of them are in use.
    ///
    /// - Throws: ``ReportError`` when the environment does not tell.
    public var mapUse: (byteCount: Int, usedByteCount: Int) {
        get throws(ReportError) {
            let information = try StoreFailure.mapped { try environment.information }
            return (information.mapByteCount, information.usedByteCount)
        }
    }

    /// Reads this node's own log and its newest entry, as a sign that the store can be read.
    /// - Returns: the number of entries that arrived here.
    /// - Throws: ``ReportError`` when it cannot.
    public func probe() throws(ReportError) -> UInt64 {
        try read { (transaction: borrowing ReadTransaction) throws -> UInt64 in
            let own = try ownRow(transaction)
            if own.held > 0 {
                let place = EntryPlace(log: own.ref, sequence: own.held)
                _ = try EntryRows(tables: tables).entry(at: place, transaction)
            }
            return try Metadata(tables).counter(.arrival, transaction)
        }
    }

    /// Numbers of entries, keys and versions.
    ///
    /// - Throws: ``ReportError`` when the store cannot be read.
    public var counts: (entryCount: Int, keyCount: Int, versionCount: Int) {
        get throws(ReportError) {
            try read { (transaction: borrowing ReadTransaction) throws in
                let meta = Metadata(tables)
                return (
                    Int(clamping: try meta.counter(.arrival, transaction)),
                    Int(clamping: try meta.counter(.keyCount, transaction)),
                    Int(clamping: try meta.counter(.versionCount, transaction))
                )
            }
        }
    }

    /// What a peer has not signed for, of all logs but its own.
    /// - Parameters:
    ///   - peer: the peer.
    ///   - settled: how far it need not sign for logs, such as those that came to it by another way.
    ///   - measuring: whether the missing entries are read, for their bytes and the age of the oldest.
    /// - Returns: entries, bytes and the age of the oldest.
    /// - Throws: ``ReportError`` when the store cannot be read.
    public func lag(
        of peer: NodeID,
        settled: [LogID: UInt64] = [:],
        measuring: Bool = true
    ) throws(ReportError) -> PeerLag {
        try read { (transaction: borrowing ReadTransaction) throws -> PeerLag in
            var lag = PeerLag()
            var room = StoreLimits.maximumMeasuredLagCount
            let rows = EntryRows(tables: tables)
            for log in try LogRows(tables: tables).all(transaction) {
                guard log.descriptor.node != peer else {
                    let place = EntryPlace(log: log.ref, sequence: log.held)
                    if log.held > 0, let newest = try rows.entry(at: place, transaction) {
                        let time = newest.arrivedAt
                        lag.lastArrived = max(lag.lastArrived ?? time, time)
                    }
                    continue
                }
                let signed = try acknowledgements(
                    prefix: RowKey.number(log.ref) + peer.key.bytes,
                    transaction
                ).last
                if let time = signed?.receivedAt {
                    lag.lastSigned = max(lag.lastSigned ?? time, time)
                }
                let sequence = signed?.position.sequence ?? 0
                lag.signedCount += Int(clamping: min(log.held, sequence))
                let done = min(log.held, max(sequence, settled[log.descriptor.id] ?? 0))
                guard done < log.held, try !isSettledFork(log, at: peer, transaction) else {
                    continue
                }
                guard measuring else {
                    lag.entryCount += Int(clamping: log.held - done)
                    continue
                }
                try add(log, after: done, room: &room, to: &lag, transaction)
            }
            return lag
        }
    }

    private func add(
        _ log: LogRow,
        after done: UInt64,
        room: inout UInt64,
        to lag: inout PeerLag,
        _ transaction: borrowing ReadTransaction
    ) throws {
        let rows = EntryRows(tables: tables)
        // The first entry of each log tells the age; of many logs little more is read.
        let last = min(log.held, done + max(room, 1))
        room -= min(room, last - done)
        var (byteCount, measured, count) = (0, 0, Int(clamping: log.held - done))
        for sequence in (done + 1)...last {
            let place = EntryPlace(log: log.ref, sequence: sequence)
            // Of a log held in part the beginning may be missing.
            if let stored = try rows.entry(at: place, transaction) {
                if log.descriptor.node != node, try isBare(stored, transaction) {
                    count = measured
                    break
                }
                lag.oldest = min(lag.oldest ?? stored.arrivedAt, stored.arrivedAt)
                byteCount += try heldByteCount(of: stored, transaction)
            }
            measured += 1
        }
        lag.entryCount += count
        lag.byteCount += measured == count ? byteCount : byteCount / measured * count
    }

    /// Whether a version is held without its record, and nothing here tells its key.
    private func isBare(
        _ stored: StoredEntry,
        _ transaction: borrowing ReadTransaction
    ) throws -> Bool {
        guard stored.entry.kind == .submit,
            try !transaction.contains(RowKey.body(stored.place, 0, chunk: 0), in: tables.bodies)
        else { return false }
        let keys = KeyRows(tables: tables)
        let number = try keys.number(ofHash: stored.entry.keyHash, transaction)
        return try number.flatMap { try keys.text(of: $0, transaction) } == nil
    }

    /// Bytes of the header of an entry and of its bodies that are here.
    private func heldByteCount(
        of stored: StoredEntry,
        _ transaction: borrowing ReadTransaction
    ) throws -> Int {
        var byteCount = stored.header.count
        for (index, body) in stored.entry.bodies.enumerated() {
            let key = RowKey.body(stored.place, index, chunk: 0)
            guard try transaction.contains(key, in: tables.bodies) else { continue }
            byteCount += min(Int(clamping: body.byteCount), StoreLimits.maximumBodyByteCount)
        }
        return byteCount
    }
}

import LMDB
public import ReportModel

/// A log of this node of which a node above holds another branch.
public struct OtherBranch: Hashable, Sendable {
    /// The log.
    public var log: LogID
    /// The node above, by its word.
    public var peer: NodeID
    /// When it said so first.
    public var seenAt: Timestamp
    /// Last sequence of this node's branch that it has signed for; 0 when it never did.
    public var taken: UInt64
    /// Last sequence that is held here.
    public var held: UInt64

    /// The row of `elsewhere` in the answer about evidence.
    var json: JSONValue {
        [
            "log": .string(log.description), "peer": .string(peer.description),
            "seenAt": .string(seenAt.description), "taken": .integer(Int(clamping: taken)),
            "held": .integer(Int(clamping: held)),
        ]
    }
}

/// Own logs that forked: the node above keeps the other branch, and takes no more of this one.
///
/// The evidence lies there. Here it is noted, so that what is in the branch that was not taken can be filed again.
extension Store {
    private static let otherBranchPrefix = Array("reportd/other-branch/".utf8)

    private static func otherBranchKey(_ log: LogID) -> [UInt8] {
        otherBranchPrefix + Array("\(log)/".utf8)
    }

    /// Remembers that a node above holds another branch of a log of this node; a second call changes nothing.
    /// - Parameters:
    ///   - log: the log; of any other owner's nothing is noted.
    ///   - peer: the node above.
    /// - Throws: ``ReportError`` of the writer.
    public func noteOtherBranch(of log: LogID, at peer: NodeID) async throws(ReportError) {
        guard try await logState(log)?.descriptor.node == node else { return }
        let key = Self.otherBranchKey(log) + Array("\(peer)".utf8)
        guard try journalValue(key) == nil else { return }
        var value: [UInt8] = []
        value.appendBigEndian(clock().milliseconds)
        try await writeJournal([.put(key: key, value: value)])
    }

    /// Logs of this node of which nodes above hold another branch.
    /// - Parameter log: a log, or the first digits of its identifier; nil for all.
    /// - Returns: one element for each log and node, by log.
    /// - Throws: ``ReportError`` when the store cannot be read.
    public func otherBranches(of log: String? = nil) throws(ReportError) -> [OtherBranch] {
        try read { (transaction: borrowing ReadTransaction) throws -> [OtherBranch] in
            try LogRows(tables: tables).all(transaction).filter { row in
                row.descriptor.node == node && "\(row.descriptor.id)".hasPrefix(log ?? "")
            }.sorted { $0.descriptor.id < $1.descriptor.id }.flatMap { row throws in
                try otherBranches(of: row, transaction)
            }
        }
    }

    private func otherBranches<T: ReadOperations & ~Copyable>(
        of row: LogRow,
        _ transaction: borrowing T
    ) throws -> [OtherBranch] {
        let prefix = Self.otherBranchKey(row.descriptor.id)
        var found: [OtherBranch] = []
        _ = try transaction.forEach(in: tables.journal, prefix: prefix) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let name = key.withUnsafeBytes { Array($0) }
            let bytes = try Sealed.open(value, table: "journal", key: name)
            var reader = ByteReader(bytes[...])
            guard let time = reader.integer(UInt64.self),
                let peer = NodeID(
                    parsing: String(decoding: name.dropFirst(prefix.count), as: UTF8.self)
                )
            else { throw Sealed.damaged("journal", name) }
            found.append(
                OtherBranch(
                    log: row.descriptor.id,
                    peer: peer,
                    seenAt: Timestamp(milliseconds: time),
                    taken: 0,
                    held: row.held
                )
            )
            return .continue
        }
        for index in found.indices {
            found[index].taken =
                try acknowledgements(
                    prefix: RowKey.number(row.ref) + found[index].peer.key.bytes,
                    transaction
                ).last?.position.sequence ?? 0
        }
        return found
    }

    /// Whether an entry lies in a former log of this node, in a branch that a node above does not take.
    func isUntaken<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> Bool {
        guard try place.log != ownRef(transaction) else { return false }
        let row = try LogRows(tables: tables).row(place.log, transaction)
        guard row.descriptor.node == node else { return false }
        return try otherBranches(of: row, transaction).contains { $0.taken < place.sequence }
    }

    /// Whether nothing more of a log goes to a peer because it forked, and its owner was released.
    ///
    /// Of an own log that is known by a later one that the peer has signed for. A third node may lack entries of
    /// it, which nobody sends any more: they stay missing there.
    func isSettledFork(
        _ row: LogRow,
        at peer: NodeID,
        _ transaction: borrowing ReadTransaction
    ) throws -> Bool {
        if row.isForked, row.isReleased { return row.descriptor.node == peer }
        guard row.descriptor.node == node,
            try otherBranches(of: row, transaction).contains(where: { $0.peer == peer })
        else { return false }
        return try LogRows(tables: tables).all(transaction).contains { later throws in
            guard later.descriptor.node == node, later.ref > row.ref else { return false }
            let prefix = RowKey.number(later.ref) + peer.key.bytes
            return try !acknowledgements(prefix: prefix, transaction).isEmpty
        }
    }

    static var untaken: ReportError {
        ReportError(
            .notAllowed,
            "the node above does not have this version: the log that it is in has two branches",
            hint: "file the report again: that makes a version which it takes"
        )
    }
}

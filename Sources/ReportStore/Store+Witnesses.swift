import LMDB
public import ReportModel

/// Who holds what, by signed acknowledgements.
extension Store {
    /// The newest acknowledgement of each node for a log; see ``ReportLog``.
    public func witnesses(of log: LogID) async throws(ReportError) -> [Acknowledgement] {
        try read { (transaction: borrowing ReadTransaction) throws -> [Acknowledgement] in
            guard let ref = try LogRows(tables: tables).ref(of: log, transaction) else { return [] }
            return try newestAcknowledgements(ref, transaction)
        }
    }

    /// Who holds one version; see ``ReportStoring``.
    public func witnesses(_ lookup: Lookup) async throws(ReportError) -> WitnessAnswer {
        try read { (transaction: borrowing ReadTransaction) throws -> WitnessAnswer in
            let target = try target(lookup, transaction)
            let place = target.stored.place
            let rows = try LogRows(tables: tables).all(transaction)
            let log = try LogRows(tables: tables).row(place.log, transaction)
            var witnesses: [WitnessAnswer.Witness] = []
            for newest in try newestAcknowledgements(place.log, transaction)
            where newest.position.sequence >= place.sequence {
                let first = try firstAcknowledgement(of: place, by: newest.node, transaction)
                let signed = first ?? newest
                witnesses.append(
                    WitnessAnswer.Witness(
                        node: signed.node,
                        name: rows.last { $0.descriptor.node == signed.node }?.descriptor.name,
                        sequence: signed.position.sequence,
                        receivedAt: signed.receivedAt
                    )
                )
            }
            witnesses.sort {
                ($0.receivedAt, $0.node.description) < ($1.receivedAt, $1.node.description)
            }
            return WitnessAnswer(
                version: target.version,
                owner: log.descriptor.node,
                holder: node,
                storedAt: target.stored.arrivedAt,
                witnesses: witnesses
            )
        }
    }

    /// The first acknowledgement of a node that covers an entry.
    private func firstAcknowledgement<T: ReadOperations & ~Copyable>(
        of place: EntryPlace,
        by node: NodeID,
        _ transaction: borrowing T
    ) throws -> Acknowledgement? {
        let prefix = RowKey.number(place.log) + node.key.bytes
        var found: Acknowledgement?
        _ = try transaction.forEach(
            in: tables.acks,
            from: .including(prefix + RowKey.number(place.sequence)),
            limit: 1
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let name = key.withUnsafeBytes { Array($0) }
            guard name.starts(with: prefix) else { return .stop }
            found = Acknowledgement(try Sealed.open(value, table: "acks", key: name))
            return .stop
        }
        return found
    }
}

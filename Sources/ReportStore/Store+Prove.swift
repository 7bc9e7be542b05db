import LMDB
public import ReportModel

extension Store {
    /// A proof of one version that can be checked without the store; see ``ReportStoring``.
    public func prove(
        _ lookup: Lookup,
        since: ProofSince?
    ) async throws(ReportError) -> Proof {
        try read { (transaction: borrowing ReadTransaction) throws -> Proof in
            let hit = try single(lookup, at: .now, transaction)
            let view = MomentView(tables: tables, moment: .now)
            let place = try chosen(lookup, hit, view, transaction).place
            return try proof(of: place, key: hit.key.text, since: since, transaction)
        }
    }

    /// A proof of the entry at a place in a log.
    /// - Parameters:
    ///   - log: the log.
    ///   - sequence: the entry's place in it.
    /// - Returns: the proof, with the acknowledgements that cover the entry.
    /// - Throws: ``ReportError`` `not-found`, `conflict` while the log is not held up to its head.
    public func prove(log: LogID, sequence: UInt64) async throws(ReportError) -> Proof {
        try read { (transaction: borrowing ReadTransaction) throws -> Proof in
            guard let ref = try LogRows(tables: tables).ref(of: log, transaction),
                let stored = try EntryRows(tables: tables).entry(
                    at: EntryPlace(log: ref, sequence: sequence),
                    transaction
                )
            else { throw ReportError(.notFound, "there is no entry \(sequence) of log \(log)") }
            let keys = KeyRows(tables: tables)
            let key = try keys.number(ofHash: stored.entry.keyHash, transaction).flatMap {
                number throws in
                try keys.text(of: number, transaction)
            }
            return try proof(of: stored.place, key: key, since: nil, transaction)
        }
    }

    private func proof<T: ReadOperations & ~Copyable>(
        of place: EntryPlace,
        key: String?,
        since: ProofSince?,
        _ transaction: borrowing T
    ) throws -> Proof {
        let stored = try EntryRows(tables: tables).required(at: place, transaction)
        let log = try LogRows(tables: tables).row(place.log, transaction)
        guard let head = log.head, head.size >= place.sequence, head.size <= log.held else {
            throw ReportError(
                .conflict,
                "the log \(log.descriptor.id) is not held up to its signed head yet",
                hint: "try again when the peers have sent the rest"
            )
        }
        var proof = Proof(
            key: key,
            header: stored.header,
            salts: try salts(of: stored, transaction),
            descriptor: log.descriptor,
            head: head,
            inclusion: try inclusion(of: place.sequence, log: log, head, transaction)
        )
        proof.earlier = try since.map { since throws in
            try earlier(since, log: log, head, transaction)
        }
        for acknowledgement in try acknowledgements(coveringFrom: place, transaction) {
            guard
                let link = try link(
                    from: place,
                    to: acknowledgement.position,
                    log,
                    head,
                    transaction
                )
            else { continue }
            proof.acknowledgements.append(
                Proof.BoundAcknowledgement(acknowledgement: acknowledgement, link: link)
            )
        }
        return proof
    }

    /// Salts of the bodies held, but not of people: with it a guess of a name could be confirmed.
    private func salts<T: ReadOperations & ~Copyable>(
        of stored: StoredEntry,
        _ transaction: borrowing T
    ) throws -> [Hash256?] {
        var salts: [Hash256?] = []
        for (index, reference) in stored.entry.bodies.enumerated() {
            guard reference.kind != .people else {
                salts.append(nil)
                continue
            }
            salts.append(
                try BodyRows(tables).salt(at: stored.place, index: index, transaction)
            )
        }
        return salts
    }

    private func inclusion<T: ReadOperations & ~Copyable>(
        of sequence: UInt64,
        log: LogRow,
        _ head: SignedHead,
        _ transaction: borrowing T
    ) throws -> [Hash256] {
        try MerkleTree.inclusionProof(of: sequence - 1, size: head.size) { node throws(any Error) in
            try MerkleRows(tables: tables).hash(log: log.ref, node, transaction)
        }
    }

    private func earlier<T: ReadOperations & ~Copyable>(
        _ since: ProofSince,
        log: LogRow,
        _ head: SignedHead,
        _ transaction: borrowing T
    ) throws -> Proof.EarlierTree {
        let size = since.size
        guard size > 0, size <= head.size else {
            throw ReportError(
                .usage,
                "the log has \(head.size) signed entries, an older state of \(size) is none of it"
            )
        }
        let rows = MerkleRows(tables: tables)
        let root = try rows.root(log: log.ref, size: size, transaction)
        var older: SignedHead?
        if case .head(let given) = since {
            guard given.log == log.descriptor.id, given.isAuthentic(for: log.descriptor) else {
                throw ReportError(.usage, "the older head is not one of log \(log.descriptor.id)")
            }
            guard given.root == root else {
                throw ReportError(
                    .forked,
                    "log \(log.descriptor.id) does not go on from the older head: its owner signed "
                        + "two different logs",
                    hint: "keep the older head: it is the evidence"
                )
            }
            older = given
        }
        return Proof.EarlierTree(
            size: size,
            root: root,
            head: older,
            consistency: try rows.consistencyProof(
                log: log.ref,
                from: size,
                to: head.size,
                transaction
            )
        )
    }

    /// The first acknowledgement of each node that covers an entry.
    private func acknowledgements<T: ReadOperations & ~Copyable>(
        coveringFrom place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> [Acknowledgement] {
        var found: [Acknowledgement] = []
        let log = RowKey.number(place.log)
        // Rows stand in the order log, node, sequence: after each node's, the next node's begin.
        var next: [UInt8]? = log
        while let start = next, found.count < Proof.maximumAcknowledgementCount {
            guard let node = try node(from: start, prefix: log, transaction) else { break }
            next = Self.successor(of: log + node)
            let first = log + node + RowKey.number(place.sequence)
            var row: Acknowledgement?
            _ = try transaction.forEach(in: tables.acks, from: .including(first), limit: 1) {
                (key: RawSpan, value: RawSpan) throws -> ScanStep in
                let keyBytes = key.withUnsafeBytes { Array($0) }
                guard keyBytes.starts(with: log + node) else { return .stop }
                row = Acknowledgement(try Sealed.open(value, table: "acks", key: keyBytes))
                return .stop
            }
            if let row { found.append(row) }
        }
        return found.sorted { $0.receivedAt.milliseconds < $1.receivedAt.milliseconds }
    }

    /// Key of the node of the first acknowledgement at or after a place in the table.
    private func node<T: ReadOperations & ~Copyable>(
        from start: [UInt8],
        prefix: [UInt8],
        _ transaction: borrowing T
    ) throws -> [UInt8]? {
        var node: [UInt8]?
        _ = try transaction.forEach(in: tables.acks, from: .including(start), limit: 1) {
            (key: RawSpan, _: RawSpan) throws -> ScanStep in
            let bytes = key.withUnsafeBytes { Array($0) }
            if bytes.starts(with: prefix), bytes.count == prefix.count + Hash256.byteCount + 8 {
                node = Array(bytes[prefix.count..<prefix.count + Hash256.byteCount])
            }
            return .stop
        }
        return node
    }

    /// The first key after all that begin with a prefix; nil when there is none.
    private static func successor(of prefix: [UInt8]) -> [UInt8]? {
        var bytes = prefix
        while let last = bytes.popLast() {
            if last < 255 { return bytes + [last + 1] }
        }
        return nil
    }

    /// What binds an entry to a later position; nil when the log has another entry there.
    private func link<T: ReadOperations & ~Copyable>(
        from place: EntryPlace,
        to position: LogPosition,
        _ log: LogRow,
        _ head: SignedHead,
        _ transaction: borrowing T
    ) throws -> Proof.Link? {
        guard position.sequence <= head.size else { return nil }
        let entries = EntryRows(tables: tables)
        let end = EntryPlace(log: place.log, sequence: position.sequence)
        guard try entries.required(at: end, transaction).hash == position.hash else { return nil }
        guard position.sequence - place.sequence <= UInt64(Proof.maximumChainCount) else {
            return .tree(try inclusion(of: position.sequence, log: log, head, transaction))
        }
        var headers: [[UInt8]] = []
        var sequence = place.sequence
        while sequence < position.sequence {
            sequence += 1
            let next = EntryPlace(log: place.log, sequence: sequence)
            headers.append(try entries.required(at: next, transaction).header)
        }
        return .chain(headers)
    }
}

extension BodyRows {
    /// The salt of a body; nil when the body is not here.
    func salt<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing T
    ) throws -> Hash256? {
        let key = RowKey.body(place, index, chunk: 0)
        let value = try transaction.get(key, in: table) { (value: RawSpan) throws in
            try Sealed.open(value, table: "bodies", key: key)
        }
        guard let value else { return nil }
        guard let head = Head(value.prefix(Head.byteCount)) else {
            throw Sealed.damaged("bodies", key)
        }
        return head.salt
    }
}

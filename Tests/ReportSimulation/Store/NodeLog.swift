import ReportModel

/// The log interface of a simulated node, as the replication sees it; planted bugs live here.
struct NodeLog: ReportLog {
    let store: SimulatedStore
    let world: World
    let number: Int
    /// Wall clock of the machine.
    let clock: @Sendable () -> Timestamp

    var node: NodeID { store.key.id }

    private func alive() throws(ReportError) -> StoreContents {
        guard !store.isDead else { throw SimulatedStore.gone }
        return store.contents
    }

    func ownLog() async throws(ReportError) -> LogID { try alive().own }

    func logStates() async throws(ReportError) -> [LogState] { try alive().states }

    func logState(_ log: LogID) async throws(ReportError) -> LogState? {
        try alive().logs[log]?.state
    }

    func entryHash(log: LogID, sequence: UInt64) async throws(ReportError) -> Hash256? {
        guard let held = try alive().logs[log], sequence > 0, sequence <= held.count else {
            return nil
        }
        return held.hashes[Int(sequence) - 1]
    }

    func batch(
        log: LogID,
        after sequence: UInt64,
        maximumCount: Int,
        maximumByteCount: Int,
        omitsBodies: (@Sendable (Entry) -> Bool)?
    ) async throws(ReportError) -> EntryBatch? {
        let held = try alive().logs[log]
        return held?.batch(after: sequence, count: maximumCount, byteCount: maximumByteCount)?
            .omittingBodies(where: omitsBodies ?? { _ in false })
    }

    func accept(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> LogPosition {
        let bug = world.bug
        let work: @Sendable (inout StoreContents) -> Result<LogPosition, ReportError> = {
            contents in
            do throws(ReportError) {
                if let bug {
                    return .success(try contents.accept(batch, descriptor: descriptor, with: bug))
                }
                return .success(try contents.accept(batch, descriptor: descriptor))
            } catch {
                return .failure(error)
            }
        }
        if bug == .acknowledgeBeforeCommit {
            var ahead = try alive()
            let result = work(&ahead)
            let store = store
            world.spawn { _ = try? await store.perform(work) }
            return try result.get()
        }
        return try await store.perform(work)
    }

    func keep(_ acknowledgement: Acknowledgement) async throws(ReportError) {
        guard Verified.isAuthentic(acknowledgement) else {
            throw ReportError(.integrity, "the acknowledgement is not signed by its node")
        }
        let position = acknowledgement.position
        let key = StoreContents.AcknowledgementKey(log: position.log, node: acknowledgement.node)
        try await store.perform { contents -> Result<Void, ReportError> in
            guard contents.logs[position.log] != nil else {
                return .failure(ReportError(.notFound, "this log is not known here"))
            }
            if position.sequence > contents.acknowledgements[key]?.position.sequence ?? 0 {
                contents.acknowledgements[key] = acknowledgement
            }
            return .success(())
        }
    }

    func acknowledgement(
        log: LogID,
        from peer: NodeID
    ) async throws(ReportError) -> Acknowledgement? {
        try alive().acknowledgements[StoreContents.AcknowledgementKey(log: log, node: peer)]
    }

    func acknowledge(_ position: LogPosition) -> Acknowledgement {
        Acknowledgement(position: position, receivedAt: clock(), key: store.key)
    }

    func waitForCommit(after seen: UInt64) async -> UInt64 {
        await store.waitForCommit(after: seen)
    }

    func leaveOwnLog(_ stated: LogPosition) async throws(ReportError) -> LogID {
        let descriptor = world.nodes[number].nextDescriptor()
        let time = clock()
        return try await store.perform { contents in
            .success(contents.leaveOwnLog(stated, beginning: descriptor, at: time))
        }
    }

    func hashes(
        of nodes: TreeNodes,
        fromEntries: Bool
    ) async throws(ReportError) -> TreeNodes {
        let held = try alive().logs[nodes.log]
        var told = nodes
        told.hashes = nodes.nodes.map { held?.hash(of: $0, size: nodes.size) ?? .zero }
        return told
    }

    func regions(of batch: EntryBatch) -> [String] { regions(of: batch, told: []) }

    func regions(of batch: EntryBatch, told keys: [String]) -> [String] {
        let contents = store.contents
        var regions: Set<String> = []
        var told: [Hash256: String] = [:]
        for key in keys { told[Entry.keyHash(of: key)] = Filing.region(of: key) }
        regions.formUnion(told.values)
        let entries = batch.entries.map { Entry($0.header) }
        for (entry, replicated) in zip(entries, batch.entries) {
            guard let entry, let body = replicated.bodies.first ?? nil,
                let region = Filings.region(of: body.bytes, hash: entry.keyHash)
            else { continue }
            regions.insert(region)
            told[entry.keyHash] = region
        }
        for entry in entries {
            guard let entry, told[entry.keyHash] == nil else { continue }
            regions.insert(contents.regions[entry.keyHash] ?? LogRegion.unknown)
        }
        return regions.sorted()
    }

    /// Region of the record that an entry is about, for what a peer may read.
    func region(of entry: Entry) -> String? { store.contents.regions[entry.keyHash] }

    /// The key of that record.
    func recordKey(of entry: Entry) -> String? { store.contents.keys[entry.keyHash] }

    /// Kind of the first entry that judges what another node than the given one filed.
    func judgement(in batch: EntryBatch, of node: NodeID) -> EntryKind? {
        let contents = store.contents
        var own: Set<Hash256> = []
        for replicated in batch.entries {
            own.insert(Hash256(hashing: replicated.header))
            guard let entry = Entry(replicated.header), [.review, .erase].contains(entry.kind)
            else { continue }
            let isOwn = entry.subjects.allSatisfy { subject in
                own.contains(subject) && entry.kind == .erase
                    || contents.owners[subject].flatMap { contents.logs[$0]?.descriptor.node }
                        == node
            }
            if !isOwn { return entry.kind }
        }
        return nil
    }
}

import LMDB
public import ReportModel

extension Store {
    /// Takes the entries and acknowledgements of a bundle; see ``ReplicationCare``.
    ///
    /// The signature over the file and its sender are checked before anything is taken, and a gap in any
    /// log refuses the whole. A log that may not be taken does not stop the others, as in a session: its
    /// row tells why; when none of those with entries can be taken, the first refusal is thrown. What is
    /// held already is passed over, so a bundle may be taken twice.
    public func importBundle(
        _ path: String,
        rules: BundleRules
    ) async throws(ReportError) -> JSONValue {
        let reader = try BundleReader(path)
        let manifest = reader.manifest
        let regions = try admitted(manifest, rules)
        try await refuseGaps(manifest)
        var descriptors: [LogID: LogDescriptor] = [:]
        var before: [LogID: UInt64] = [:]
        var signed = 0
        var tried: Set<LogID> = []
        var refused: [LogID: ReportError] = [:]
        while let (kind, bytes) = try reader.next() {
            switch kind {
            case .manifest, .signature: continue
            case .log:
                let (descriptor, head) = try BundleReader.log(bytes)
                descriptors[descriptor.id] = descriptor
                before[descriptor.id] =
                    try await logState(descriptor.id)?.position.sequence ?? 0
                if descriptor.id == (try await ownLog()), let head {
                    // The node's own signature under more than it holds: it is an older copy.
                    _ = try await leaveOwnLog(
                        LogPosition(log: head.log, sequence: head.size, hash: head.last)
                    )
                }
            case .batch, .compressedBatch:
                let batch = try BundleReader.batch(bytes, isCompressed: kind == .compressedBatch)
                guard let descriptor = descriptors[batch.log] else {
                    throw ReportError(.integrity, "a bundle has a batch of a log it does not name")
                }
                tried.insert(batch.log)
                guard refused[batch.log] == nil else { continue }
                do throws(ReportError) {
                    try await check(batch, of: descriptor, regions, rules)
                    _ = try await accept(batch, descriptor: descriptor)
                } catch {
                    guard Self.isOfOneLog(error) else { throw error }
                    refused[batch.log] = error
                }
            case .acknowledgement:
                if try await take(bytes, from: manifest.node) { signed += 1 }
            }
        }
        if let first = refused.min(by: { $0.key < $1.key })?.value, refused.count == tried.count {
            throw first
        }
        try await noteBundle(from: manifest.node)
        var rows: [JSONValue] = []
        var count = 0
        for (log, descriptor) in descriptors.sorted(by: { $0.key < $1.key }) {
            let held = try await logState(log)?.position.sequence ?? 0
            let old = min(before[log] ?? 0, held)
            count += Int(clamping: held - old)
            rows.append([
                "log": .string(log.description), "name": .string(descriptor.name),
                "before": .integer(Int(clamping: old)), "held": .integer(Int(clamping: held)),
                "error": .optional(refused[log]?.code.rawValue),
                "message": .optional(refused[log]?.message),
            ])
        }
        return [
            "from": .string(manifest.node.description), "name": .string(manifest.name),
            "madeAt": .string(manifest.madeAt.description),
            "brought": .integer(
                manifest.parts.reduce(0) { $0 + Int(clamping: $1.sequence - $1.after) }
            ),
            "entries": .integer(count),
            "acknowledgements": .integer(signed), "logs": .array(rows),
        ]
    }

    /// Whether a refusal is about one log, and others of the bundle can be taken.
    private static func isOfOneLog(_ error: ReportError) -> Bool {
        switch error.code {
        case .notAllowed, .forked, .integrity, .conflict: true
        default: false
        }
    }

    /// Regions that the sender of a bundle was granted.
    private func admitted(
        _ manifest: BundleManifest,
        _ rules: BundleRules
    ) throws(ReportError) -> [String] {
        if let recipient = manifest.recipient, recipient != node {
            throw ReportError(.notAllowed, "the bundle was made for another node: \(recipient)")
        }
        guard manifest.node != node else {
            throw ReportError(.conflict, "the bundle was made by this node itself")
        }
        guard let regions = rules.regions(manifest.node) else {
            throw ReportError(
                .notAllowed,
                "the bundle is by \(manifest.name), key \(manifest.node), which has no grant here",
                hint: "grant the key regions in the node's configuration; without a running node: "
                    + "--from KEY=REGION",
                details: ["from": .string(manifest.node.description)]
            )
        }
        return regions
    }

    /// Refuses a bundle that begins after what is held, and says from where to export.
    private func refuseGaps(_ manifest: BundleManifest) async throws(ReportError) {
        var wanted: [String] = []
        for part in manifest.parts where part.sequence > part.after {
            let held = try await logState(part.log)?.position.sequence ?? 0
            if part.after > held { wanted.append("\(part.log)=\(held)") }
        }
        guard !wanted.isEmpty else { return }
        let options = wanted.prefix(10).map { "--log \($0)" }.joined(separator: " ")
        throw ReportError(
            .conflict,
            "the bundle begins after entries that are missing here",
            hint: "at \(manifest.name): reportctl bundle export \(options) FILE",
            details: ["export": .strings(wanted)]
        )
    }

    /// The checks of the network that are not the store's: regions, and who may judge.
    private func check(
        _ batch: EntryBatch,
        of descriptor: LogDescriptor,
        _ granted: [String],
        _ rules: BundleRules
    ) async throws(ReportError) {
        let owner = descriptor.node
        // As in a session: what this node filed comes back from whoever has it, and what is held is
        // nothing new.
        let last = batch.first &+ UInt64(batch.entries.count) &- 1
        let held = try await logState(batch.log)?.position.sequence ?? 0
        guard owner != node, last > held else { return }
        for region in regions(of: batch) where !BundleRules.covers(region, by: granted) {
            throw ReportError(
                .notAllowed,
                "the region \(region) is not granted to the bundle's sender"
            )
        }
        guard !rules.reviewers.contains(owner) else { return }
        if let kind = judgement(in: batch, of: owner) {
            throw ReportError(
                .notAllowed,
                "the bundle holds a \(kind.name) of what another node filed: list \(owner) under reviewers"
            )
        }
    }

    /// Keeps an acknowledgement of the sender, or of a node that is known here.
    private func take(_ bytes: [UInt8], from sender: NodeID) async throws(ReportError) -> Bool {
        guard let acknowledgement = Acknowledgement(bytes), acknowledgement.isAuthentic else {
            throw ReportError(.integrity, "a bundle has an acknowledgement that is not signed")
        }
        return try await keepWitness(acknowledgement, from: sender)
    }

    /// Keeps what a node signed for a log, when both are known here and it says what is held here.
    /// - Parameters:
    ///   - acknowledgement: an acknowledgement whose signature was verified.
    ///   - peer: who brought it.
    /// - Returns: whether it was kept.
    /// - Throws: ``ReportError`` when it cannot be written.
    func keepWitness(
        _ acknowledgement: Acknowledgement,
        from peer: NodeID
    ) async throws(ReportError) -> Bool {
        guard acknowledgement.node != node else { return false }
        let position = acknowledgement.position
        let hash = try await entryHash(log: position.log, sequence: position.sequence)
        guard hash == position.hash else { return false }
        let isKnown = try await logStates().contains {
            $0.descriptor.node == acknowledgement.node
        }
        guard isKnown || acknowledgement.node == peer else { return false }
        try await keep(acknowledgement)
        return true
    }
}

import ReportModel

extension InMemoryLog {
    /// Root over hashes of entries, in one pass.
    static func tree(_ hashes: ArraySlice<Hash256>) -> Hash256 {
        var peaks: [(count: Int, hash: Hash256)] = []
        for hash in hashes {
            peaks.append((1, MerkleTree.leaf(hash)))
            while peaks.count > 1, peaks[peaks.count - 1].count == peaks[peaks.count - 2].count {
                let right = peaks.removeLast()
                let left = peaks.removeLast()
                peaks.append((left.count * 2, MerkleTree.parent(left.hash, right.hash)))
            }
        }
        guard var root = peaks.last?.hash else { return MerkleTree.emptyRoot }
        for peak in peaks.dropLast().reversed() { root = MerkleTree.parent(peak.hash, root) }
        return root
    }

    func hashesNow(_ nodes: TreeNodes, fromEntries: Bool) -> TreeNodes {
        var told = nodes
        let held = held(nodes.log)
        told.hashes = nodes.nodes.map { node in
            guard let held, nodes.size <= UInt64(held.hashes.count),
                let leaves = TreeNodes.leaves(of: node, size: nodes.size)
            else { return .zero }
            let range = Int(leaves.lowerBound)..<Int(leaves.upperBound)
            if fromEntries, held.damaged.contains(where: { range.contains($0) }) { return .zero }
            return Self.tree(held.hashes[range])
        }
        return told
    }

    func defectsNow(_ log: LogID, after sequence: UInt64, limit: Int) -> LogDefects {
        guard let held = held(log) else {
            return LogDefects(sequences: [], upTo: sequence, isEnd: true)
        }
        let last = min(held.hashes.count, Int(sequence) + limit)
        let found = (Int(sequence)..<last).filter {
            held.damaged.contains($0) || held.bare.contains($0)
        }
        return LogDefects(
            sequences: found.map { UInt64($0) + 1 },
            bare: Set(held.bare.subtracting(held.damaged).map { UInt64($0) + 1 }),
            upTo: UInt64(last),
            isEnd: last == held.hashes.count
        )
    }

    func entriesNow(_ log: LogID, _ sequences: [UInt64], byteCount: Int) -> FetchedEntries {
        var fetched = FetchedEntries(log: log, rows: [])
        var bytes = 0
        for sequence in sequences {
            let index = Int(sequence) - 1
            var entry: ReplicatedEntry?
            if let held = held(log), held.entries.indices.contains(index),
                !held.damaged.contains(index)
            {
                entry = held.entries[index]
            }
            bytes += entry?.byteCount ?? 0
            if !fetched.rows.isEmpty, bytes > byteCount { break }
            fetched.rows.append(.init(sequence: sequence, entry: entry))
        }
        return fetched
    }

    func witnessesNow(_ log: LogID) -> [Acknowledgement] {
        var newest: [NodeID: Acknowledgement] = [:]
        for kept in kept where kept.position.log == log {
            if kept.position.sequence >= newest[kept.node]?.position.sequence ?? 0 {
                newest[kept.node] = kept
            }
        }
        return newest.values.sorted { $0.node < $1.node }
    }

    func witnesses(of log: LogID) async throws(ReportError) -> [Acknowledgement] {
        witnessesNow(log)
    }

    func hashes(
        of nodes: TreeNodes,
        fromEntries: Bool
    ) async throws(ReportError) -> TreeNodes { hashesNow(nodes, fromEntries: fromEntries) }

    func defects(
        of log: LogID,
        after sequence: UInt64,
        limit: Int
    ) async throws(ReportError) -> LogDefects { defectsNow(log, after: sequence, limit: limit) }

    func entries(
        of log: LogID,
        at sequences: [UInt64],
        maximumByteCount: Int
    ) async throws(ReportError) -> FetchedEntries {
        entriesNow(log, sequences, byteCount: maximumByteCount)
    }

    func repair(_ fetched: FetchedEntries) async throws(ReportError) -> LogRepair {
        repairNow(fetched)
    }
}

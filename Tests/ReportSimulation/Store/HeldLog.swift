import ReportModel

/// One log as a simulated store holds it.
struct HeldLog: Sendable {
    var descriptor: LogDescriptor
    var entries: [ReplicatedEntry] = []
    var headers: [Entry] = []
    var hashes: [Hash256] = []
    /// Complete nodes of the Merkle tree, by level.
    var levels: [[Hash256]] = []
    var head: SignedHead?
    /// Of a log held in part: what proves its last entry under the head, as it came.
    var tailProof: [Hash256] = []
    var isForked = false
    /// The other branch of a fork, from the first entry that differs.
    var evidence: [ReplicatedEntry] = []

    init(_ descriptor: LogDescriptor) { self.descriptor = descriptor }

    var count: UInt64 { UInt64(hashes.count) }

    var position: LogPosition {
        LogPosition(log: descriptor.id, sequence: count, hash: hashes.last ?? .zero)
    }

    var state: LogState {
        LogState(descriptor: descriptor, position: position, head: head, isForked: isForked)
    }

    mutating func append(_ replicated: ReplicatedEntry, _ entry: Entry) {
        grow(Hash256(hashing: replicated.header))
        entries.append(replicated)
        headers.append(entry)
    }

    /// Lets the bodies of an entry go, and those of its copy that is kept as evidence.
    mutating func dropBodies(of hash: Hash256) {
        if let index = hashes.firstIndex(of: hash) {
            entries[index].bodies = entries[index].bodies.map { _ in nil }
        }
        for index in evidence.indices where Hash256(hashing: evidence[index].header) == hash {
            evidence[index].bodies = evidence[index].bodies.map { _ in nil }
        }
    }

    /// Whether the signed head proves that an entry is where it is; true of one that it does not cover.
    func proves(_ index: Int) -> Bool {
        guard let head, UInt64(index) < head.size, head.size <= count else { return true }
        let proof = MerkleTree.inclusionProof(of: UInt64(index), size: head.size) { node($0) }
        return MerkleTree.verifiesInclusion(
            of: Hash256(hashing: entries[index].header),
            at: UInt64(index),
            size: head.size,
            root: head.root,
            proof: proof
        )
    }

    /// Adds a leaf to the tree.
    private mutating func grow(_ hash: Hash256) {
        for (node, value) in MerkleTree.append(hash, at: count, read: { node($0) }) {
            if levels.count <= Int(node.level) { levels.append([]) }
            levels[Int(node.level)].append(value)
        }
        hashes.append(hash)
    }

    /// Hash of a stored complete node.
    func node(_ node: MerkleTree.Node) -> Hash256 { levels[Int(node.level)][Int(node.index)] }

    func root(size: UInt64) -> Hash256 { MerkleTree.root(size: size) { node($0) } }

    /// Hash of a node of the tree of `size` entries, complete or not; nil when it cannot be told.
    func hash(of node: MerkleTree.Node, size: UInt64) -> Hash256? {
        guard size <= count, let leaves = TreeNodes.leaves(of: node, size: size) else { return nil }
        var part = HeldLog(descriptor)
        for index in leaves { part.grow(hashes[Int(index)]) }
        return part.root(size: part.count)
    }

    /// Root of the tree of the first `kept` entries followed by others.
    func root(keeping kept: Int, then others: [Hash256]) -> Hash256 {
        var grown = HeldLog(descriptor)
        grown.hashes = Array(hashes.prefix(kept))
        grown.levels = levels.enumerated().map { Array($1.prefix(kept >> $0)) }
        for hash in others { grown.grow(hash) }
        return grown.root(size: grown.count)
    }

    /// Entries after a sequence with the newest head and its proof; see `ReportLog`.
    ///
    /// A log held in part goes on up to its end and at once: the proof is the one that came with it.
    func batch(after sequence: UInt64, count: Int, byteCount: Int) -> EntryBatch? {
        guard let head, min(self.count, head.size) > sequence else { return nil }
        guard self.count >= head.size else {
            return EntryBatch(
                log: descriptor.id,
                first: sequence + 1,
                entries: Array(entries[Int(sequence)...]),
                head: head,
                proof: tailProof
            )
        }
        var taken: [ReplicatedEntry] = []
        var bytes = 0
        for entry in entries[Int(sequence)..<Int(head.size)].prefix(max(1, count)) {
            bytes += entry.byteCount
            guard taken.isEmpty || bytes <= byteCount else { break }
            taken.append(entry)
        }
        let end = sequence + UInt64(taken.count)
        return EntryBatch(
            log: descriptor.id,
            first: sequence + 1,
            entries: taken,
            head: head,
            proof: MerkleTree.consistencyProof(from: end, to: head.size) { node($0) }
        )
    }
}

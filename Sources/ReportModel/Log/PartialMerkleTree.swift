/// A tree of which the first leaves are at hand, and of the rest only what a consistency proof tells.
///
/// Whoever holds a log in part under a head that covers more can so prove what it holds to others, and
/// need not wait for the rest.
///
/// Source: RFC 9162 section 2.1.4; docs/protocol.md section 5.2.
public struct PartialMerkleTree: Hashable, Sendable {
    private struct Part: Hashable, Sendable {
        var from: UInt64
        var count: UInt64
    }

    /// Leaves whose nodes can be read.
    public let held: UInt64
    /// Leaves of the whole tree.
    public let size: UInt64
    private var behind: [Part: Hash256] = [:]

    /// Takes the parts of the tree behind the held leaves from a proof; nil when it has another number
    /// of hashes.
    /// - Parameters:
    ///   - held: leaves whose nodes can be read.
    ///   - size: leaves of the whole tree.
    ///   - proof: consistency proof from `held` to `size`; it must have been verified.
    public init?(held: UInt64, size: UInt64, proof: [Hash256]) {
        guard held > 0, held <= size else { return nil }
        self.held = held
        self.size = size
        var parts: [Part] = []
        var start: UInt64 = 0
        var count = size
        var kept = held
        var whole = true
        while kept != count {
            let split = MerkleTree.largestPowerOfTwo(below: count)
            if kept <= split {
                parts.append(Part(from: start + split, count: count - split))
                count = split
            } else {
                parts.append(Part(from: start, count: split))
                start += split
                count -= split
                kept -= split
                whole = false
            }
        }
        if !whole { parts.append(Part(from: start, count: count)) }
        guard parts.count == proof.count else { return nil }
        for (part, hash) in zip(parts.reversed(), proof) where part.from >= held {
            behind[part] = hash
        }
    }

    /// Hash over a range of leaves as RFC 9162 divides the tree.
    func hash<E: Error>(
        from: UInt64,
        count: UInt64,
        read: (MerkleTree.Node) throws(E) -> Hash256
    ) throws(E) -> Hash256 {
        if from + count <= held {
            return try MerkleTree.hash(from: from, count: count, read: read)
        }
        if let hash = behind[Part(from: from, count: count)] { return hash }
        guard count > 1, from < held else { return .zero }
        let split = MerkleTree.largestPowerOfTwo(below: count)
        let left = try hash(from: from, count: split, read: read)
        let right = try hash(from: from + split, count: count - split, read: read)
        return MerkleTree.parent(left, right)
    }

    /// Proof that the tree of `old` leaves is the beginning of the whole tree.
    /// - Parameters:
    ///   - old: leaves of the smaller tree, from 1 to ``held``.
    ///   - read: hash of a complete node over held leaves.
    /// - Returns: node hashes; empty when both sizes are equal.
    /// - Throws: what `read` throws.
    public func consistencyProof<E: Error>(
        from old: UInt64,
        read: (MerkleTree.Node) throws(E) -> Hash256
    ) throws(E) -> [Hash256] {
        precondition(old <= held, "what is not held cannot be proved")
        return try MerkleTree.consistencyProof(from: old, to: size) {
            (from: UInt64, count: UInt64) throws(E) -> Hash256 in
            try hash(from: from, count: count, read: read)
        }
    }
}

extension MerkleTree {
    /// Longest proof that is looked at.
    public static let maximumProofCount = 130

    /// Proof that leaf `index` is in the tree of `size` leaves.
    /// - Parameters:
    ///   - index: index of the leaf, from 0.
    ///   - size: number of leaves; larger than `index`.
    ///   - read: hash of a stored complete node.
    /// - Returns: sibling hashes from the leaf upwards.
    /// - Throws: what `read` throws.
    ///
    /// Source: RFC 9162 section 2.1.3.1.
    public static func inclusionProof<E: Error>(
        of index: UInt64,
        size: UInt64,
        read: (Node) throws(E) -> Hash256
    ) throws(E) -> [Hash256] {
        precondition(index < size, "the leaf must be in the tree")
        var path: [Hash256] = []
        var from: UInt64 = 0
        var count = size
        while count > 1 {
            let split = largestPowerOfTwo(below: count)
            if index - from < split {
                path.append(try hash(from: from + split, count: count - split, read: read))
                count = split
            } else {
                path.append(try hash(from: from, count: split, read: read))
                from += split
                count -= split
            }
        }
        return path.reversed()
    }

    /// Whether a proof shows that `entry` is leaf `index` of the tree with this root.
    ///
    /// Source: RFC 9162 section 2.1.3.2.
    public static func verifiesInclusion(
        of entry: Hash256,
        at index: UInt64,
        size: UInt64,
        root: Hash256,
        proof: [Hash256]
    ) -> Bool {
        self.root(of: entry, at: index, size: size, proof: proof) == root
    }

    /// The root that an inclusion proof leads to; nil when it is none for that place.
    ///
    /// Source: RFC 9162 section 2.1.3.2.
    public static func root(
        of entry: Hash256,
        at index: UInt64,
        size: UInt64,
        proof: [Hash256]
    ) -> Hash256? {
        guard index < size, proof.count <= maximumProofCount else { return nil }
        var node = index
        var last = size - 1
        var hash = leaf(entry)
        for sibling in proof {
            guard last > 0 else { return nil }
            if node & 1 == 1 || node == last {
                hash = parent(sibling, hash)
                if node & 1 == 0 {
                    while node & 1 == 0, node > 0 {
                        node >>= 1
                        last >>= 1
                    }
                }
            } else {
                hash = parent(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 ? hash : nil
    }

    /// Proof that the tree of `old` leaves is the beginning of the tree of `size` leaves.
    /// - Parameters:
    ///   - old: number of leaves of the smaller tree, at least 1.
    ///   - size: number of leaves of the larger tree, at least `old`.
    ///   - read: hash of a stored complete node.
    /// - Returns: node hashes; empty when both sizes are equal.
    /// - Throws: what `read` throws.
    ///
    /// Source: RFC 9162 section 2.1.4.1.
    public static func consistencyProof<E: Error>(
        from old: UInt64,
        to size: UInt64,
        read: (Node) throws(E) -> Hash256
    ) throws(E) -> [Hash256] {
        try consistencyProof(from: old, to: size) { (from: UInt64, count: UInt64) throws(E) in
            try hash(from: from, count: count, read: read)
        }
    }

    /// The same with the hash of any range that the tree is divided into.
    static func consistencyProof<E: Error>(
        from old: UInt64,
        to size: UInt64,
        hash: (_ from: UInt64, _ count: UInt64) throws(E) -> Hash256
    ) throws(E) -> [Hash256] {
        precondition(old > 0 && old <= size, "the smaller tree must not be empty")
        var path: [Hash256] = []
        var start: UInt64 = 0
        var count = size
        var kept = old
        var whole = true
        while kept != count {
            let split = largestPowerOfTwo(below: count)
            if kept <= split {
                path.append(try hash(start + split, count - split))
                count = split
            } else {
                path.append(try hash(start, split))
                start += split
                count -= split
                kept -= split
                whole = false
            }
        }
        if !whole { path.append(try hash(start, count)) }
        return path.reversed()
    }

    /// Whether a proof shows that the old tree is the beginning of the new one.
    ///
    /// Source: RFC 9162 section 2.1.4.2.
    public static func verifiesConsistency(
        old: UInt64,
        oldRoot: Hash256,
        size: UInt64,
        root: Hash256,
        proof: [Hash256]
    ) -> Bool {
        guard old > 0, old <= size, proof.count <= maximumProofCount else { return false }
        if old == size { return proof.isEmpty && oldRoot == root }
        var path = proof[...]
        if old & (old - 1) == 0 { path = ([oldRoot] + proof)[...] }
        guard let first = path.popFirst() else { return false }
        var node = old - 1
        var last = size - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var oldHash = first
        var newHash = first
        for sibling in path {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                oldHash = parent(sibling, oldHash)
                newHash = parent(sibling, newHash)
                if node & 1 == 0 {
                    while node & 1 == 0, node > 0 {
                        node >>= 1
                        last >>= 1
                    }
                }
            } else {
                newHash = parent(newHash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == oldRoot && newHash == root
    }
}

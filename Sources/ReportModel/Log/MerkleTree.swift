/// Hashing and proofs of the tree over a log's entry hashes.
///
/// A node is named by its level (0: leaves) and its index within the level; it covers the leaves
/// `index << level ..< (index + 1) << level`. Only complete nodes are ever stored, so nothing
/// stored is rewritten as the log grows. All functions are pure: they read nodes through a closure.
///
/// Source: RFC 9162 section 2.1.
public enum MerkleTree {
    /// A complete node of the tree.
    public struct Node: Hashable, Sendable {
        /// Height above the leaves.
        public var level: UInt8
        /// Place within the level, from 0.
        public var index: UInt64

        /// Names a node.
        /// - Parameters:
        ///   - level: height above the leaves.
        ///   - index: place within the level.
        public init(level: UInt8, index: UInt64) {
            self.level = level
            self.index = index
        }
    }

    /// Root of the empty tree: the SHA-256 of nothing.
    public static let emptyRoot = Hash256(hashing: [])

    /// Hash of a leaf: SHA-256 of 0x00 and the entry hash.
    public static func leaf(_ entry: Hash256) -> Hash256 {
        var bytes: [UInt8] = [0]
        entry.append(to: &bytes)
        return Hash256(hashing: bytes)
    }

    /// Hash of an inner node: SHA-256 of 0x01 and both children.
    public static func parent(_ left: Hash256, _ right: Hash256) -> Hash256 {
        var bytes: [UInt8] = [1]
        left.append(to: &bytes)
        right.append(to: &bytes)
        return Hash256(hashing: bytes)
    }

    /// The complete nodes that appear when leaf number `index` is appended, leaf first.
    /// - Parameters:
    ///   - entry: hash of the entry.
    ///   - index: index of the leaf, from 0; sequence minus one.
    ///   - read: hash of a stored complete node.
    /// - Returns: new nodes in ascending level.
    /// - Throws: what `read` throws.
    /// - Complexity: one hash on the average, at most 64.
    public static func append<E: Error>(
        _ entry: Hash256,
        at index: UInt64,
        read: (Node) throws(E) -> Hash256
    ) throws(E) -> [(node: Node, hash: Hash256)] {
        var hash = leaf(entry)
        var node = Node(level: 0, index: index)
        var added = [(node: node, hash: hash)]
        while node.index & 1 == 1 {
            let left = try read(Node(level: node.level, index: node.index - 1))
            hash = parent(left, hash)
            node = Node(level: node.level + 1, index: node.index >> 1)
            added.append((node: node, hash: hash))
        }
        return added
    }

    /// Root of the first `size` leaves.
    /// - Parameters:
    ///   - size: number of leaves.
    ///   - read: hash of a stored complete node.
    /// - Returns: the Merkle tree hash.
    /// - Throws: what `read` throws.
    public static func root<E: Error>(
        size: UInt64,
        read: (Node) throws(E) -> Hash256
    ) throws(E) -> Hash256 {
        guard size > 0 else { return emptyRoot }
        return try hash(from: 0, count: size, read: read)
    }

    /// Hash of the subtree over leaves `from ..< from + count`, where `from` is aligned to it.
    package static func hash<E: Error>(
        from: UInt64,
        count: UInt64,
        read: (Node) throws(E) -> Hash256
    ) throws(E) -> Hash256 {
        if count & (count - 1) == 0 {
            let level = UInt8(count.trailingZeroBitCount)
            return try read(Node(level: level, index: from >> UInt64(level)))
        }
        let split = largestPowerOfTwo(below: count)
        let left = try hash(from: from, count: split, read: read)
        let right = try hash(from: from + split, count: count - split, read: read)
        return parent(left, right)
    }

    /// Largest power of two smaller than `count`; `count` is at least 2.
    static func largestPowerOfTwo(below count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}

import ReportModel

/// The chain and the tree of a log as its entries make them.
struct ChainCheck {
    let log: LogRow
    var previous = Hash256.zero
    private(set) var count: UInt64 = 0
    private var peaks: [(level: UInt8, hash: Hash256)] = []

    init(log: LogRow) { self.log = log }

    /// Adds an entry.
    /// - Parameter hash: its hash.
    /// - Returns: the complete nodes that appeared.
    mutating func add(_ hash: Hash256) -> [(node: MerkleTree.Node, hash: Hash256)] {
        previous = hash
        var node = MerkleTree.Node(level: 0, index: count)
        count += 1
        peaks.append((0, MerkleTree.leaf(hash)))
        var added = [(node: node, hash: peaks[peaks.count - 1].hash)]
        while peaks.count > 1, peaks[peaks.count - 1].level == peaks[peaks.count - 2].level {
            let right = peaks.removeLast()
            let left = peaks.removeLast()
            peaks.append((left.level + 1, MerkleTree.parent(left.hash, right.hash)))
            node = MerkleTree.Node(level: node.level + 1, index: node.index >> 1)
            added.append((node: node, hash: peaks[peaks.count - 1].hash))
        }
        return added
    }

    /// Root of the tree over everything added.
    var root: Hash256 {
        guard var hash = peaks.last?.hash else { return MerkleTree.emptyRoot }
        for peak in peaks.dropLast().reversed() { hash = MerkleTree.parent(peak.hash, hash) }
        return hash
    }
}

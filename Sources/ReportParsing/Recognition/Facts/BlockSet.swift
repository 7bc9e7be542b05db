/// A set of blocks of one document.
struct BlockSet: Sendable {
    private var isIn: [Bool]

    /// Makes an empty set for a document with so many blocks.
    init(blockCount: Int) { isIn = Array(repeating: false, count: blockCount) }

    /// Adds a block; one that does not exist is passed over.
    mutating func insert(_ block: Int) { if isIn.indices.contains(block) { isIn[block] = true } }

    /// Whether a block is in the set.
    func contains(_ block: Int) -> Bool { isIn.indices.contains(block) && isIn[block] }
}

import Glibc

/// What a check of the data file reads beyond what scrubbing needs.
///
/// Source: `MDB_page`, `MDB_node`, `MDB_meta`, `MDB_db` of mdb.c 0.9.24.
extension PageLayout {
    static let overflowFlag: UInt16 = 0x04
    static let setNodeFlag: UInt16 = 0x04
    /// `MDB_REVERSEKEY`, `MDB_INTEGERKEY`: keys in another order than that of their bytes.
    static let otherOrderFlags: UInt16 = 0x02 | 0x08

    /// A tree as its row says it is.
    struct Tree {
        var flags: UInt16
        var depth: Int
        var branchPageCount: UInt64
        var leafPageCount: UInt64
        var overflowPageCount: UInt64
        var root: UInt64

        /// Reads a row `MDB_db`.
        init?(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
            guard let flags = load(bytes, offset + 4, UInt16.self),
                let depth = load(bytes, offset + 6, UInt16.self),
                let branches = load(bytes, offset + 8, UInt64.self),
                let leaves = load(bytes, offset + 16, UInt64.self),
                let overflows = load(bytes, offset + 24, UInt64.self),
                let root = load(bytes, offset + 40, UInt64.self)
            else { return nil }
            self.flags = flags
            self.depth = Int(depth)
            branchPageCount = branches
            leafPageCount = leaves
            overflowPageCount = overflows
            self.root = root
        }
    }

    /// What a meta page says.
    struct Meta {
        var transactionID: UInt64
        var lastPage: UInt64
        var free: Tree
        var main: Tree

        /// Reads page 0 or 1; nil when it is no meta page.
        init?(_ page: UnsafeRawBufferPointer) {
            let start = headerByteCount
            guard roots(meta: page) != nil, let free = Tree(page, at: start + 24),
                let main = Tree(page, at: start + 24 + 48),
                let last = load(page, start + 120, UInt64.self),
                let transaction = load(page, start + 128, UInt64.self)
            else { return nil }
            self.free = free
            self.main = main
            lastPage = last
            transactionID = transaction
        }
    }

    /// A node with its key and what stands behind it.
    struct CheckedNode {
        var flags: UInt16
        var key: UnsafeRawBufferPointer
        /// The page below, in a branch page.
        var child: UInt64
        /// Bytes of the value; in overflow pages when ``first`` is there.
        var byteCount: Int
        /// First overflow page.
        var first: UInt64?
        /// The value in the page.
        var value: UnsafeRawBufferPointer
    }

    /// A page's own number.
    static func number(_ page: UnsafeRawBufferPointer) -> UInt64 { load(page, 0, UInt64.self) ?? 0 }

    /// How many pages a value takes, in the first of them.
    static func overflowCount(_ page: UnsafeRawBufferPointer) -> UInt32 {
        load(page, 12, UInt32.self) ?? 0
    }

    /// The nodes of a branch or leaf page, every one of them within the page; nil when one is not.
    static func checkedNodes(_ page: UnsafeRawBufferPointer) -> [CheckedNode]? {
        guard let gap = gap(page), gap.lowerBound % 2 == 0 else { return nil }
        let isBranch = flags(page) & branchFlag != 0
        var nodes: [CheckedNode] = []
        for pointer in stride(from: headerByteCount, to: gap.lowerBound, by: 2) {
            guard let offset = load(page, pointer, UInt16.self), offset >= gap.upperBound,
                let node = checkedNode(page, at: Int(offset), isBranch)
            else { return nil }
            nodes.append(node)
        }
        return nodes
    }

    private static func checkedNode(
        _ page: UnsafeRawBufferPointer,
        at offset: Int,
        _ isBranch: Bool
    ) -> CheckedNode? {
        guard let low = load(page, offset, UInt16.self),
            let high = load(page, offset + 2, UInt16.self),
            let flags = load(page, offset + 4, UInt16.self),
            let keyByteCount = load(page, offset + 6, UInt16.self)
        else { return nil }
        let start = offset + 8
        let data = start + Int(keyByteCount)
        guard data <= page.count else { return nil }
        let key = UnsafeRawBufferPointer(rebasing: page[start..<data])
        let number = UInt64(low) | UInt64(high) << 16
        let none = UnsafeRawBufferPointer(rebasing: page[data..<data])
        if isBranch {
            let child = number | UInt64(flags) << 32
            return CheckedNode(flags: 0, key: key, child: child, byteCount: 0, value: none)
        }
        guard flags & ~(bigNodeFlag | tableNodeFlag | setNodeFlag) == 0 else { return nil }
        var node = CheckedNode(
            flags: flags,
            key: key,
            child: 0,
            byteCount: Int(number),
            value: none
        )
        if flags & bigNodeFlag != 0 {
            guard let first = load(page, data, UInt64.self) else { return nil }
            node.first = first
            return node
        }
        guard Int(number) <= page.count - data else { return nil }
        node.value = UnsafeRawBufferPointer(rebasing: page[data..<data + Int(number)])
        return node
    }
}

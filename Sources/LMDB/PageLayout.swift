import Glibc

/// The data file of liblmdb 0.9 as it lies on the disk, as far as scrubbing needs it.
///
/// Integers are in the order of this machine, as liblmdb writes them; every read is checked against
/// the end of its page. Source: `MDB_page`, `MDB_node`, `MDB_meta`, `MDB_db` of mdb.c 0.9.24.
enum PageLayout {
    static let headerByteCount = 16
    static let noPage = UInt64.max

    static let branchFlag: UInt16 = 0x01
    static let leafFlag: UInt16 = 0x02
    static let metaFlag: UInt16 = 0x08
    static let fixedLeafFlag: UInt16 = 0x20

    /// The value lies in overflow pages.
    static let bigNodeFlag: UInt16 = 0x01
    /// The value is a table.
    static let tableNodeFlag: UInt16 = 0x02
    private static let nodeHeaderByteCount = 8
    private static let tableByteCount = 48
    private static let rootOffset = 40
    private static let metaMagic: UInt32 = 0xBEEF_C0DE
    private static let metaVersion: UInt32 = 1

    /// A node of a page, as far as it leads on.
    enum Node {
        case page(UInt64)
        case overflow(first: UInt64, byteCount: Int)
        case value
    }

    /// Roots of the list of free pages and of the main tree, as a meta page names them.
    /// - Parameter page: bytes of page 0 or 1.
    /// - Returns: the roots that are there; nil when this is no meta page.
    static func roots(meta page: UnsafeRawBufferPointer) -> [UInt64]? {
        let start = headerByteCount
        guard let flags = load(page, 10, UInt16.self), flags & metaFlag != 0,
            load(page, start, UInt32.self) == metaMagic,
            load(page, start + 4, UInt32.self) == metaVersion,
            let free = load(page, start + 24 + rootOffset, UInt64.self),
            let main = load(page, start + 24 + tableByteCount + rootOffset, UInt64.self)
        else { return nil }
        return [free, main].filter { $0 != noPage }
    }

    /// Flags of a page.
    static func flags(_ page: UnsafeRawBufferPointer) -> UInt16 {
        load(page, 10, UInt16.self) ?? 0
    }

    /// The unused part of a branch or leaf page.
    /// - Parameter page: bytes of the page.
    /// - Returns: offsets; nil when the page contradicts itself, empty for sorted sets.
    static func gap(_ page: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let lower = load(page, 12, UInt16.self), let upper = load(page, 14, UInt16.self),
            lower >= UInt16(headerByteCount), lower <= upper, Int(upper) <= page.count
        else { return nil }
        if flags(page) & fixedLeafFlag != 0 { return 0..<0 }
        return Int(lower)..<Int(upper)
    }

    /// What the nodes of a page lead to.
    /// - Parameter page: bytes of the page.
    /// - Returns: one element a node; nil when the page contradicts itself.
    static func nodes(_ page: UnsafeRawBufferPointer) -> [Node]? {
        guard let gap = gap(page) else { return nil }
        let isBranch = flags(page) & branchFlag != 0
        var nodes: [Node] = []
        for pointer in stride(from: headerByteCount, to: gap.lowerBound, by: 2) {
            guard let offset = load(page, pointer, UInt16.self),
                let node = node(page, at: Int(offset), isBranch: isBranch)
            else { return nil }
            nodes.append(node)
        }
        return nodes
    }

    private static func node(
        _ page: UnsafeRawBufferPointer,
        at offset: Int,
        isBranch: Bool
    ) -> Node? {
        guard let low = load(page, offset, UInt16.self),
            let high = load(page, offset + 2, UInt16.self),
            let flags = load(page, offset + 4, UInt16.self),
            let keyByteCount = load(page, offset + 6, UInt16.self)
        else { return nil }
        let number = UInt64(low) | UInt64(high) << 16
        if isBranch { return .page(number | UInt64(flags) << 32) }
        let data = offset + nodeHeaderByteCount + Int(keyByteCount)
        if flags & bigNodeFlag != 0 {
            guard let first = load(page, data, UInt64.self) else { return nil }
            return .overflow(first: first, byteCount: Int(number))
        }
        if flags & tableNodeFlag != 0 {
            guard let root = load(page, data + rootOffset, UInt64.self) else { return nil }
            return root == noPage ? .value : .page(root)
        }
        return .value
    }

    /// A row of the list of free pages.
    static func freeList(
        key: [UInt8],
        value: [UInt8]
    ) -> (transactionID: Int, pages: [Int])? {
        func word(_ bytes: [UInt8], _ index: Int) -> Int? {
            bytes.withUnsafeBytes { load($0, index * 8, Int.self) }
        }
        guard key.count == 8, let transactionID = word(key, 0), let count = word(value, 0),
            count >= 0, count <= value.count / 8 - 1
        else { return nil }
        return (transactionID, (0..<count).compactMap { word(value, $0 + 1) })
    }

    /// Whether all bytes are zero.
    static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress, let first = bytes.first else { return true }
        return first == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
    }

    static func load<T: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer,
        _ offset: Int,
        _ type: T.Type
    ) -> T? {
        guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { return nil }
        return bytes.loadUnaligned(fromByteOffset: offset, as: type)
    }
}

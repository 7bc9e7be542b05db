import Glibc

/// Walks every tree of one snapshot by reading the file, so that nothing it meets can end the process.
///
/// Checked are the pages themselves, their nodes, the order of keys within and between pages, the
/// numbers of pages that the tables state, that no page is used twice, and that none in use is free.
/// What values mean is not looked at.
struct PageChecker: ~Copyable {
    private(set) var problems: [String] = []
    private(set) var pageCount = 0
    private let descriptor: Int32
    private let pageByteCount: Int
    private let lastPage: UInt64
    /// One bit a page.
    private var used: [UInt64]

    /// One tree while it is walked.
    private struct Walk {
        var name: String
        var tree: PageLayout.Tree
        var branchCount: UInt64 = 0
        var leafCount: UInt64 = 0
        var overflowCount: UInt64 = 0
        var isFreeList = false
        /// Whether keys stand in the order of their bytes.
        var isOrdered: Bool { !isFreeList && tree.flags & PageLayout.otherOrderFlags == 0 }
    }

    init(descriptor: Int32, pageByteCount: Int, lastPage: UInt64) {
        self.descriptor = descriptor
        self.pageByteCount = pageByteCount
        self.lastPage = lastPage
        used = [UInt64](repeating: 0, count: Int(clamping: lastPage / 64) + 1)
    }

    /// Checks the trees that a meta page names.
    mutating func check(_ meta: PageLayout.Meta) {
        var free: [UInt64] = []
        check("free list", meta.free, isFreeList: true, depth: 0, &free)
        check("main", meta.main, isFreeList: false, depth: 0, &free)
        for page in free {
            guard page >= 2, page <= lastPage else {
                problem("free list: page \(page) is not in the file")
                continue
            }
            if isUsed(page) { problem("page \(page) is both in use and free") }
        }
    }

    private mutating func problem(_ text: String) {
        if problems.count < Limits.maximumPageProblemCount { problems.append(text) }
    }

    private func isUsed(_ page: UInt64) -> Bool {
        used[Int(page / 64)] & 1 << (page % 64) != 0
    }

    /// Notes that a page is in use.
    private mutating func take(_ page: UInt64, _ name: String) -> Bool {
        guard page >= 2, page <= lastPage else {
            problem("\(name): page \(page) is not in the file")
            return false
        }
        guard !isUsed(page) else {
            problem("\(name): page \(page) is used twice")
            return false
        }
        used[Int(page / 64)] |= 1 << (page % 64)
        pageCount += 1
        return true
    }

    private mutating func check(
        _ name: String,
        _ tree: PageLayout.Tree,
        isFreeList: Bool,
        depth: Int,
        _ free: inout [UInt64]
    ) {
        guard tree.root != PageLayout.noPage else { return }
        guard depth < Limits.maximumTreeDepth, tree.depth < Limits.maximumTreeDepth else {
            return problem("\(name): its tree is too high")
        }
        var walk = Walk(name: name, tree: tree)
        walk.isFreeList = isFreeList
        var tables: [(String, PageLayout.Tree)] = []
        visit(tree.root, 1, low: nil, high: nil, &walk, &tables, &free)
        if walk.branchCount != tree.branchPageCount || walk.leafCount != tree.leafPageCount
            || walk.overflowCount != tree.overflowPageCount
        {
            problem("\(name): its pages are not as many as its row says")
        }
        for (name, tree) in tables {
            check(name, tree, isFreeList: false, depth: depth + 1, &free)
        }
    }

    private mutating func visit(
        _ number: UInt64,
        _ level: Int,
        low: [UInt8]?,
        high: [UInt8]?,
        _ walk: inout Walk,
        _ tables: inout [(String, PageLayout.Tree)],
        _ free: inout [UInt64]
    ) {
        guard take(number, walk.name) else { return }
        let place = "\(walk.name): page \(number)"
        guard let bytes = read(number, place) else { return }
        let children = bytes.withUnsafeBytes { page in
            self.children(page, number, level, (low, high), &walk, &tables, &free)
        }
        guard let children else { return }
        for (index, child) in children.enumerated() {
            let next = index + 1 < children.count ? children[index + 1].key : high
            visit(
                child.page,
                level + 1,
                low: index == 0 ? low : child.key,
                high: next,
                &walk,
                &tables,
                &free
            )
        }
    }

    /// Checks one page.
    /// - Returns: the pages below it with their least keys; nil when it cannot be understood.
    private mutating func children(
        _ page: UnsafeRawBufferPointer,
        _ number: UInt64,
        _ level: Int,
        _ bounds: (low: [UInt8]?, high: [UInt8]?),
        _ walk: inout Walk,
        _ tables: inout [(String, PageLayout.Tree)],
        _ free: inout [UInt64]
    ) -> [(key: [UInt8], page: UInt64)]? {
        let place = "\(walk.name): page \(number)"
        guard PageLayout.number(page) == number else {
            problem("\(place) says that it is page \(PageLayout.number(page))")
            return nil
        }
        let kind = PageLayout.flags(page)
        let isBranch = level < walk.tree.depth
        let isFixed = kind == PageLayout.leafFlag | PageLayout.fixedLeafFlag && !isBranch
        guard kind == (isBranch ? PageLayout.branchFlag : PageLayout.leafFlag) || isFixed else {
            problem("\(place) is of another kind than its height says")
            return nil
        }
        if isBranch { walk.branchCount += 1 } else { walk.leafCount += 1 }
        if isFixed { return [] }
        guard let nodes = PageLayout.checkedNodes(page), !nodes.isEmpty else {
            problem("\(place) contradicts itself")
            return nil
        }
        // The first key of a branch page stands for everything below the second.
        let keys = nodes.dropFirst(isBranch ? 1 : 0).map(\.key)
        if walk.isOrdered, !isInOrder(keys, bounds) {
            problem("\(place) has keys in another order")
        }
        guard !isBranch else { return nodes.map { (Array($0.key), $0.child) } }
        for node in nodes { check(node, place, &walk, &tables, &free) }
        return []
    }

    private func isInOrder(
        _ keys: [UnsafeRawBufferPointer],
        _ bounds: (low: [UInt8]?, high: [UInt8]?)
    ) -> Bool {
        for (left, right) in zip(keys, keys.dropFirst()) where compareBytes(left, right) >= 0 {
            return false
        }
        guard let first = keys.first, let last = keys.last else { return true }
        let isAbove = bounds.low?.withUnsafeBytes { compareBytes(first, $0) >= 0 } ?? true
        let isBelow = bounds.high?.withUnsafeBytes { compareBytes(last, $0) < 0 } ?? true
        return isAbove && isBelow
    }

    private mutating func check(
        _ node: PageLayout.CheckedNode,
        _ place: String,
        _ walk: inout Walk,
        _ tables: inout [(String, PageLayout.Tree)],
        _ free: inout [UInt64]
    ) {
        if let first = node.first {
            guard let bytes = checkOverflow(first, node.byteCount, place, &walk) else { return }
            if walk.isFreeList { addFree(node.key, bytes, place, &free) }
            return
        }
        if walk.isFreeList { return addFree(node.key, Array(node.value), place, &free) }
        guard node.flags & PageLayout.tableNodeFlag != 0 else { return }
        guard let tree = PageLayout.Tree(node.value, at: 0) else {
            return problem("\(place) has a table whose row is too short")
        }
        let isSet = node.flags & PageLayout.setNodeFlag != 0
        let name =
            isSet ? "\(walk.name), a set" : String(decoding: node.key, as: UTF8.self)
        tables.append((name, tree))
    }

    /// Checks the pages of a large value.
    /// - Returns: its bytes for the list of free pages; nothing for other trees.
    private mutating func checkOverflow(
        _ first: UInt64,
        _ byteCount: Int,
        _ place: String,
        _ walk: inout Walk
    ) -> [UInt8]? {
        let count = (PageLayout.headerByteCount + byteCount + pageByteCount - 1) / pageByteCount
        let (end, overflow) = first.addingReportingOverflow(UInt64(count))
        guard !overflow, first >= 2, end <= lastPage + 1 else {
            problem("\(place) leads to a value that is not in the file")
            return nil
        }
        // All of them: a value is read whole, and one page that the disk does not give ends that.
        for number in first..<end {
            guard take(number, place), read(number, place) != nil else { return nil }
        }
        walk.overflowCount += UInt64(count)
        guard let head = read(first, place) else { return nil }
        let isSound = head.withUnsafeBytes { page in
            PageLayout.number(page) == first && PageLayout.flags(page) == PageLayout.overflowFlag
                && PageLayout.overflowCount(page) == UInt32(count)
        }
        guard isSound else {
            problem("\(place) leads to page \(first), which is none of a large value")
            return nil
        }
        guard walk.isFreeList else { return [] }
        return read(
            Int(first) * pageByteCount + PageLayout.headerByteCount,
            count: byteCount,
            place
        )
    }

    private mutating func addFree(
        _ key: UnsafeRawBufferPointer,
        _ value: [UInt8],
        _ place: String,
        _ free: inout [UInt64]
    ) {
        guard let list = PageLayout.freeList(key: Array(key), value: value) else {
            return problem("\(place) has a list of free pages that is not understood")
        }
        free += list.pages.map { UInt64(clamping: $0) }
    }

    private mutating func read(_ number: UInt64, _ place: String) -> [UInt8]? {
        read(Int(number) * pageByteCount, count: pageByteCount, place)
    }

    private mutating func read(_ offset: Int, count: Int, _ place: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, offset + done)
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else {
                let reason = step == 0 ? "the file ends before" : String(cString: strerror(errno))
                problem("\(place) cannot be read: \(reason)")
                return nil
            }
            done += step
        }
        return bytes
    }
}

import Failpoints
import Glibc

/// Overwrites parts of a data file that no snapshot reaches, while the writer's lock is held.
struct PageScrubber: ~Copyable {
    var result = ScrubResult()
    private let descriptor: Int32
    private let pageByteCount: Int
    private var usedByteCount = 0
    private var fileByteCount = 0
    private let buffer: UnsafeMutableRawBufferPointer
    private let zeros: UnsafeMutableRawBufferPointer
    private var visited: Set<UInt64> = []

    init(descriptor: Int32, information: EnvironmentInformation) throws(LMDBError) {
        self.descriptor = descriptor
        pageByteCount = information.pageByteCount
        let count = max(pageByteCount, Limits.scrubStepByteCount)
        buffer = .allocate(byteCount: count, alignment: 16)
        zeros = .allocate(byteCount: count, alignment: 16)
        zeros.initializeMemory(as: UInt8.self, repeating: 0)
        try adopt(information)
    }

    /// Takes over how long the file has become.
    mutating func adopt(_ information: EnvironmentInformation) throws(LMDBError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "fstat")
        }
        usedByteCount = information.usedByteCount
        fileByteCount = Int(status.st_size)
    }

    /// Puts what was overwritten on the disk.
    func flush() throws(LMDBError) {
        guard Failpoint.scrubSync.around({ fdatasync(descriptor) }) == 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "fdatasync")
        }
    }

    deinit {
        buffer.deallocate()
        zeros.deallocate()
    }

    /// Overwrites whole pages.
    /// - Parameter pages: their numbers, ascending.
    /// - Throws: ``LMDBError`` `.corrupted` when there is no such page; errors of the system.
    mutating func overwrite(_ pages: [Int]) throws(LMDBError) {
        var index = 0
        while index < pages.count {
            let first = pages[index]
            var count = 1
            while index + count < pages.count, pages[index + count] == first + count,
                (count + 1) * pageByteCount <= buffer.count
            {
                count += 1
            }
            // Never a meta page, whatever a damaged list says.
            guard first >= 2, (first + count) * pageByteCount <= usedByteCount else {
                throw LMDBError(.corrupted, "FREE_DBI")
            }
            try overwrite(from: first * pageByteCount, count: count * pageByteCount)
            index += count
        }
    }

    /// Overwrites what lies behind the last page in use: left there by writes given up.
    mutating func overwriteEnd() throws(LMDBError) {
        var offset = usedByteCount
        while offset < fileByteCount {
            let count = min(buffer.count, fileByteCount - offset)
            try overwrite(from: offset, count: count)
            offset += count
        }
    }

    private mutating func overwrite(from offset: Int, count: Int) throws(LMDBError) {
        // A page at the end that was never written is not in the file.
        let count = try read(min(count, max(0, fileByteCount - offset)), at: offset)
        guard !PageLayout.isZero(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
        for start in stride(from: 0, to: count, by: pageByteCount) {
            let page = buffer[start..<min(count, start + pageByteCount)]
            if !PageLayout.isZero(UnsafeRawBufferPointer(rebasing: page)) {
                result.overwrittenPageCount += 1
            }
        }
        try writeZeros(count, at: offset)
    }

    /// Clears the unused parts of pages of a snapshot that is held, beside the writer.
    ///
    /// What was cleared is passed over by ``clearTrees()``: a page keeps its number only while it is not
    /// changed, and so does everything below it. A commit that comes between may lead to pages that this
    /// does not know yet; then everything is left to ``clearTrees()``.
    mutating func clearTreesBeforehand() {
        do throws(LMDBError) {
            try clearTrees()
        } catch {
            visited = []
        }
    }

    /// Clears the unused parts of all pages of the last commit and of the one before it.
    mutating func clearTrees() throws(LMDBError) {
        var roots: [UInt64] = []
        for number in 0..<2 {
            let page = try page(UInt64(number))
            guard let found = PageLayout.roots(meta: page) else {
                throw LMDBError(.corrupted, "MDB_meta")
            }
            roots += found
        }
        for root in roots { try clear(root, depth: 0) }
    }

    private mutating func clear(_ number: UInt64, depth: Int) throws(LMDBError) {
        guard depth < Limits.maximumTreeDepth else {
            throw LMDBError(.corrupted, "MDB_page")
        }
        guard visited.insert(number).inserted else { return }
        let page = try page(number)
        let flags = PageLayout.flags(page)
        guard flags & (PageLayout.branchFlag | PageLayout.leafFlag) != 0,
            let gap = PageLayout.gap(page)
        else { throw LMDBError(.corrupted, "MDB_page") }
        if !PageLayout.isZero(UnsafeRawBufferPointer(rebasing: page[gap])) {
            try writeZeros(gap.count, at: Int(number) * pageByteCount + gap.lowerBound)
            result.clearedPageCount += 1
        }
        guard flags & PageLayout.fixedLeafFlag == 0 else { return }
        guard let nodes = PageLayout.nodes(page) else {
            throw LMDBError(.corrupted, "MDB_node")
        }
        for node in nodes {
            switch node {
            case .page(let child): try clear(child, depth: depth + 1)
            case .overflow(let first, let count): try clearBehind(first, byteCount: count)
            case .value: continue
            }
        }
    }

    /// Clears what lies behind a value in its overflow pages.
    private mutating func clearBehind(_ first: UInt64, byteCount: Int) throws(LMDBError) {
        let used = PageLayout.headerByteCount + byteCount
        let whole = (used + pageByteCount - 1) / pageByteCount * pageByteCount
        let last = UInt64(whole / pageByteCount - 1)
        let (number, overflow) = first.addingReportingOverflow(last)
        guard first >= 2, !overflow, number < UInt64(usedByteCount / pageByteCount) else {
            throw LMDBError(.corrupted, "MDB_node")
        }
        let offset = Int(first) * pageByteCount + used
        let count = try read(whole - used, at: offset)
        guard !PageLayout.isZero(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
        try writeZeros(count, at: offset)
        result.clearedPageCount += 1
    }

    private func page(_ number: UInt64) throws(LMDBError) -> UnsafeRawBufferPointer {
        guard number < UInt64(usedByteCount / pageByteCount),
            try read(pageByteCount, at: Int(number) * pageByteCount) == pageByteCount
        else { throw LMDBError(.corrupted, "MDB_page") }
        return UnsafeRawBufferPointer(rebasing: buffer[..<pageByteCount])
    }

    /// Reads into the buffer; fewer bytes only at the end of the file.
    private func read(_ count: Int, at offset: Int) throws(LMDBError) -> Int {
        var done = 0
        while done < count {
            let step = pread(
                descriptor,
                buffer.baseAddress.map { $0 + done },
                count - done,
                offset + done
            )
            if step == 0 { break }
            if step < 0 {
                if errno == EINTR { continue }
                throw LMDBError(LMDBError.Code(rawValue: errno), "pread")
            }
            done += step
        }
        return done
    }

    private func writeZeros(_ count: Int, at offset: Int) throws(LMDBError) {
        var done = 0
        while done < count {
            let step = pwrite(
                descriptor,
                zeros.baseAddress,
                min(zeros.count, count - done),
                offset + done
            )
            if step < 0 {
                if errno == EINTR { continue }
                throw LMDBError(LMDBError.Code(rawValue: errno), "pwrite")
            }
            done += step
        }
    }
}

import LMDB
import ReportModel

/// Postings of a segment in blocks that fill pages.
///
/// Key of a block: segment 4, first bigram 4, part 4. A block is a checksum and entries: difference to
/// the bigram before, bytes of the postings, postings. The last term of a block goes on in the next one
/// as the next part when it does not fit. Postings are differences to the report before less one, with
/// the lowest bit set when a byte follows that says what the report counts.
///
/// Source: docs/format.md section 8.
enum PostingBlock {
    static let keyByteCount = 12

    static func key(_ segment: UInt32, _ bigram: UInt32, part: UInt32 = 0) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(keyByteCount)
        key.appendBigEndian(segment)
        key.appendBigEndian(bigram)
        key.appendBigEndian(part)
        return key
    }

    /// The parts of a key; nil when it is none.
    static func parts(_ key: UnsafeRawBufferPointer) -> (
        segment: UInt32, bigram: UInt32, part: UInt32
    )? {
        guard key.count == keyByteCount else { return nil }
        func number(_ offset: Int) -> UInt32 {
            key.loadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian
        }
        return (number(0), number(4), number(8))
    }

    /// Reads the head of the entry at an offset and moves behind its postings.
    /// - Returns: the bigram and the range of its postings; nil at the end.
    @inline(__always)
    static func entry(
        _ block: UnsafeRawBufferPointer,
        _ offset: inout Int,
        after bigram: UInt32
    ) throws(SearchDamage) -> (bigram: UInt32, range: Range<Int>)? {
        if offset == block.count { return nil }
        guard let difference = Varint.read(block, &offset),
            let count = Varint.read(block, &offset),
            difference <= UInt64(UInt32.max - bigram), count <= UInt64(block.count - offset)
        else { throw SearchDamage() }
        let start = offset
        offset += Int(count)
        return (bigram + UInt32(difference), start..<offset)
    }
}

/// Writes the blocks of a segment, terms in ascending order.
struct BlockWriter {
    let segment: UInt32
    let base: UInt32
    /// Bytes of the blocks so far.
    var byteCount: Int { readyByteCount + block.count }
    private var readyByteCount = 0
    private var blocks: [(key: [UInt8], block: [UInt8])] = []
    private var block: [UInt8] = []
    private var entry: [UInt8] = []
    private var first: UInt32 = 0
    private var firstPart: UInt32 = 0
    private var last: UInt32 = 0
    private var bigram: UInt32 = 0
    private var part: UInt32 = 0
    private var next: UInt32 = 0

    private static let capacity = SearchLimits.blockByteCount - Sealed.byteCount
    /// Most bytes of the head of an entry and one posting.
    private static let reserve = 5 + 3 + 6

    init(segment: UInt32, base: UInt32) {
        self.segment = segment
        self.base = base
        block.reserveCapacity(Self.capacity)
        entry.reserveCapacity(Self.capacity)
    }

    /// Begins a term.
    mutating func begin(_ bigram: UInt32) {
        self.bigram = bigram
        part = 0
        next = base
    }

    /// Adds a report to the term; in ascending order.
    @inline(__always)
    mutating func add(_ document: UInt32, weight: UInt8) {
        if block.count + entry.count + Self.reserve > Self.capacity {
            let isCut = !entry.isEmpty
            endEntry()
            flush()
            if isCut { part += 1 }
            next = base
        }
        let coded = UInt64(document - next) << 1 | (weight > 0 ? 1 : 0)
        Varint.append(coded, to: &entry)
        if weight > 0 { entry.append(weight) }
        next = document + 1
    }

    /// Ends a term.
    mutating func end() { endEntry() }

    private mutating func endEntry() {
        guard !entry.isEmpty else { return }
        if block.isEmpty {
            first = bigram
            firstPart = part
            last = bigram
        }
        Varint.append(UInt64(bigram - last), to: &block)
        Varint.append(UInt64(entry.count), to: &block)
        block.append(contentsOf: entry)
        entry.removeAll(keepingCapacity: true)
        last = bigram
    }

    /// Ends the block in hand; the next term begins a new one.
    private mutating func flush() {
        guard !block.isEmpty else { return }
        blocks.append((PostingBlock.key(segment, first, part: firstPart), block))
        readyByteCount += block.count
        block.removeAll(keepingCapacity: true)
    }

    /// Writes every block.
    mutating func write(
        to table: Database,
        _ transaction: borrowing WriteTransaction
    ) throws(LMDBError) {
        flush()
        for (key, block) in blocks {
            try transaction.put(key, Sealed.seal(block), in: table)
        }
        blocks = []
    }
}

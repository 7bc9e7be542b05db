import ReportModel

/// The place of a report among all that were found; the same on every node that holds the same.
///
/// More and better places of the words come first, then newer years, regions by their codes, keys by
/// their hashes, and newer versions.
struct SearchRank: Comparable, Hashable {
    private var head: UInt64
    private var keyHash: UInt64
    private var tail: UInt64

    init(score: UInt16, _ row: DocumentRow) {
        head =
            UInt64(UInt16.max - score) << 48 | UInt64(UInt16.max - row.year) << 32
            | UInt64(row.region)
        keyHash = row.keyHash
        tail = UInt64(UInt32.max - row.number) << 32 | UInt64(row.entryHash)
    }

    @inline(__always)
    static func < (left: SearchRank, right: SearchRank) -> Bool {
        if left.head != right.head { return left.head < right.head }
        if left.keyHash != right.keyHash { return left.keyHash < right.keyHash }
        return left.tail < right.tail
    }

    /// The place to continue after, with the number of rows before it.
    func token(count: Int) -> String {
        var bytes: [UInt8] = []
        for number in [head, keyHash, tail, UInt64(clamping: count)] {
            bytes.appendBigEndian(number)
        }
        return HexText.text(bytes)
    }

    /// Reads a token.
    /// - Throws: ``ReportError`` `usage` when it is none.
    static func parse(_ token: String) throws(ReportError) -> (rank: SearchRank, count: Int) {
        guard token.utf8.count == 64, let bytes = HexText.bytes(token) else {
            throw ReportError(
                .usage,
                "'\(token)' is no place to continue a search after",
                hint: "take `next` of the page before"
            )
        }
        var reader = ByteReader(bytes[...])
        let numbers = (0..<4).map { _ in reader.integer(UInt64.self) ?? 0 }
        let rank = SearchRank(head: numbers[0], keyHash: numbers[1], tail: numbers[2])
        return (rank, Int(clamping: numbers[3]))
    }

    private init(head: UInt64, keyHash: UInt64, tail: UInt64) {
        self.head = head
        self.keyHash = keyHash
        self.tail = tail
    }
}

/// Found reports, given out the best first; only what is asked for is put in order.
struct CandidateHeap {
    struct Candidate {
        var rank: SearchRank
        var document: UInt32
    }

    private var items: [Candidate]

    /// Number of those not yet given out.
    var count: Int { items.count }

    init(_ items: [Candidate]) {
        self.items = items
        var index = items.count / 2
        while index > 0 {
            index -= 1
            sink(index)
        }
    }

    /// The best one left; nil when there is none.
    mutating func next() -> Candidate? {
        guard let best = items.first, let last = items.popLast() else { return nil }
        if !items.isEmpty {
            items[0] = last
            sink(0)
        }
        return best
    }

    private mutating func sink(_ start: Int) {
        items.withUnsafeMutableBufferPointer { items in
            var index = start
            let item = items[index]
            while true {
                var child = 2 * index + 1
                guard child < items.count else { break }
                if child + 1 < items.count, items[child + 1].rank < items[child].rank { child += 1 }
                guard items[child].rank < item.rank else { break }
                items[index] = items[child]
                index = child
            }
            items[index] = item
        }
    }
}

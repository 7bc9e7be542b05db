/// Bigrams of the reports of one new segment, sorted when all are there.
///
/// An occurrence is one word: bigram 32 bits, number of the report in the batch 20, points 12.
struct OccurrenceBuffer {
    private var items: [UInt64] = []
    private var scratch: [UInt64] = []

    /// Number of occurrences.
    var count: Int { items.count }

    /// Adds the bigrams of a folded text.
    @inline(__always)
    mutating func add(_ scalars: [UInt32], document: Int, points: UInt64) {
        guard scalars.count > 1 else { return }
        let tail = UInt64(document) << 12 | points
        var first = scalars[0]
        for index in 1..<scalars.count {
            let second = scalars[index]
            if first != 0x20, second != 0x20 {
                items.append(UInt64(Bigram.make(first, second)) << 32 | tail)
            }
            first = second
        }
    }

    /// Drops what was added after a count.
    mutating func cut(to count: Int) { items.removeSubrange(count...) }

    /// Forgets everything, and gives memory back that an unusual report took.
    mutating func reset() {
        let usual = 2 * SearchLimits.batchOccurrenceCount
        items.removeAll(keepingCapacity: items.capacity <= usual)
        if scratch.capacity > usual { scratch = [] }
    }

    /// Writes the terms in ascending order, each with its reports in the order of their numbers.
    /// - Parameters:
    ///   - documents: the report of each number.
    ///   - writer: takes the terms.
    mutating func write(documents: [UInt32], to writer: inout BlockWriter) {
        sort()
        var index = 0
        while index < items.count {
            let bigram = UInt32(truncatingIfNeeded: items[index] >> 32)
            writer.begin(bigram)
            while index < items.count, UInt32(truncatingIfNeeded: items[index] >> 32) == bigram {
                let head = items[index] >> 12
                var points: UInt64 = 0
                while index < items.count, items[index] >> 12 == head {
                    points += items[index] & 0xFFF
                    index += 1
                }
                let document = documents[Int(head & 0xFFFFF)]
                writer.add(document, weight: PostingList.weight(points: points))
            }
            writer.end()
        }
    }

    /// Sorts by bigram and leaves the order of reports as it is: three passes over eleven bits.
    private mutating func sort() {
        if scratch.count != items.count {
            scratch = [UInt64](repeating: 0, count: items.count)
        }
        for pass in 0..<3 {
            let shift = UInt64(32 + 11 * pass)
            var starts = [Int](repeating: 0, count: 2049)
            items.withUnsafeBufferPointer { from in
                scratch.withUnsafeMutableBufferPointer { to in
                    for item in from { starts[Int(item >> shift & 0x7FF) + 1] += 1 }
                    for bucket in 1...2048 { starts[bucket] += starts[bucket - 1] }
                    starts.withUnsafeMutableBufferPointer { starts in
                        for item in from {
                            let bucket = Int(item >> shift & 0x7FF)
                            to[starts[bucket]] = item
                            starts[bucket] += 1
                        }
                    }
                }
            }
            swap(&items, &scratch)
        }
    }
}

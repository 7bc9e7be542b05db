/// The reports that hold something, in ascending order, each with what it counts.
struct PostingList {
    var documents: [UInt32] = []
    /// What each counts, in steps that grow.
    var weights: [UInt16] = []

    /// Sums of points that begin each step above 0.
    private static let steps: [UInt64] = [2, 3, 4, 5, 7, 9, 12, 16, 21, 28, 37, 49, 65, 97, 161]

    /// The step of a sum of points, 0 to 15.
    static func weight(points: UInt64) -> UInt8 {
        if points < 2 { return 0 }
        return UInt8(steps.firstIndex { points < $0 } ?? steps.count)
    }

    /// Appends a piece of a term as a block holds it.
    /// - Parameters:
    ///   - bytes: the piece.
    ///   - base: the first report of the segment.
    /// - Throws: ``SearchDamage`` when the bytes are none.
    mutating func append(
        decoding bytes: UnsafeRawBufferPointer,
        base: UInt32
    ) throws(SearchDamage) {
        var offset = 0
        var next = UInt64(base)
        while offset < bytes.count {
            guard let coded = Varint.read(bytes, &offset) else { throw SearchDamage() }
            let document = next + coded >> 1
            var weight: UInt16 = 0
            if coded & 1 == 1 {
                guard offset < bytes.count else { throw SearchDamage() }
                weight = UInt16(bytes[offset])
                offset += 1
            }
            guard document <= SearchLimits.maximumDocument else { throw SearchDamage() }
            documents.append(UInt32(truncatingIfNeeded: document))
            weights.append(weight)
            next = document + 1
        }
    }

    /// Keeps the reports that another list has as well.
    /// - Parameters:
    ///   - other: the other list.
    ///   - combine: what a report counts that is in both.
    mutating func intersect(
        _ other: PostingList,
        _ combine: (UInt16, UInt16) -> UInt16
    ) {
        var kept = 0
        var right = 0
        for left in documents.indices {
            let document = documents[left]
            while right < other.documents.count, other.documents[right] < document { right += 1 }
            if right == other.documents.count { break }
            guard other.documents[right] == document else { continue }
            documents[kept] = document
            weights[kept] = combine(weights[left], other.weights[right])
            kept += 1
        }
        documents.removeSubrange(kept...)
        weights.removeSubrange(kept...)
    }

    /// Drops the reports that another list has.
    mutating func subtract(_ other: PostingList) {
        var kept = 0
        var right = 0
        for left in documents.indices {
            let document = documents[left]
            while right < other.documents.count, other.documents[right] < document { right += 1 }
            if right < other.documents.count, other.documents[right] == document { continue }
            documents[kept] = document
            weights[kept] = weights[left]
            kept += 1
        }
        documents.removeSubrange(kept...)
        weights.removeSubrange(kept...)
    }
}

/// Something in the folder of the search is not what was written there; it is made anew.
struct SearchDamage: Error {
    /// What was found to be damaged.
    var what = "postings"
}

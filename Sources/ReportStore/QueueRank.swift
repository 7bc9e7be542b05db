import ReportModel

/// Where a row of the queue stands in its order: by rank, then by age.
///
/// A page names its last row by rank and hash, so that the next one goes on at the same place even
/// when that row was judged, explained or moved meanwhile.
struct QueueRank: Comparable {
    /// What comes first by the order; empty for the order by age.
    var values: [UInt64]
    var recordedAt: UInt64
    var hash: Hash256

    static func < (left: QueueRank, right: QueueRank) -> Bool {
        for (first, second) in zip(left.values, right.values) where first != second {
            return first < second
        }
        return (left.recordedAt, left.hash) < (right.recordedAt, right.hash)
    }

    /// Rank by a deadline; what has none comes last.
    static func values(deadline: Timestamp?) -> [UInt64] { [deadline?.milliseconds ?? .max] }

    /// Rank by findings without an explanation, many of a grave kind first; what was erased or never
    /// sent has none.
    static func values(open: FindingCounts) -> [UInt64] {
        [open.high, open.medium, open.low, open.info].map { .max - UInt64(clamping: $0) }
    }

    /// Number of values of an order.
    static func count(of order: QueueQuery.Order) -> Int {
        switch order {
        case .age: 0
        case .deadline: 1
        case .open: 4
        }
    }

    /// What `next` says: the hash alone for the order by age.
    var token: String {
        values.map { String($0, radix: 36) + "." }.joined() + hash.hex
    }

    /// The rank and hash of a token; nil for one of another order.
    static func parse(_ token: String, _ order: QueueQuery.Order) -> (
        values: [UInt64], hash: String
    )? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        let values = parts.dropLast().compactMap { UInt64($0, radix: 36) }
        guard let hash = parts.last, values.count == parts.count - 1,
            values.count == count(of: order)
        else { return nil }
        return (values, String(hash))
    }
}

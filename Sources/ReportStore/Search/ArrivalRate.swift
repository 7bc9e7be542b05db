/// How fast entries arrive, so that the indexer makes way for a flood of them.
///
/// What a node takes in after weeks offline, or from an import, is indexed faster afterwards, in large
/// segments that are merged seldom, and does not wait for the processors that the index would take.
struct ArrivalRate: Sendable {
    private var measuredAt: Duration?
    private var count: UInt64 = 0
    private var floodBegan: Duration?

    /// Tells what has arrived, and whether indexing should wait for more of it.
    /// - Parameters:
    ///   - total: number of entries that have arrived so far.
    ///   - now: a clock that only goes on.
    /// - Returns: whether to wait ``SearchLimits/gatherMilliseconds`` and ask again; false after
    ///   ``SearchLimits/longestFloodMilliseconds`` of waiting, so that searches never lag for long.
    mutating func isFlood(total: UInt64, at now: Duration) -> Bool {
        defer {
            measuredAt = now
            count = total
        }
        guard let measuredAt, now > measuredAt, total >= count else { return false }
        let elapsed = Double((now - measuredAt) / .milliseconds(1))
        guard Double(total - count) * 1000 >= elapsed * Double(SearchLimits.floodEntriesPerSecond)
        else {
            floodBegan = nil
            return false
        }
        let began = floodBegan ?? now
        floodBegan = began
        guard now - began < .milliseconds(SearchLimits.longestFloodMilliseconds) else {
            floodBegan = nil
            return false
        }
        return true
    }
}

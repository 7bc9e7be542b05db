/// Paths by the time at which they are to be looked at, the earliest first.
struct DeadlineHeap {
    struct Item {
        var time: ContinuousClock.Instant
        var path: InboxPath
        /// Tells an outdated deadline of a path from its current one.
        var turn: Int
    }

    private var items: [Item] = []

    var first: Item? { items.first }
    var count: Int { items.count }

    mutating func insert(_ item: Item) {
        items.append(item)
        var index = items.count - 1
        while index > 0, items[index].time < items[(index - 1) / 2].time {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes the earliest item out when its time has come.
    mutating func popDue(at now: ContinuousClock.Instant) -> Item? {
        guard let first, first.time <= now else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return first }
        items[0] = last
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < items.count && items[child].time < items[least].time {
                least = child
            }
            guard least != index else { return first }
            items.swapAt(index, least)
            index = least
        }
    }
}

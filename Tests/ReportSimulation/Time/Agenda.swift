import Synchronization

/// What happens when, in virtual time; what was planned first comes first.
///
/// Everything here is called on the thread of the simulation; the lock is for the compiler.
final class Agenda: Sendable {
    private struct Item {
        var time: Duration
        var number: UInt64
        var action: @Sendable () -> Void
    }

    private struct State {
        var now: Duration = .zero
        var lastNumber: UInt64 = 0
        /// A binary heap, earliest first.
        var items: [Item] = []
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// The virtual time since the beginning of the world.
    var now: Duration { state.withLock { $0.now } }

    /// Plans an action.
    /// - Parameters:
    ///   - time: when; not before now.
    ///   - action: what happens.
    /// - Returns: a number to cancel it by.
    @discardableResult
    func plan(at time: Duration, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            state.lastNumber += 1
            let number = state.lastNumber
            state.items.append(Item(time: max(time, state.now), number: number, action: action))
            Self.rise(&state.items)
            return number
        }
    }

    @discardableResult
    func plan(in delay: Duration, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        plan(at: now + delay, action)
    }

    func cancel(_ number: UInt64) { state.withLock { _ = $0.cancelled.insert(number) } }

    /// Does the next thing that is planned and moves time there.
    /// - Parameter end: nothing later is done.
    /// - Returns: false when nothing is planned until `end`; time stands at `end` then.
    func step(until end: Duration) -> Bool {
        let item: Item? = state.withLock { state in
            while let first = state.items.first {
                guard first.time <= end else { break }
                Self.removeFirst(&state.items)
                if state.cancelled.remove(first.number) != nil { continue }
                state.now = first.time
                return first
            }
            state.now = end
            return nil
        }
        guard let item else { return false }
        item.action()
        return true
    }

    private static func isBefore(_ left: Item, _ right: Item) -> Bool {
        (left.time, left.number) < (right.time, right.number)
    }

    private static func rise(_ items: inout [Item]) {
        var index = items.count - 1
        while index > 0, isBefore(items[index], items[(index - 1) / 2]) {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private static func removeFirst(_ items: inout [Item]) {
        items.swapAt(0, items.count - 1)
        items.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < items.count && isBefore(items[child], items[least]) {
                least = child
            }
            guard least != index else { return }
            items.swapAt(index, least)
            index = least
        }
    }
}

import NIOPosix
import ReportWire
import Synchronization

/// Requests by verb, counted by each event loop for itself.
///
/// Only the loop's own thread writes a counter, so that counting is a load, an addition and a store; a
/// scrape adds up what the loops have. Nothing here is ordered: a count may be read a moment late.
final class RequestCounts: Sendable {
    /// Verbs in the order of their counters.
    static let verbs = Verb.allCases
    private static let places = Dictionary(
        uniqueKeysWithValues: verbs.enumerated().map { ($1, $0) }
    )
    private static let get = places[.get] ?? 0

    // More room than there are verbs: a test says so when it does not suffice any more.
    static let room = 96
    private let counts = InlineArray<96, Atomic<Int>> { _ in Atomic(0) }

    /// Counts a request.
    func count(_ verb: Verb) { add(1, at: Self.places[verb] ?? 0) }

    /// Counts `GET` lines that were answered from memory.
    func countGets(_ number: Int) { add(number, at: Self.get) }

    private func add(_ number: Int, at place: Int) {
        let value = counts[place].load(ordering: .relaxed)
        counts[place].store(value &+ number, ordering: .relaxed)
    }

    private func value(at place: Int) -> Int { counts[place].load(ordering: .relaxed) }

    // MARK: All loops

    private static let variable = ThreadSpecificVariable<RequestCounts>()
    private static let all = Mutex<[RequestCounts]>([])

    /// Those of the calling thread, which keep counting as long as the process lives.
    static var ofThisThread: RequestCounts {
        if let counts = variable.currentValue { return counts }
        let counts = RequestCounts()
        variable.currentValue = counts
        all.withLock { $0.append(counts) }
        return counts
    }

    /// What all loops have counted, by verb.
    static var total: [(verb: Verb, count: Int)] {
        let loops = all.withLock { $0 }
        return verbs.enumerated().map { place, verb in
            (verb, loops.reduce(0) { $0 &+ $1.value(at: place) })
        }
    }
}

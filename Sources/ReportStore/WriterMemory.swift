import ReportModel
import Synchronization

/// What the writer keeps in memory within one transaction, for its requests.
///
/// It is kept from ``begin()`` to ``end()`` within one transaction of the ``Writer``, and seen by
/// whatever reads in it; otherwise nothing is kept.
final class WriterMemory: Sendable {
    /// An entry about which no judgement was found.
    struct Unspoken: Hashable, Sendable {
        var hash: Hash256
        /// Rows of the table then: with the first one about the entry there are more.
        var rowCount: Int
    }

    private struct State {
        var counters: [Metadata.Name: UInt64] = [:]
        var unspoken: Unspoken?
    }

    private let state = Mutex<State?>(nil)

    /// Begins to keep what is told: called within the transaction.
    func begin() { state.withLock { $0 = State() } }

    /// Ends it, before the transaction does.
    /// - Returns: counters that are to be written.
    @discardableResult
    func end() -> [Metadata.Name: UInt64] {
        state.withLock { state in
            defer { state = nil }
            return state?.counters ?? [:]
        }
    }

    // MARK: Counters

    /// A counter that was moved on and is not written yet.
    ///
    /// Each entry moves four of them on: written once for all entries of a commit, they cost nothing.
    func counter(_ name: Metadata.Name) -> UInt64? { state.withLock { $0?.counters[name] } }

    /// Keeps the value of a counter.
    /// - Returns: false when nothing is kept now.
    func keep(_ name: Metadata.Name, _ value: UInt64) -> Bool {
        state.withLock { state in
            guard state != nil else { return false }
            state?.counters[name] = value
            return true
        }
    }

    /// A value that is written at once.
    func forget(_ name: Metadata.Name) { state.withLock { $0?.counters[name] = nil } }

    // MARK: Judgements

    /// Keeps that an entry is not spoken of, which is looked for in each step of writing it.
    func keep(_ unspoken: Unspoken) { state.withLock { $0?.unspoken = unspoken } }

    func holds(_ unspoken: Unspoken) -> Bool { state.withLock { $0?.unspoken == unspoken } }
}

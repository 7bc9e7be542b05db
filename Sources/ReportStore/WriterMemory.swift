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
        /// By name; nil for what was not moved on.
        var counters = [UInt64?](repeating: nil, count: Metadata.Name.allCases.count)
        /// Few: those that this commit adds to.
        var logs: [LogRow] = []
        var unspoken: Unspoken?
        /// The log that this node appends to, once it was seen that nothing holds appends up.
        var appendable: UInt32?
    }

    private let state = Mutex<State?>(nil)

    /// Begins to keep what is told: called within the transaction.
    func begin() { state.withLock { $0 = State() } }

    /// Ends it, before the transaction does.
    /// - Returns: counters and rows of logs that are to be written.
    @discardableResult
    func end() -> (counters: [(name: Metadata.Name, value: UInt64)], logs: [LogRow]) {
        state.withLock { state in
            defer { state = nil }
            let counters = Metadata.Name.allCases.compactMap { name in
                state?.counters[name.rawValue].map { (name: name, value: $0) }
            }
            return (counters, state?.logs ?? [])
        }
    }

    // MARK: Logs

    /// The row of a log that was changed and is not written yet: each entry moves it on.
    func log(_ ref: UInt32) -> LogRow? {
        state.withLock { state in state?.logs.last { $0.ref == ref } }
    }

    /// Keeps the row of a log.
    /// - Returns: false when nothing is kept now.
    func keep(_ row: LogRow) -> Bool {
        state.withLock { state in
            guard state != nil else { return false }
            if let index = state?.logs.lastIndex(where: { $0.ref == row.ref }) {
                state?.logs[index] = row
            } else {
                state?.logs.append(row)
            }
            return true
        }
    }

    // MARK: Counters

    /// A counter that was moved on and is not written yet.
    ///
    /// Each entry moves four of them on: written once for all entries of a commit, they cost nothing.
    func counter(_ name: Metadata.Name) -> UInt64? {
        state.withLock { $0?.counters[name.rawValue] ?? nil }
    }

    /// Keeps the value of a counter.
    /// - Returns: false when nothing is kept now.
    func keep(_ name: Metadata.Name, _ value: UInt64) -> Bool {
        state.withLock { state in
            guard state != nil else { return false }
            state?.counters[name.rawValue] = value
            return true
        }
    }

    /// A value that is written at once.
    func forget(_ name: Metadata.Name) {
        state.withLock { state in
            state?.counters[name.rawValue] = nil
            if name == .hold || name == .ownLog { state?.appendable = nil }
        }
    }

    /// The log to append to, with nothing in the way; nil when that was not looked at.
    var appendable: LogRow? {
        state.withLock { state in
            state?.appendable.flatMap { ref in state?.logs.last { $0.ref == ref } }
        }
    }

    /// Keeps that nothing is in the way of appending to a log.
    func keep(appendable ref: UInt32) { state.withLock { $0?.appendable = ref } }

    // MARK: Judgements

    /// Keeps that an entry is not spoken of, which is looked for in each step of writing it.
    func keep(_ unspoken: Unspoken) { state.withLock { $0?.unspoken = unspoken } }

    func holds(_ unspoken: Unspoken) -> Bool { state.withLock { $0?.unspoken == unspoken } }
}

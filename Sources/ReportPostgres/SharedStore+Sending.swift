import ReportModel
import ReportStore

/// What a node holds and the database lacks, or has otherwise.
extension SharedStore {
    /// Sends what this node holds and the database lacks: a store that was on one machine before, or a
    /// database that was put back.
    ///
    /// A log that cannot be sent holds up no other.
    /// - Returns: logs that were not sent, with the reason, and a fork that was found; nil for none.
    func sendMissing() async throws(ReportError)
        -> (unsent: [LogID: ReportError], forked: ReportError?)
    {
        let heads = try await reader.reading { connection in try SharedLog.heads(connection) }
        var unsent: [LogID: ReportError] = [:]
        var forked: ReportError?
        for state in try await store.logStates() {
            let id = state.descriptor.id
            let head = heads[id]
            let held = head?.sequence ?? 0
            guard !state.isForked, state.position.sequence > held else { continue }
            do throws(ReportError) {
                if let head, try await store.entryHash(log: id, sequence: held) != head.last {
                    throw try await divergence(of: id, head)
                }
                try await StoreCopy.send(id, of: store, to: log, after: held)
            } catch {
                switch error.code {
                case .unreachable, .noSpace, .readOnly: throw error
                case .forked: forked = forked ?? error
                default: unsent[id] = error
                }
            }
        }
        return (unsent, forked)
    }

    /// Compares the end of a log that has nothing new for this node.
    /// - Throws: ``ReportError`` `forked` or `conflict` when it ends otherwise.
    func compare(_ id: LogID, _ head: SharedLog.Head) async throws(ReportError) {
        guard let state = try await store.logState(id), !state.isForked,
            state.position.sequence == head.sequence, state.position.hash != head.last
        else { return }
        throw try await divergence(of: id, head)
    }

    /// Keeps the other branch that the database has of a log, as evidence of a fork.
    /// - Returns: `forked` then; `conflict` when what is there proves nothing.
    private func divergence(
        of id: LogID,
        _ head: SharedLog.Head
    ) async throws(ReportError) -> ReportError {
        // Up to the first all is alike, at the second it is not.
        var (common, other): (UInt64, UInt64) = (0, head.sequence)
        while other - common > 1 {
            let middle = common + (other - common) / 2
            let there = try await reader.reading { connection in
                try SharedLog.hash(of: id, at: middle, connection)
            }
            let here = try await store.entryHash(log: id, sequence: middle)
            if there != nil, here == there { common = middle } else { other = middle }
        }
        let after = common
        let (descriptor, batch) = try await reader.reading { [log] connection in
            _ = try log.secure(id, connection)
            return (
                try SharedLog.descriptor(of: id, connection),
                try SharedLog.batch(of: id, after: after, connection)
            )
        }
        if let batch {
            do throws(ReportError) {
                try await store.adopt(batch, descriptor: descriptor)
            } catch {
                guard error.code == .forked else { throw error }
                return ReportError(
                    .forked,
                    "the database holds other entries of log \(id) than this node from "
                        + "\(after + 1) on: both branches are kept",
                    hint: error.hint
                )
            }
        }
        return ReportError(
            .conflict,
            "the database holds other entries of log \(id) than this node, and nothing proves them",
            hint: "reportctl store check; then put the database back from a copy that is whole, or "
                + "reportctl peer resync with a node that has the log as its owner wrote it"
        )
    }
}

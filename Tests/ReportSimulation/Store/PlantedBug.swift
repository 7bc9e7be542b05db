import ReportModel

/// A mistake that is planted to see whether the simulation catches it.
public enum PlantedBug: String, Sendable, CaseIterable {
    /// The store answers before its commit is on the disk.
    case acknowledgeBeforeCommit = "acknowledge-before-commit"
    /// The store takes what it holds of one log of a node as held of every log of that node.
    case positionWithoutLog = "position-without-log"
    /// A batch is left out now and then, and the receiver does not look.
    case skippedGap = "skipped-gap"
    /// A restored store files at once, without asking what its peers hold.
    case fileBeforeAsking = "file-before-asking"
    /// A peer gets every body, whatever its grant.
    case bodiesForAll = "bodies-for-all"
    /// A node keeps bodies that another node erased.
    case keepErased = "keep-erased"
}

extension StoreContents {
    /// ``accept(_:descriptor:)`` with a mistake in it.
    mutating func accept(
        _ batch: EntryBatch,
        descriptor: LogDescriptor,
        with bug: PlantedBug
    ) throws(ReportError) -> LogPosition {
        switch bug {
        case .acknowledgeBeforeCommit, .fileBeforeAsking, .bodiesForAll, .keepErased:
            return try accept(batch, descriptor: descriptor)
        case .positionWithoutLog:
            let held = logs.values.filter { $0.descriptor.node == descriptor.node }.map(\.count)
            let last = batch.first + UInt64(batch.entries.count) - 1
            guard let most = held.max(), most >= last, let header = batch.entries.last?.header
            else { return try accept(batch, descriptor: descriptor) }
            return LogPosition(log: batch.log, sequence: last, hash: Hash256(hashing: header))
        case .skippedGap:
            let held = logs[batch.log]?.count ?? 0
            guard batch.first > held + 1, batch.log != own else {
                return try accept(batch, descriptor: descriptor)
            }
            if logs[batch.log] == nil { logs[batch.log] = HeldLog(descriptor) }
            var last = LogPosition(log: batch.log, sequence: 0, hash: .zero)
            for replicated in batch.entries {
                guard let entry = Entry(replicated.header) else { continue }
                apply(replicated, entry)
                last = entry.position
            }
            return last
        }
    }
}

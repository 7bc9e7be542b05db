import ReportModel
import ReportWire

extension PeerSession {
    mutating func receive(_ descriptor: LogDescriptor, _ head: SignedHead) {
        let log = descriptor.id
        exchange(log) { _ in }
        guard exchanges[log]?.incomingRefusal == nil else { return }
        guard local[log]?.isForked != true else {
            return refuse(log, ReportError(.forked, "the log is forked"))
        }
        if let other = quarantine(of: descriptor.node) {
            return refuse(log, ReportError(.forked, "log \(other) of the same node is forked"))
        }
        guard take(head, of: log, descriptor) else {
            return refuse(log, ReportError(.integrity, "the head is not signed by the log's owner"))
        }
        guard exchanges.count <= 2 * WireLimits.maximumPositionCount else {
            return fail(ReportError(.usage, "too many logs"))
        }
        exchanges[log]?.descriptor = descriptor
        // The own signature under more than is held: the store is an older copy.
        if log == ownLog, head.size > local[log]?.position.sequence ?? 0 {
            leaveOwnLog(LogPosition(log: log, sequence: head.size, hash: head.last))
        }
    }

    /// Lets the store compare what the peer holds of the own log, and leave the log if it must.
    mutating func leaveOwnLog(_ stated: LogPosition) {
        guard leaving == nil else { return }
        leaving = stated
        actions.append(.leaveOwnLog(stated))
    }

    /// The former log is one of others from now on, and what is missing of it is taken.
    mutating func ownLogDecided(_ log: LogID) {
        guard let stated = leaving else { return }
        leaving = nil
        if log != stated.log, ownLog == stated.log {
            report(.ownLogAhead(peer: stated, own: local[stated.log]?.position.sequence ?? 0))
            ownLog = log
        }
        loadStates()
        takeNext()
    }

    /// A forked log of a node that no administrator has released; nil when there is none.
    private func quarantine(of node: NodeID) -> LogID? {
        guard node != configuration.key.id else { return nil }
        return local.first { _, state in
            state.descriptor.node == node && state.isForked && !state.isReleased
        }?.key
    }

    /// Verifies a head unless it is the one known, and remembers the largest.
    private mutating func take(
        _ head: SignedHead,
        of log: LogID,
        _ descriptor: LogDescriptor
    ) -> Bool {
        let known = exchanges[log]?.head
        if head == known { return true }
        guard head.log == log, head.isAuthentic(for: descriptor) else { return false }
        if head.size >= known?.size ?? 0 { exchanges[log]?.head = head }
        return true
    }

    mutating func receive(_ batch: EntryBatch) {
        let log = batch.log
        guard let exchange = exchanges[log],
            exchange.incomingRefusal != nil || exchange.descriptor != nil
        else { return fail(ReportError(.usage, "a batch of a log that was not announced")) }
        guard exchange.incomingRefusal == nil, let descriptor = exchange.descriptor else { return }
        let byteCount = batch.encodedByteCount
        let limits = configuration.limits
        let waiting = queue.count + (accepting == nil ? 0 : 1)
        guard waiting < limits.unacknowledgedBatchCount,
            waiting == 0 || queuedByteCount + byteCount <= limits.unacknowledgedByteCount
        else { return fail(ReportError(.usage, "more batches than may be unacknowledged")) }
        guard let entry = batch.entries.last.flatMap({ Entry($0.header) }), entry.log == log,
            entry.sequence == batch.first + UInt64(batch.entries.count) - 1,
            entry.sequence <= batch.head.size, take(batch.head, of: log, descriptor)
        else {
            return refuse(log, ReportError(.integrity, "a batch is not what its head says"))
        }
        queue.append(QueuedBatch(batch: batch, end: entry.position, byteCount: byteCount))
        queuedByteCount += byteCount
        takeNext()
    }

    mutating func takeNext() {
        guard accepting == nil, leaving == nil, phase == .established, !queue.isEmpty else {
            return
        }
        let next = queue.removeFirst()
        let log = next.batch.log
        guard let descriptor = exchanges[log]?.descriptor else { return }
        // Only now: what the batch speaks of may have come with the batch before it.
        if let error = regionRefusal(next.batch, of: descriptor.node)
            ?? judgementRefusal(next.batch, of: descriptor.node)
        {
            queuedByteCount -= next.byteCount
            refuse(log, error)
            return takeNext()
        }
        accepting = next
        actions.append(.accept(next.batch, descriptor))
    }

    /// Why a batch is not taken that is about a region without a grant; nil when it may be.
    ///
    /// What this node filed in an earlier log comes back from whoever has it. What speaks of a record
    /// that is not here yet is remembered: the record may come with another log.
    private mutating func regionRefusal(_ batch: EntryBatch, of node: NodeID) -> ReportError? {
        guard let region = foreignRegion(batch, of: node) else { return nil }
        if region == LogRegion.unknown, unplaced.count < configuration.limits.unplacedBatchCount {
            unplaced[batch.log] = (batch, node)
        }
        return ReportError(.notAllowed, "the region \(region) is not granted to this key")
    }

    private func foreignRegion(_ batch: EntryBatch, of node: NodeID) -> String? {
        let last = batch.first + UInt64(batch.entries.count) - 1
        // What another peer has brought meanwhile is nothing new: it is only acknowledged.
        guard node != configuration.key.id, last > local[batch.log]?.position.sequence ?? 0
        else { return nil }
        return configuration.regions(batch).first { !grant.covers($0) }
    }

    /// Ends the session when a log that was refused can be taken now: the next one begins anew.
    mutating func lookAgain() {
        guard phase == .established,
            unplaced.values.contains(where: { foreignRegion($0.batch, of: $0.node) == nil })
        else { return }
        send(.bye)
        end(nil, "a log that was refused can be taken now")
    }

    /// Why a batch is not taken that judges what others filed; nil when it may be.
    ///
    /// Source: DESIGN section 3: a county takes reviews only from keys it has listed as reviewers.
    private func judgementRefusal(_ batch: EntryBatch, of node: NodeID) -> ReportError? {
        guard node != configuration.key.id, !configuration.reviewers.contains(node),
            let kind = configuration.judgement(batch, node)
        else { return nil }
        return ReportError(
            .notAllowed,
            "the log holds a \(kind.name) of what another node filed: list \(node) under reviewers"
        )
    }

    mutating func accepted(_ position: LogPosition) {
        guard let done = accepting, done.batch.log == position.log else { return }
        accepting = nil
        queuedByteCount -= done.byteCount
        let log = position.log
        let now = now
        if let state = local[log] {
            if position.sequence > state.position.sequence { local[log]?.position = position }
            if done.batch.head.size > state.head?.size ?? 0 { local[log]?.head = done.batch.head }
        } else if let descriptor = exchanges[log]?.descriptor {
            local[log] = LogState(descriptor: descriptor, position: position, head: done.batch.head)
        }
        guard position.sequence >= done.end.sequence else {
            refuse(log, ReportError(.conflict, "the log was not taken up to the batch's end"))
            return takeNext()
        }
        exchange(log) { exchange in
            exchange.peerHolds(done.end.sequence, at: now)
            exchange.lastProgress = now
        }
        actions.append(.acknowledge(done.end))
        report(.received(done.end))
        compare(log)
        takeNext()
        pump()
    }

    mutating func acceptFailed(_ log: LogID, _ error: ReportError) {
        guard let failed = accepting, failed.batch.log == log else { return }
        accepting = nil
        queuedByteCount -= failed.byteCount
        switch error.code {
        case .integrity, .forked, .conflict, .notAllowed, .tooLarge, .unsupported:
            refuse(log, error)
            takeNext()
        default:
            // A fault of this machine: the peer tries again after a while.
            fail(error)
        }
    }

    /// Gives a log up for this session.
    mutating func refuse(_ log: LogID, _ error: ReportError) {
        exchange(log) { $0.incomingRefusal = error }
        queue.removeAll { queued in
            guard queued.batch.log == log else { return false }
            queuedByteCount -= queued.byteCount
            return true
        }
        send(.refuse(log, error.code, message: error.message))
        report(.refused(log, error.code, error.message))
    }
}

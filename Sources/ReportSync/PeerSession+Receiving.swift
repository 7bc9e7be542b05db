import ReportModel
import ReportWire

extension PeerSession {
    /// How a log is refused, behind the other's number, for the fork of another log of its node.
    public static let quarantined = "of the same node is forked"

    mutating func receive(_ descriptor: LogDescriptor, _ head: SignedHead) {
        let log = descriptor.id
        exchange(log) { _ in }
        guard exchanges.count <= 2 * WireLimits.maximumPositionCount else {
            return fail(ReportError(.usage, "too many logs"))
        }
        guard exchanges[log]?.incomingRefusal == nil else { return }
        guard local[log]?.isForked != true else {
            exchanges[log]?.isQuarantined = true
            return refuse(log, ReportError(.forked, "the log is forked"))
        }
        // A refusal that a release ends is looked at again: see `lookAgain`.
        exchanges[log]?.descriptor = descriptor
        // Before anything else that refuses it: logs of a node can be made up without its key.
        guard take(head, of: log, descriptor) else { return refuseUnsigned(log) }
        if let other = quarantine(of: descriptor.node) {
            // The release may be the next commit: nothing else looks before it.
            exchanges[log]?.isQuarantined = true
            return refuse(log, ReportError(.forked, "log \(other) \(Self.quarantined)"))
        }
        // Whoever knows directions only shows whose the log is; an older program is about to send it.
        if peerDirection == nil, !isTaken(from: descriptor.node) { return decline(log) }
        // Another peer may have brought it since the positions were stated.
        tell([log])
        lookAtOwnHead(head)
    }

    /// Refuses a log whose head its owner did not sign, as long as they are few.
    private mutating func refuseUnsigned(_ log: LogID) {
        let error = ReportError(.integrity, "the head is not signed by the log's owner")
        unsignedHeadCount += 1
        guard unsignedHeadCount < configuration.limits.unsignedHeadCount else {
            return fail(error)
        }
        refuse(log, error)
    }

    /// Lets the store compare a head that this node signed with its own log, and leave the log if it must.
    ///
    /// Only the own signature counts: what a peer states or acknowledges is its word alone.
    private mutating func lookAtOwnHead(_ head: SignedHead) {
        guard head.log == ownLog, head.size > 0, head != local[head.log]?.head else { return }
        let shown = LogPosition(log: head.log, sequence: head.size, hash: head.last)
        guard leaving == nil else {
            if shown.sequence >= shownNext?.sequence ?? 0 { shownNext = shown }
            return
        }
        leaveOwnLog(shown)
    }

    private mutating func leaveOwnLog(_ stated: LogPosition) {
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
        if let next = shownNext {
            shownNext = nil
            if next.log == ownLog { return leaveOwnLog(next) }
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

    /// A key stands for entries of the next batch, at most one for each.
    mutating func receive(_ key: String) {
        guard toldKeys.count < WireLimits.maximumBatchEntryCount else {
            return fail(ReportError(.usage, "more keys than a batch has entries"))
        }
        toldKeys.append(key)
    }

    mutating func receive(_ batch: EntryBatch) {
        let log = batch.log
        let keys = toldKeys
        toldKeys = []
        guard let exchange = exchanges[log],
            exchange.incomingRefusal != nil || exchange.descriptor != nil
        else { return fail(ReportError(.usage, "a batch of a log that was not announced")) }
        guard exchange.incomingRefusal == nil, let descriptor = exchange.descriptor else { return }
        guard isTaken(from: descriptor.node) else { return decline(log) }
        let byteCount = batch.encodedByteCount
        let limits = configuration.limits
        let waiting = queue.count + accepting.count
        guard waiting < limits.unacknowledgedBatchCount,
            waiting == 0 || queuedByteCount + byteCount <= limits.unacknowledgedByteCount
        else { return fail(ReportError(.usage, "more batches than may be unacknowledged")) }
        guard let entry = batch.entries.last.flatMap({ Entry($0.header) }), entry.log == log,
            entry.sequence == batch.first + UInt64(batch.entries.count) - 1,
            entry.sequence <= batch.head.size, take(batch.head, of: log, descriptor)
        else {
            return refuse(log, ReportError(.integrity, "a batch is not what its head says"))
        }
        lookAtOwnHead(batch.head)
        queue.append(
            QueuedBatch(batch: batch, keys: keys, end: entry.position, byteCount: byteCount)
        )
        queuedByteCount += byteCount
        takeNext()
    }

    /// Hands on the batches that wait, as many as may be under way.
    mutating func takeNext() {
        let limits = configuration.limits
        while leaving == nil, phase == .established, accepting.count < limits.acceptingBatchCount,
            let next = queue.first
        {
            let log = next.batch.log
            let node = exchanges[log]?.descriptor?.node
            let error = node.flatMap {
                regionRefusal(next, of: $0) ?? judgementRefusal(next.batch, of: $0)
            }
            // What the batch speaks of may come with one that is under way.
            if error != nil, !accepting.isEmpty { return }
            if error != nil, let node { rememberUnplaced(next, of: node) }
            queue.removeFirst()
            if let descriptor = exchanges[log]?.descriptor, error == nil {
                accepting.append(next)
                actions.append(.accept(next.batch, descriptor))
            } else {
                queuedByteCount -= next.byteCount
                if let error { refuse(log, error) }
            }
        }
    }

    /// Why a batch is not taken that is about a region without a grant; nil when it may be.
    ///
    /// What this node filed in an earlier log comes back from whoever has it.
    private func regionRefusal(_ queued: QueuedBatch, of node: NodeID) -> ReportError? {
        foreignRegion(queued.batch, queued.keys, of: node).map { region in
            ReportError(.notAllowed, "the region \(region) is not granted to this key")
        }
    }

    /// Remembers a refused batch that speaks of a record that is not here yet: it may come with another log.
    private mutating func rememberUnplaced(_ queued: QueuedBatch, of node: NodeID) {
        let refusal = judgementRefusal(queued.batch, of: node)
        // A review by nobody who may review stays refused, whatever comes.
        if refusal != nil, configuration.judgement(queued.batch, node) == .review { return }
        // What seems to be about another node's record may be about one in an earlier log of the same node.
        if foreignRegion(queued.batch, queued.keys, of: node) == LogRegion.unknown
            || refusal != nil
        {
            remember(queued, of: node)
        }
    }

    /// Keeps what tells the keys of a refused batch, within bounds.
    private mutating func remember(_ queued: QueuedBatch, of node: NodeID) {
        let batch = queued.batch
        let limits = configuration.limits
        guard unplaced[batch.log] == nil, unplaced.count < limits.unplacedBatchCount else { return }
        var small = batch
        for index in small.entries.indices {
            small.entries[index].bodies = small.entries[index].bodies.map { body in
                body.flatMap { $0.kind == .record || $0.kind == .detail ? $0 : nil }
            }
        }
        let byteCount = small.encodedByteCount + queued.keys.reduce(0) { $0 + $1.utf8.count }
        guard unplacedByteCount + byteCount <= limits.unplacedByteCount else { return }
        unplacedByteCount += byteCount
        unplaced[batch.log] = (small, queued.keys, node)
        unplacedSeen = heldCount
    }

    /// Number of entries held here: without more of them no further key is known.
    private var heldCount: UInt64 { local.values.reduce(0) { $0 &+ $1.position.sequence } }

    /// Whether what a refused batch speaks of has come meanwhile.
    private mutating func isPlaced() -> Bool {
        guard !unplaced.isEmpty, heldCount != unplacedSeen else { return false }
        unplacedSeen = heldCount
        return unplaced.values.contains {
            judgementRefusal($0.batch, of: $0.node) == nil
                && foreignRegion($0.batch, $0.keys, of: $0.node) == nil
        }
    }

    private func foreignRegion(
        _ batch: EntryBatch,
        _ keys: [String],
        of node: NodeID
    ) -> String? {
        let last = batch.first + UInt64(batch.entries.count) - 1
        // What another peer has brought meanwhile is nothing new: it is only acknowledged.
        guard node != configuration.key.id, last > local[batch.log]?.position.sequence ?? 0,
            !grant.isEverywhere
        else { return nil }
        return configuration.regions(batch, keys).first { !grant.covers($0) }
    }

    /// Ends the session when a log that was refused can be taken now: the next one begins anew.
    mutating func lookAgain() {
        guard phase == .established else { return }
        let isReleased = noteQuarantines()
        guard isPlaced() || isReleased else { return }
        send(.bye)
        end(nil, "a log that was refused can be taken now")
    }

    /// Looks which logs are refused for a fork, by what the store says.
    /// - Returns: whether a log that was refused so may be taken: an administrator released its node.
    private mutating func noteQuarantines() -> Bool {
        var isReleased = false
        for (log, exchange) in exchanges where exchange.incomingRefusal?.code == .forked {
            let node = (exchange.descriptor ?? local[log]?.descriptor)?.node
            if local[log]?.isForked == true || node.flatMap({ quarantine(of: $0) }) != nil {
                exchanges[log]?.isQuarantined = true
            } else if exchange.isQuarantined {
                isReleased = true
            }
        }
        return isReleased
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
        guard let done = accepting.first, done.batch.log == position.log else { return }
        accepting.removeFirst()
        queuedByteCount -= done.byteCount
        let log = position.log
        guard exchanges[log]?.incomingRefusal == nil else { return takeNext() }
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
            exchange.isTold(done.end.sequence)
            exchange.lastProgress = now
        }
        actions.append(.acknowledge(done.end))
        report(.received(done.end))
        compare(log)
        takeNext()
        pump()
    }

    mutating func acceptFailed(_ log: LogID, _ error: ReportError) {
        guard let failed = accepting.first, failed.batch.log == log else { return }
        accepting.removeFirst()
        queuedByteCount -= failed.byteCount
        // Behind a batch that was refused the next ones cannot be taken either.
        guard exchanges[log]?.incomingRefusal == nil else { return takeNext() }
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
        turnAway(log, error)
        report(.refused(log, error.code, error.message))
    }

    /// Takes nothing of a log because of this side's direction, which is no news here.
    private mutating func decline(_ log: LogID) { turnAway(log, Self.unwanted) }

    private mutating func turnAway(_ log: LogID, _ error: ReportError) {
        exchange(log) { $0.incomingRefusal = error }
        queue.removeAll { queued in
            guard queued.batch.log == log else { return false }
            queuedByteCount -= queued.byteCount
            return true
        }
        send(.refuse(log, error.code, message: error.message))
        tell([log])
    }
}

import ReportModel
import ReportWire

extension PeerSession {
    /// Compares what the peer stated with the log held here, as far as that is possible by now.
    mutating func compare(_ log: LogID) {
        exchange(log) { _ in }
        guard let exchange = exchanges[log], exchange.agreement == .unknown else { return }
        let stated = exchange.stated
        let held = local[log]?.position.sequence ?? 0
        if stated.sequence == 0 {
            exchanges[log]?.agreement = .same
        } else if stated.sequence > held {
            // Of the own log a signed head says so, too, if it is true: see `lookAtOwnHead`.
            return
        } else if let position = local[log]?.position, position.sequence == stated.sequence {
            agree(log, position.hash == stated.hash)
        } else {
            exchanges[log]?.agreement = .checking
            check(.stated(stated))
        }
    }

    mutating func check(_ check: Check) {
        guard checks.count < configuration.limits.waitingCheckCount else {
            return fail(ReportError(.usage, "too many acknowledgements at once"))
        }
        checks.append(check)
        nextCheck()
    }

    private mutating func nextCheck() {
        guard !isChecking, let position = checks.first?.position else { return }
        isChecking = true
        actions.append(.loadHash(log: position.log, sequence: position.sequence))
    }

    mutating func hashLoaded(_ log: LogID, _ sequence: UInt64, _ hash: Hash256?) {
        guard isChecking, !checks.isEmpty else { return }
        isChecking = false
        let check = checks.removeFirst()
        let isSame = hash == check.position.hash
        switch check {
        case .witness(let acknowledgement):
            if isSame { actions.append(.keepWitness(acknowledgement)) }
        case .branch(let position):
            let start = hash.map { LogPosition(log: log, sequence: position.sequence, hash: $0) }
            restate(start ?? LogPosition(log: log, sequence: 0, hash: .zero))
        case .stated(let position):
            // The peer may have stated another position meanwhile.
            if exchanges[log]?.stated == position { agree(log, isSame) }
        case .acknowledgement(let acknowledgement):
            if isSame {
                keep(acknowledgement)
            } else {
                reportFork(acknowledgement.position)
            }
        }
        nextCheck()
        pump()
    }

    private mutating func agree(_ log: LogID, _ isSame: Bool) {
        guard var exchange = exchanges[log] else { return }
        exchange.agreement = isSame ? .same : .other
        if isSame {
            exchange.peerHolds(exchange.stated.sequence, at: now)
            exchanges[log] = exchange
            return
        }
        exchanges[log] = exchange
        reportFork(exchange.stated)
        findFork(log)
    }

    /// Tells of a log's other branch, once for each session.
    private mutating func reportFork(_ position: LogPosition) {
        guard exchanges[position.log]?.isForkReported == false else { return }
        exchanges[position.log]?.isForkReported = true
        report(.forkSeen(position))
    }

    /// Asks for the other branch from the entry on that is the first to differ; of a log of this node
    /// the own branch goes to the peer, as evidence.
    mutating func checkBranch(_ log: LogID, before first: UInt64) {
        guard local[log]?.descriptor.node != configuration.key.id else {
            exchange(log) { exchange in
                exchange.agreement = .same
                exchange.sent = first - 1
                exchange.acknowledged = min(exchange.acknowledged, first - 1)
            }
            return pump()
        }
        let position = LogPosition(log: log, sequence: first - 1, hash: .zero)
        if position.sequence > 0 { check(.branch(position)) } else { restate(position) }
    }

    /// States a position anew, for the peer to send from there.
    private mutating func restate(_ position: LogPosition) {
        send(.positions([position], isLast: true))
    }

    /// Sends as much as the window lets through, the logs in turn.
    mutating func pump() {
        guard phase == .established else { return }
        if let held = heldBatch {
            guard fits(held.byteCount) else { return }
            heldBatch = nil
            dispatch(held)
        }
        guard !isLoadingBatch, heldBatch == nil,
            outstandingCount < configuration.limits.unacknowledgedBatchCount,
            let log = nextLog(), let exchange = exchanges[log]
        else { return }
        turn = log
        isLoadingBatch = true
        actions.append(
            .loadBatch(
                log: log,
                after: exchange.sent,
                maximumCount: configuration.limits.batchEntryCount,
                maximumByteCount: configuration.limits.batchByteCount
            )
        )
    }

    private func fits(_ byteCount: Int) -> Bool {
        outstandingCount == 0
            || outstandingCount < configuration.limits.unacknowledgedBatchCount
                && outstandingByteCount + byteCount
                    <= configuration.limits.unacknowledgedByteCount
    }

    /// The log after the last one served that has something for the peer.
    private func nextLog() -> LogID? {
        let ready = local.keys.filter { mayBeSent($0) }.sorted()
        guard let turn else { return ready.first }
        return ready.first { $0 > turn } ?? ready.first
    }

    private func mayBeSent(_ log: LogID) -> Bool {
        guard let state = local[log], !state.isForked, let exchange = exchanges[log] else {
            return false
        }
        return isOffered(log) && exchange.agreement == .same && exchange.outgoingRefusal == nil
            && !exchange.isDrained && exchange.sent < state.position.sequence
    }

    mutating func batchLoaded(_ log: LogID, _ after: UInt64, _ batch: EntryBatch?) {
        isLoadingBatch = false
        let isStale = isLoadStale
        isLoadStale = false
        guard phase == .established, !isStale, mayBeSent(log), let exchange = exchanges[log],
            exchange.sent == after
        else { return pump() }
        guard batch.map({ $0.log == log && $0.first == after + 1 }) ?? true else {
            // Asked again the store would answer the same again.
            return batchFailed(
                log,
                ReportError(.internal, "the store gave other entries than it was asked for")
            )
        }
        guard let batch, let last = batch.entries.last, let entry = Entry(last.header) else {
            // Held, but not to be proved: whose it is can be told all the same.
            announce(log)
            exchanges[log]?.isDrained = true
            return pump()
        }
        if let bare = bareEntry(batch) {
            announce(log)
            exchanges[log]?.bareEntry = bare
            exchanges[log]?.outgoingRefusal = ReportError(
                .notAllowed,
                "the log is held without records here: another node passes it on"
            )
            return pump()
        }
        let fitted = fitted(withoutHeld(readable(batch)))
        let byteCount = fitted.encodedByteCount
        guard byteCount <= WireLimits.maximumBatchByteCount else {
            announce(log)
            exchanges[log]?.outgoingRefusal = ReportError(.tooLarge, "an entry is too large")
            return pump()
        }
        heldBatch = QueuedBatch(
            batch: fitted,
            keys: absentKeys(batch),
            end: entry.position,
            byteCount: byteCount
        )
        pump()
    }

    /// Leaves bodies out that the peer has with an earlier version.
    ///
    /// What was left out there, for a grant that was narrower then, is missing here as well; `peer resync` brings both.
    /// A peer with some regions may have got that version without it, as when a record has moved into its region:
    /// it gets every file of what it may read.
    private func withoutHeld(_ batch: EntryBatch) -> EntryBatch {
        guard forms.contains(.held), !isFiltered(batch.log),
            batch.entries.contains(where: { !$0.origins.isEmpty })
        else {
            return batch
        }
        var batch = batch
        for index in batch.entries.indices {
            let sequence = batch.first + UInt64(index)
            for (body, origin) in batch.entries[index].origins
            where batch.entries[index].bodies[body] != nil
                && isHeld(
                    origin,
                    before: LogPosition(log: batch.log, sequence: sequence, hash: .zero)
                )
            {
                batch.entries[index].bodies[body] = nil
                batch.entries[index].held.insert(body)
            }
        }
        return batch
    }

    /// Whether the peer has an entry before it takes the one at a position.
    private func isHeld(_ origin: ReplicatedEntry.Origin, before place: LogPosition) -> Bool {
        if origin.log == place.log { return origin.sequence < place.sequence }
        // Sent is not enough: another log may be refused.
        return exchanges[origin.log].map { $0.acknowledged >= origin.sequence } ?? false
    }

    /// One log cannot be read: the others go on; where the store is away for a while, a later session does.
    mutating func batchFailed(_ log: LogID, _ error: ReportError) {
        isLoadingBatch = false
        isLoadStale = false
        guard error.code != .unreachable, error.code != .timedOut else { return fail(error) }
        exchange(log) { $0.outgoingRefusal = error }
        if phase == .established { announce(log) }
        report(.unreadable(log, error.code, error.message))
        pump()
    }

    private mutating func dispatch(_ held: QueuedBatch) {
        let log = held.batch.log
        guard mayBeSent(log), var exchange = exchanges[log],
            exchange.sent == held.batch.first - 1, let state = local[log]
        else { return }
        if exchange.shown == 0 { send(.log(state.descriptor, held.batch.head)) }
        exchange.isShown(held.batch.head)
        for key in held.keys { send(.key(key)) }
        send(.batch(held.batch, forms.contains(.xxh3) ? .xxh3 : .sha256))
        exchange.sent = held.end.sequence
        exchange.outstanding.append(
            LogExchange.Outstanding(end: held.end, byteCount: held.byteCount, sentAt: now)
        )
        exchanges[log] = exchange
        outstandingCount += 1
        outstandingByteCount += held.byteCount
    }

    /// Leaves bodies out, the largest first, until an entry that is too large alone fits.
    private mutating func fitted(_ batch: EntryBatch) -> EntryBatch {
        var batch = batch
        var byteCount = batch.encodedByteCount
        while byteCount > WireLimits.maximumBatchByteCount {
            var largest: (entry: Int, body: Int, byteCount: Int)?
            for (entryIndex, entry) in batch.entries.enumerated() {
                for (bodyIndex, body) in entry.bodies.enumerated() {
                    guard let count = body?.bytes.count, count > largest?.byteCount ?? 0 else {
                        continue
                    }
                    largest = (entryIndex, bodyIndex, count)
                }
            }
            guard let largest else { break }
            batch.entries[largest.entry].bodies[largest.body] = nil
            report(
                .bodiesLeftOut(log: batch.log, sequence: batch.first + UInt64(largest.entry))
            )
            byteCount = batch.encodedByteCount
        }
        return batch
    }

    mutating func receive(_ acknowledgement: Acknowledgement) {
        guard acknowledgement.node == peer, acknowledgement.isAuthentic else {
            return fail(ReportError(.integrity, "an acknowledgement is not the peer's"))
        }
        let position = acknowledgement.position
        let outstanding = exchanges[position.log]?.outstanding ?? []
        if let index = outstanding.firstIndex(where: { $0.end == position }) {
            let done = outstanding[...index]
            outstandingCount -= done.count
            outstandingByteCount -= done.reduce(0) { $0 + $1.byteCount }
            exchanges[position.log]?.outstanding.removeFirst(done.count)
            keep(acknowledgement)
            pump()
        } else if let held = local[position.log]?.position.sequence, position.sequence <= held {
            check(.acknowledgement(acknowledgement))
        }
    }

    private mutating func keep(_ acknowledgement: Acknowledgement) {
        let position = acknowledgement.position
        let now = now
        exchange(position.log) { $0.peerHolds(position.sequence, at: now) }
        actions.append(.keep(acknowledgement))
    }

    mutating func refusedByPeer(_ log: LogID, _ error: ReportError) {
        guard var exchange = exchanges[log], !exchange.isRefusedByPeer else { return }
        // Its word goes before what this side found behind the batches that were under way.
        exchange.passBareEntry()
        exchange.outgoingRefusal = error
        exchange.isRefusedByPeer = true
        outstandingCount -= exchange.outstanding.count
        outstandingByteCount -= exchange.outstandingByteCount
        exchange.outstanding = []
        exchanges[log] = exchange
        if heldBatch?.batch.log == log { heldBatch = nil }
        report(.refusedByPeer(log, error.code, error.message))
        pump()
    }
}

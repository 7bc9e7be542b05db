import ReportModel

extension PeerSession {
    /// How far the two nodes are, from what was verified so far.
    public var progress: PeerProgress {
        let logs = Set(local.keys).union(exchanges.keys).sorted().map { progress(of: $0) }
        return PeerProgress(
            peer: peer,
            isEstablished: phase == .established,
            logs: logs,
            lastHeard: peer == nil ? nil : wall(lastHeard),
            direction: effectiveDirection
        )
    }

    private func progress(of log: LogID) -> LogProgress {
        let exchange = exchanges[log] ?? LogExchange(log)
        let held = local[log]?.position.sequence ?? 0
        let there = min(exchange.acknowledged, held)
        let known = max(
            exchange.head?.size ?? 0,
            local[log]?.head?.size ?? 0,
            exchange.stated.sequence
        )
        // What the peer is known to hold, and how much of that the owner signed.
        let stated = max(exchange.stated.sequence, exchange.acknowledged)
        let signed = min(stated, exchange.head?.size ?? 0)
        let owner = local[log]?.descriptor ?? exchange.descriptor
        // That a log may not go there is no fault once the peer has it all, from whomever.
        let isWithheld = there < held && exchange.bareEntry != nil
        let outgoing = there < held && !isWithheld ? exchange.outgoingRefusal : nil
        let incoming = isTaken(from: owner?.node) ? exchange.incomingRefusal : nil
        let isBarred = isBarred(owner?.node, lacksThere: there < held, lacksHere: known > held)
        let isForked = local[log]?.isForked == true
        let error =
            isForked ? .forked : incoming?.code ?? outgoing?.code ?? (isBarred ? .notAllowed : nil)
        // Of what will never go on nothing is missing, and no more is to be told.
        let isSettled = isSettledFork(log)
        let isMissedThere = !isSettled && isMissed(there: owner?.node)
        let isMissedHere = !isSettled && isMissed(here: owner?.node)
        return LogProgress(
            log: log,
            node: owner?.node,
            name: owner?.name ?? "",
            heldHere: held,
            heldThere: there,
            missingThere: isMissedThere ? held - there : 0,
            missingHere: known > held && isMissedHere ? known - held : 0,
            statedMissingHere: stated > held && !isSettled ? stated - held : 0,
            signedMissingHere: signed > held && !isSettled ? signed - held : 0,
            unacknowledgedByteCount: exchange.outstandingByteCount,
            lastProgress: exchange.lastProgress.map { wall($0) },
            lastError: isSettled ? nil : error,
            lastErrorMessage: isSettled ? nil : (incoming ?? outgoing)?.message,
            isErrorFromPeer: incoming == nil && exchange.isRefusedByPeer,
            isWithheld: isWithheld
        )
    }

    /// Whether a log forked and its owner was released: the branches stay as they are, at both sides.
    ///
    /// Between the node that released it and the owner: a third node may lack entries, which nobody sends any
    /// more. The owner sees it by a later log of its own, which the peer takes while it refuses this one.
    private func isSettledFork(_ log: LogID) -> Bool {
        guard let state = local[log] else { return false }
        if state.isForked, state.isReleased { return state.descriptor.node == peer }
        guard state.descriptor.node == configuration.key.id, let exchange = exchanges[log],
            exchange.isRefusedByPeer, exchange.outgoingRefusal?.code == .forked
        else { return false }
        return local.contains { other, later in
            guard later.descriptor.node == configuration.key.id, other != log,
                later.descriptor.createdAt > state.descriptor.createdAt
            else { return false }
            return exchanges[other].map { $0.acknowledged > 0 && $0.outgoingRefusal == nil }
                ?? false
        }
    }

    private func wall(_ time: Duration) -> Timestamp {
        let (seconds, attoseconds) = time.components
        let milliseconds =
            UInt64(max(0, seconds)) * 1000
            + UInt64(max(0, attoseconds)) / 1_000_000_000_000_000
        return Timestamp(milliseconds: configuration.startedAt.milliseconds + milliseconds)
    }
}

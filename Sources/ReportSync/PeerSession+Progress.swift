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
        let error = incoming?.code ?? outgoing?.code ?? (isBarred ? .notAllowed : nil)
        return LogProgress(
            log: log,
            node: owner?.node,
            name: owner?.name ?? "",
            heldHere: held,
            heldThere: there,
            missingThere: isMissed(there: owner?.node) ? held - there : 0,
            missingHere: known > held && isMissed(here: owner?.node) ? known - held : 0,
            statedMissingHere: stated > held ? stated - held : 0,
            signedMissingHere: signed > held ? signed - held : 0,
            unacknowledgedByteCount: exchange.outstandingByteCount,
            lastProgress: exchange.lastProgress.map { wall($0) },
            lastError: local[log]?.isForked == true ? .forked : error,
            lastErrorMessage: (incoming ?? outgoing)?.message,
            isErrorFromPeer: incoming == nil && exchange.isRefusedByPeer,
            isWithheld: isWithheld
        )
    }

    private func wall(_ time: Duration) -> Timestamp {
        let (seconds, attoseconds) = time.components
        let milliseconds =
            UInt64(max(0, seconds)) * 1000
            + UInt64(max(0, attoseconds)) / 1_000_000_000_000_000
        return Timestamp(milliseconds: configuration.startedAt.milliseconds + milliseconds)
    }
}

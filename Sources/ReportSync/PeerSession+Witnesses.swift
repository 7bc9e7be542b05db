import ReportModel
import ReportWire

/// The ladder: what others have signed for the logs of a peer comes down to it.
///
/// Source: docs/protocol.md section 5.5.
extension PeerSession {
    /// Looks for news of who holds the peer's logs; after each commit, since one may have brought some.
    mutating func loadWitnesses() {
        guard phase == .established, !isLoadingWitnesses, witnessPing == nil, let peer else {
            return
        }
        let logs = local.filter { _, state in
            state.descriptor.node == peer && state.position.sequence > 0
        }.keys.sorted()
        guard !logs.isEmpty else { return }
        isLoadingWitnesses = true
        actions.append(.loadWitnesses(logs))
    }

    mutating func witnessesLoaded(_ witnesses: [Acknowledgement]) {
        isLoadingWitnesses = false
        guard phase == .established else { return }
        var count = 0
        for witness in witnesses {
            let position = witness.position
            // Nobody is told of itself, and of everybody only what is new.
            guard witness.node != peer, witness.node != configuration.key.id,
                position.sequence > witnessed[position.log]?[witness.node] ?? 0
            else { continue }
            guard count < configuration.limits.witnessBurstCount else {
                pingNumber += 1
                witnessPing = pingNumber
                witnessAskedAt = now
                return send(.ping(pingNumber))
            }
            count += 1
            witnessed[position.log, default: [:]][witness.node] = position.sequence
            send(.witness(witness))
        }
    }

    /// The peer has read a burst of witnesses: the rest may follow.
    mutating func witnessesPassed(_ number: UInt64) {
        guard number == witnessPing else { return }
        witnessPing = nil
        witnessAskedAt = nil
        loadWitnesses()
    }

    mutating func receiveWitness(_ acknowledgement: Acknowledgement) {
        guard acknowledgement.isAuthentic else {
            return fail(ReportError(.integrity, "a witness did not sign what is passed on"))
        }
        let position = acknowledgement.position
        guard acknowledgement.node != configuration.key.id, let state = local[position.log],
            state.descriptor.node == configuration.key.id,
            position.sequence <= state.position.sequence
        else { return }
        // A key that is no node's can be made by anybody: only those whom this node knows, or whom an
        // upstream vouches for, within a bound.
        if !local.values.contains(where: { $0.descriptor.node == acknowledgement.node }),
            acknowledgement.node != peer
        {
            let known = strangers[position.log, default: []]
            guard initiator != nil,
                known.contains(acknowledgement.node)
                    || known.count < configuration.limits.strangerCount
            else { return }
            strangers[position.log, default: []].insert(acknowledgement.node)
        }
        check(.witness(acknowledgement))
    }
}

import ReportModel
import ReportWire

extension PeerSession {
    /// A large message on a slow line is a sign of life before it is whole; a drop now and then is none.
    mutating func arrived(_ byteCount: UInt64) {
        guard peer != nil,
            byteCount >= heardByteCount &+ configuration.limits.leastArrivedByteCount
        else { return }
        heardByteCount = byteCount
        lastHeard = now
        if reconciliation.current?.askedAt != nil { reconciliation.current?.askedAt = now }
        if witnessAskedAt != nil { witnessAskedAt = now }
    }

    mutating func timerFired() {
        let limits = configuration.limits
        if phase != .established, now >= connectedAt + handshakeTimeout, peer == nil {
            return fail(ReportError(.timedOut, "no key was proved in time"))
        }
        if now >= lastHeard + limits.silenceTimeout {
            report(.stalled("nothing was heard from the peer"))
            return fail(ReportError(.timedOut, "nothing was heard"))
        }
        if let oldest = oldestOutstanding, now >= oldest + acknowledgementTimeout {
            report(.stalled("the peer does not acknowledge what it was sent"))
            return fail(ReportError(.timedOut, "a batch stayed unacknowledged"))
        }
        // Whoever only answers pings is no peer yet: a large statement on a slow line has the time, too.
        if let since = awaitedSince, now >= since + limits.statementTimeout {
            report(.stalled("the peer does not state its positions"))
            return fail(ReportError(.timedOut, "no positions were stated in time"))
        }
        if let asked = reconciliation.current?.askedAt,
            now >= asked + acknowledgementTimeout
        {
            report(.stalled("the peer does not answer a question about a log"))
            return fail(ReportError(.timedOut, "a question stayed unanswered"))
        }
        if let asked = witnessAskedAt, now >= asked + acknowledgementTimeout {
            report(.stalled("the peer does not answer a ping"))
            return fail(ReportError(.timedOut, "a ping stayed unanswered"))
        }
        if peer != nil, now >= nextPing {
            lastPing = now
            if phase == .established {
                pingNumber += 1
                send(.ping(pingNumber))
            }
        }
        actions.append(.setTimer(nextDeadline))
    }

    /// Time for the peer to have what is on the way, and to commit it; questions stand behind that, too.
    private var acknowledgementTimeout: Duration {
        let limits = configuration.limits
        let seconds = outstandingByteCount / limits.slowestBytesPerSecond
        return limits.acknowledgementTimeout + .seconds(seconds)
    }

    private var oldestOutstanding: Duration? {
        exchanges.values.compactMap { $0.outstanding.first?.sentAt }.min()
    }

    /// Whatever the peer says is a sign of life; then there is no need to ask for one.
    ///
    /// Not so what has arrived of a message: its sender waits for a sign of life, too.
    private var nextPing: Duration {
        let limits = configuration.limits
        let interval = initiator == nil ? limits.acceptorPingInterval : limits.pingInterval
        return max(lastMessage, lastPing) + interval
    }

    /// Never later than the next ping, so that deadlines that appear meanwhile are not missed.
    private var nextDeadline: Duration {
        var deadline = min(nextPing, lastHeard + configuration.limits.silenceTimeout)
        if peer == nil { deadline = min(deadline, connectedAt + handshakeTimeout) }
        if let oldest = oldestOutstanding {
            deadline = min(deadline, oldest + acknowledgementTimeout)
        }
        if let since = awaitedSince {
            deadline = min(deadline, since + configuration.limits.statementTimeout)
        }
        for asked in [reconciliation.current?.askedAt, witnessAskedAt].compactMap(\.self) {
            deadline = min(deadline, asked + acknowledgementTimeout)
        }
        return max(deadline, now + .milliseconds(1))
    }
}

import ReportModel
import ReportWire

extension PeerSession {
    mutating func timerFired() {
        let limits = configuration.limits
        if phase != .established, now >= connectedAt + handshakeTimeout, peer == nil {
            return end(.timedOut, "the handshake took too long")
        }
        if now >= lastHeard + limits.silenceTimeout {
            report(.stalled("nothing was heard from the peer"))
            return fail(ReportError(.timedOut, "nothing was heard"))
        }
        if let oldest = oldestOutstanding, now >= oldest + limits.acknowledgementTimeout {
            report(.stalled("the peer does not acknowledge what it was sent"))
            return fail(ReportError(.timedOut, "a batch stayed unacknowledged"))
        }
        if let asked = reconciliation.current?.askedAt,
            now >= asked + limits.acknowledgementTimeout
        {
            report(.stalled("the peer does not answer a question about a log"))
            return fail(ReportError(.timedOut, "a question stayed unanswered"))
        }
        if peer != nil, now >= nextPing {
            nextPing = now + limits.pingInterval
            if phase == .established {
                pingNumber += 1
                send(.ping(pingNumber))
            }
        }
        actions.append(.setTimer(nextDeadline))
    }

    private var oldestOutstanding: Duration? {
        exchanges.values.compactMap { $0.outstanding.first?.sentAt }.min()
    }

    /// Never later than the next ping, so that deadlines that appear meanwhile are not missed.
    private var nextDeadline: Duration {
        var deadline = min(nextPing, lastHeard + configuration.limits.silenceTimeout)
        if peer == nil { deadline = min(deadline, connectedAt + handshakeTimeout) }
        if let oldest = oldestOutstanding {
            deadline = min(deadline, oldest + configuration.limits.acknowledgementTimeout)
        }
        if let asked = reconciliation.current?.askedAt {
            deadline = min(deadline, asked + configuration.limits.acknowledgementTimeout)
        }
        return max(deadline, now + .milliseconds(1))
    }
}

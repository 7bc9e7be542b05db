import ReportModel
import ReportWire

extension PeerSession {
    mutating func connect() {
        guard phase == .new else { return }
        phase = .awaitingHello
        connectedAt = now
        lastHeard = now
        lastPing = now
        if let initiator { send(.hello(initiator.hello)) }
        actions.append(.setTimer(connectedAt + handshakeTimeout))
    }

    var handshakeTimeout: Duration {
        initiator == nil
            ? configuration.limits.acceptorHandshakeTimeout
            : configuration.limits.initiatorHandshakeTimeout
    }

    mutating func receive(_ hello: Hello) {
        guard phase == .awaitingHello else {
            return fail(ReportError(.usage, "HELLO out of turn"))
        }
        guard hello.role == .peer else {
            return fail(ReportError(.usage, "this is no session of a client"))
        }
        do throws(ReportError) {
            if let initiator {
                let signature = try initiator.authenticate(hello)
                peer = hello.node
                grant = configuration.grants[hello.node] ?? .everywhere
                direction = configuration.direction
                beginExchange()
                actions.append(.openGate)
                send(.auth(signature: signature))
                loadStates()
            } else {
                send(.hello(try acceptor.answer(hello)))
                phase = .awaitingAuth
            }
        } catch {
            fail(error)
        }
    }

    mutating func receiveAuth(_ signature: [UInt8]) {
        guard phase == .awaitingAuth else {
            return fail(ReportError(.usage, "AUTH out of turn"))
        }
        do throws(ReportError) {
            let node = try acceptor.verify(signature)
            guard let grant = configuration.grants[node], grant.rights.contains(.peer) else {
                throw ReportError(.notAllowed, "this key has no grant to replicate")
            }
            peer = node
            self.grant = grant
            direction = grant.direction
            beginExchange()
            actions.append(.openGate)
            loadStates()
        } catch {
            fail(error)
        }
    }

    /// Keys are proved: what comes next are the statements.
    private mutating func beginExchange() {
        phase = .exchanging
        // An acceptor states first; its peer has nothing to say before.
        if initiator != nil { awaitedSince = now }
    }

    mutating func loadStates() {
        guard phase == .exchanging || phase == .established else { return }
        guard !isLoadingStates else {
            wantsStates = true
            return
        }
        isLoadingStates = true
        actions.append(.loadStates)
    }

    mutating func statesLoaded(_ states: [LogState], ownLog: LogID) {
        isLoadingStates = false
        self.ownLog = ownLog
        for state in states {
            let log = state.descriptor.id
            // An accept that ended after the states were read may know more.
            let known = local[log]?.position
            local[log] = state
            if let known, known.sequence > state.position.sequence {
                local[log]?.position = known
            }
            exchanges[log]?.isDrained = false
        }
        if initiator == nil { sendPositions() }
        establish()
        if phase == .established {
            tell(local.keys.sorted())
            for log in local.keys.sorted() { compare(log) }
            lookAgainAtBare()
            pump()
            loadWitnesses()
            lookAgain()
        }
        guard wantsStates else { return }
        wantsStates = false
        loadStates()
    }

    /// States positions anew where the peer would wait for ever: of what is not taken from it, or what it does
    /// not pass on, and what another peer has brought.
    mutating func tell(_ logs: [LogID]) {
        let moved = logs.compactMap { local[$0]?.position }.filter { position in
            exchanges[position.log]?.isAwaited(position.sequence) == true
        }
        guard phase == .established, !moved.isEmpty else { return }
        for position in moved { exchanges[position.log]?.isTold(position.sequence) }
        send(.positions(moved, isLast: true))
    }

    /// States the position of every log, once.
    private mutating func sendPositions() {
        guard !hasSentPositions else { return }
        hasSentPositions = true
        // One that knows no forms states nothing, as programs did that knew no directions.
        if !configuration.forms.isEmpty || direction != .both {
            send(.forms(configuration.forms, direction))
        }
        let positions = local.values.map(\.position).filter { $0.sequence > 0 }
            .sorted { $0.log < $1.log }
        for position in positions { exchange(position.log) { $0.isTold(position.sequence) } }
        var rest = positions[...]
        repeat {
            let part = rest.prefix(WireLimits.maximumPositionCount)
            rest = rest.dropFirst(part.count)
            send(.positions(Array(part), isLast: rest.isEmpty))
        } while !rest.isEmpty
        if !hasReceivedPositions { awaitedSince = now }
    }

    mutating func receive(_ positions: [LogPosition], isLast: Bool) {
        for position in positions {
            exchange(position.log) { exchange in
                exchange.stated = position
                exchange.agreement = .unknown
                exchange.sent = position.sequence
                exchange.acknowledged = min(exchange.acknowledged, position.sequence)
            }
        }
        guard exchanges.count <= 2 * WireLimits.maximumPositionCount else {
            return fail(ReportError(.usage, "too many logs"))
        }
        if isLast {
            hasReceivedPositions = true
            awaitedSince = nil
        }
        if phase == .established {
            for position in positions { compare(position.log) }
            pump()
        } else {
            establish()
        }
    }

    /// Goes on once both sides have said where they stand.
    private mutating func establish() {
        guard phase == .exchanging, hasReceivedPositions, ownLog != nil, let peer else { return }
        sendPositions()
        phase = .established
        report(.established(peer: peer))
        for (log, state) in local.sorted(by: { $0.key < $1.key }) {
            if state.descriptor.node == peer, state.position.sequence > 0, !state.isForked {
                actions.append(.acknowledge(state.position))
                exchange(log) { $0.isTold(state.position.sequence) }
            }
            exchange(log) { _ in }
            // To its owner a log's head tells whether the owner runs on an old copy; of a log that is not
            // sent, everybody hears whose it is.
            if state.descriptor.node == peer || state.isForked || !isOffered(log) {
                unannounced.append(log)
            }
        }
        announceNext()
        for log in exchanges.keys.sorted() { compare(log) }
        pump()
        loadWitnesses()
    }

    /// Shows some of the logs that are not sent; the next go once the peer has read these.
    private mutating func announceNext() {
        let burst = unannounced.prefix(configuration.limits.announcementBurstCount)
        unannounced.removeFirst(burst.count)
        for log in burst { announce(log) }
        guard !unannounced.isEmpty else { return }
        pingNumber += 1
        announcementPing = pingNumber
        send(.ping(pingNumber))
    }

    /// The peer has read the logs that were shown before a ping.
    mutating func announcementsPassed(_ number: UInt64) {
        guard number == announcementPing else { return }
        announcementPing = nil
        announceNext()
    }

    /// Shows whose a log is, and its newest head; again only when that covers more than the peer has seen, who
    /// otherwise could not tell that this side waits to hear of what it cannot send.
    mutating func announce(_ log: LogID) {
        guard let state = local[log], let head = state.head, state.position.sequence > 0,
            head.size > exchanges[log]?.shown ?? 0
        else { return }
        exchange(log) { $0.isShown(head) }
        send(.log(state.descriptor, head))
    }

    /// Changes what is known of a log.
    mutating func exchange(_ log: LogID, _ change: (inout LogExchange) -> Void) {
        change(&exchanges[log, default: LogExchange(log)])
    }
}

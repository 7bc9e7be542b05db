import Glibc
import ReportModel
import ReportStore

extension Pipe {
    /// Tells a peer who has signed for what of its logs, when that is news, or when it waits for it.
    /// - Returns: whether there is nothing more to tell; news that nobody waits for are told in turn.
    func answer(_ index: Int, at now: ContinuousClock.Instant) async throws(ReportError) -> Bool {
        let peer = peers[index].peer.node
        var signed: [Signed] = []
        var logs: [LogID] = []
        // A forked log is in no bundle.
        for state in try await store.logStates() where state.head != nil && !state.isForked {
            let log = state.descriptor.id
            let isShared =
                if state.descriptor.node == peer || peers[index].brought.contains(log) {
                    true
                } else {
                    try await store.acknowledgement(log: log, from: peer) != nil
                }
            guard isShared else { continue }
            logs.append(log)
            let witnesses = try await store.witnesses(of: log).filter { $0.node != peer }
            signed += witnesses.map {
                Signed(node: $0.node, log: log, sequence: $0.position.sequence)
            }
            guard state.descriptor.node != store.node, state.position.sequence > 0 else { continue }
            signed.append(Signed(node: store.node, log: log, sequence: state.position.sequence))
        }
        guard !signed.isEmpty, peers[index].isOwedAnswer || signed != peers[index].told else {
            return true
        }
        if !peers[index].isOwedAnswer, let last = peers[index].toldAt, now < last + limits.pause {
            return false
        }
        let request = BundleRequest(
            start: .beginning,
            recipient: peer,
            logs: logs.map { ($0.description, nil) },
            hasEntries: false
        )
        _ = try await publish(request, index, .acknowledgements)
        peers[index].told = signed
        peers[index].toldAt = now
        peers[index].isOwedAnswer = false
        return true
    }

    /// Sends what a peer has not signed for, unless that is under way.
    func send(_ index: Int, at now: ContinuousClock.Instant) async throws(ReportError) {
        let spans = try await spans(index)
        for (log, rest) in peers[index].resting
        where now >= rest.until || spans[log]?.signed != rest.signed {
            peers[index].resting[log] = nil
        }
        var attempt = 0
        var isAgain = false
        var isAsAsked = false
        if let underWay = peers[index].underWay {
            let stayed = underWay.spans.filter { spans[$0.key]?.signed == $0.value.signed }
            if underWay.isDue {
                isAsAsked = true
            } else if stayed.count < underWay.spans.count {
                // A slow line needs about the same patience again.
                attempt = max(0, underWay.attempt - 1)
                for (log, span) in stayed {
                    // The peer took others of the same bundle, and not this one.
                    peers[index].resting[log] = Rest(
                        signed: span.signed,
                        until: now + limits.maximumPatience
                    )
                }
            } else {
                guard now >= underWay.until else { return }
                // Lost, or the other end is away: what the stream says of it proves nothing.
                attempt = underWay.attempt + 1
                isAgain = true
            }
            peers[index].underWay = nil
        }
        let due = spans.filter { log, span in
            span.signed < span.held && peers[index].resting[log] == nil
        }
        guard !due.isEmpty else { return }
        try await send(
            due,
            index,
            at: now,
            attempt: attempt,
            isAgain: isAgain,
            isAsAsked: isAsAsked
        )
    }

    /// Sends a bundle of some logs, or of as much of them as one may hold.
    private func send(
        _ due: [LogID: Span],
        _ index: Int,
        at now: ContinuousClock.Instant,
        attempt: Int,
        isAgain: Bool,
        isAsAsked: Bool
    ) async throws(ReportError) {
        let peer = peers[index].peer
        let readable = try readableRegions(of: peer)
        while true {
            let most = peers[index].entryCount
            var chosen: [LogID: Span] = [:]
            var count = 0
            for (log, span) in due.sorted(by: { $0.key < $1.key }) where count < most {
                chosen[log] = span
                count += min(most, Int(clamping: span.held - span.signed))
            }
            let request = BundleRequest(
                start: .beginning,
                recipient: peer.node,
                logs: chosen.sorted { $0.key < $1.key }.map {
                    ($0.key.description, $0.value.signed)
                },
                maximumEntryCount: most,
                maximumByteCount: limits.bundleByteCount,
                regions: readable
            )
            // Whatever becomes of it: the next one follows after a while.
            let patience = limits.patience * (1 << min(attempt, 16))
            peers[index].underWay = UnderWay(
                spans: chosen,
                attempt: attempt,
                until: now + min(patience, limits.maximumPatience),
                isAsAsked: isAsAsked
            )
            do throws(ReportError) {
                let (entries, bytes) = try await publish(request, index, .entries)
                guard entries > 0 else {
                    // Nothing of them may be sent: they are held without records, perhaps for now.
                    for (log, span) in chosen {
                        peers[index].resting[log] = Rest(
                            signed: span.signed,
                            until: now + limits.maximumPatience
                        )
                    }
                    peers[index].underWay = nil
                    return
                }
                peers[index].entryCount = min(most * 2, limits.entryCount)
                return tell(.sent(peer.node, entries: entries, bytes: bytes, isAgain: isAgain))
            } catch {
                guard error.code == .tooLarge, most > 1 else { throw error }
                peers[index].entryCount = most / 2
            }
        }
    }

    /// Regions whose records go to a peer: those that it was given here, as far as the node grants them.
    private func readableRegions(of peer: PipePeer) throws(ReportError) -> [String] {
        // Without a node that says who may read what, there is this alone.
        guard try store.bundleGrants() != nil else { return peer.regions }
        let granted = try store.bundleRegions(for: peer.node, asked: nil)
        return BundleRules.common(peer.regions, granted)
    }

    /// How far a peer has signed for each log that may be sent to it, and how far it is held here.
    private func spans(_ index: Int) async throws(ReportError) -> [LogID: Span] {
        let peer = peers[index].peer.node
        var spans: [LogID: Span] = [:]
        // What a node wrote itself it has.
        for state in try await store.logStates()
        where state.head != nil && !state.isForked && state.descriptor.node != peer {
            let log = state.descriptor.id
            let newest = try await store.acknowledgement(log: log, from: peer)?.position.sequence
            var signed = newest ?? 0
            if let stated = peers[index].stated[log] {
                if stated.signed < signed {
                    peers[index].stated[log] = nil
                } else {
                    signed = stated.sequence
                }
            }
            spans[log] = Span(signed: signed, held: state.position.sequence)
        }
        return spans
    }

    /// Writes a bundle and puts it into the stream; one that should have entries and has none is not sent.
    /// - Returns: its entries and bytes.
    private func publish(
        _ request: BundleRequest,
        _ index: Int,
        _ kind: PipeSubject.Kind
    ) async throws(ReportError) -> (entries: Int, byteCount: Int) {
        let path = folder.outgoing(to: peers[index].peer.node, kind)
        defer { unlink(path) }
        let told = try await store.exportBundle(to: path, request)
        let count = told["entries"]?.integerValue ?? 0
        guard count > 0 || !request.hasEntries else { return (0, 0) }
        let file = try PartFile(path)
        try await publish(byteCount: file.byteCount, to: subject(to: index, kind)) {
            range throws(ReportError) in try file.bytes(range)
        }
        return (count, file.byteCount)
    }
}

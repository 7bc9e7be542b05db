import Glibc
import ReportModel
import ReportStore

extension Pipe {
    /// Tells a peer who has signed for what of its logs, when that is news, or when it waits for it.
    func answer(_ index: Int) async throws(ReportError) {
        let peer = peers[index].peer.node
        var signed: [Signed] = []
        var logs: [LogID] = []
        for state in try await store.logStates() {
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
            return
        }
        let request = BundleRequest(
            start: .beginning,
            recipient: peer,
            logs: logs.map { ($0.description, nil) },
            hasEntries: false
        )
        _ = try await publish(request, index, .acknowledgements)
        peers[index].told = signed
        peers[index].isOwedAnswer = false
    }

    /// Sends what a peer has not signed for, unless that is under way.
    func send(_ index: Int, at now: ContinuousClock.Instant) async throws(ReportError) {
        let spans = try await spans(index)
        guard spans.contains(where: { $0.value.signed < $0.value.held }) else {
            peers[index].underWay = nil
            return
        }
        var attempt = 0
        var isAgain = false
        var isAsAsked = false
        if let underWay = peers[index].underWay {
            let hasMoved = spans.contains { $1.signed > (underWay.spans[$0]?.signed ?? 0) }
            if underWay.isDue {
                isAsAsked = true
            } else if hasMoved {
                // A slow line needs about the same patience again.
                attempt = max(0, underWay.attempt - 1)
            } else {
                guard now >= underWay.until else { return }
                // Lost, or the other end is away: what the stream says of it proves nothing.
                attempt = underWay.attempt + 1
                isAgain = true
            }
        } else if peers[index].exhausted == spans {
            return
        }
        let request = BundleRequest(
            start: .beginning,
            recipient: peers[index].peer.node,
            logs: spans.filter { $0.value.signed < $0.value.held }
                .sorted { $0.key < $1.key }
                .map { ($0.key.description, $0.value.signed) },
            maximumEntryCount: limits.entryCount,
            regions: peers[index].peer.regions
        )
        let (count, byteCount) = try await publish(request, index, .entries)
        guard count > 0 else {
            peers[index].exhausted = spans
            peers[index].underWay = nil
            return
        }
        wait(index, spans, attempt: attempt, isAsAsked: isAsAsked, from: now)
        let peer = peers[index].peer.node
        tell(.sent(peer, entries: count, bytes: byteCount, isAgain: isAgain))
    }

    private func wait(
        _ index: Int,
        _ spans: [LogID: Span],
        attempt: Int,
        isAsAsked: Bool,
        from now: ContinuousClock.Instant
    ) {
        let patience = limits.patience * (1 << min(attempt, 16))
        peers[index].underWay = UnderWay(
            spans: spans,
            attempt: attempt,
            until: now + min(patience, limits.maximumPatience),
            isAsAsked: isAsAsked
        )
    }

    /// How far a peer has signed for each log that may be sent to it, and how far it is held here.
    private func spans(_ index: Int) async throws(ReportError) -> [LogID: Span] {
        let peer = peers[index].peer.node
        var spans: [LogID: Span] = [:]
        for state in try await store.logStates() where state.head != nil && !state.isForked {
            let log = state.descriptor.id
            // What a node wrote itself it has, unless it says otherwise.
            let own = state.descriptor.node == peer ? state.position.sequence : 0
            let newest = try await store.acknowledgement(log: log, from: peer)?.position.sequence
            var signed = max(own, newest ?? 0)
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

import ReportModel
import ReportStore

extension Pipe {
    /// Takes messages from the stream to the disk.
    func receive() async throws(ReportError) {
        for message in try await stream.receive(within: limits.waitMilliseconds) {
            try await keep(message)
            // Only now: what is not on the disk comes again. That it is there moves no position.
            try await stream.settle(message)
        }
    }

    private func keep(_ message: ReceivedMessage) async throws(ReportError) {
        let subject = PipeSubject(message.subject)
        guard let subject, subject.recipient == store.node,
            message.payload.count <= limits.partByteCount,
            let header = message.header.flatMap({ PartHeader($0) }),
            let index = peers.firstIndex(where: { $0.peer.node == subject.sender })
        else { return tell(.passedOver(subject)) }
        if subject.kind == .positions {
            try await hear(message.payload, index)
        } else {
            try folder.refuseWithout(free: limits.freeByteCount)
            _ = try folder.keep(message.payload, header, from: subject.sender, subject.kind)
        }
    }

    /// Hands whole bundles of a peer to the node.
    func handOver(_ index: Int, at now: ContinuousClock.Instant) async throws(ReportError) {
        if let until = peers[index].takesUntil, now < until { return }
        peers[index].takesUntil = nil
        let sender = peers[index].peer.node
        for kind in [PipeSubject.Kind.acknowledgements, .entries] where folder.has(sender, kind) {
            let path = folder.bundle(of: sender, kind)
            do throws(ReportError) {
                let answer = try await take(path, of: kind, index)
                peers[index].takeAttempts = 0
                tell(.taken(sender, answer))
            } catch {
                peers[index].takeAttempts += 1
                if passes(error, attempt: peers[index].takeAttempts) {
                    peers[index].takesUntil = now + limits.pause
                    tell(.refused(sender, error, isKept: true))
                    continue
                }
                peers[index].takeAttempts = 0
                tell(.refused(sender, error, isKept: false))
                if error.code == .conflict, kind == .entries {
                    try await statePositions(path, index)
                }
            }
            folder.drop(sender, kind)
        }
    }

    /// Hands one bundle to the node.
    private func take(
        _ path: String,
        of kind: PipeSubject.Kind,
        _ index: Int
    ) async throws(ReportError) -> JSONValue {
        let manifest = try BundleReader(path).manifest
        guard manifest.node == peers[index].peer.node else {
            throw ReportError(
                .integrity,
                "a bundle that came as of \(peers[index].peer.node) is signed by \(manifest.node)"
            )
        }
        let answer = try await take(path)
        if kind == .entries {
            peers[index].isOwedAnswer = true
            peers[index].brought.formUnion(manifest.parts.map(\.log))
        } else {
            try await noteAcknowledgements(in: path, index)
        }
        return answer
    }

    /// Whether an error is the machine's or the node's, so that the same bundle is taken later.
    private func passes(_ error: ReportError, attempt: Int) -> Bool {
        switch error.code {
        case .unreachable, .timedOut, .noSpace, .readOnly: true
        case .internal, .notFound: attempt < limits.attemptCount
        default: false
        }
    }

    /// Remembers what a peer signed for that the store does not keep as its newest: one that was put back has signed
    /// for more before, and one that this node was put back from knows more of a log than this node.
    private func noteAcknowledgements(in path: String, _ index: Int) async throws(ReportError) {
        let peer = peers[index].peer.node
        let reader = try BundleReader(path)
        while let (kind, bytes) = try reader.next() {
            guard kind == .acknowledgement, let said = Acknowledgement(bytes), said.node == peer,
                said.isAuthentic
            else { continue }
            let (log, sequence) = (said.position.log, said.position.sequence)
            let newest =
                try await store.acknowledgement(log: log, from: peer)?.position.sequence ?? 0
            peers[index].stated[log] =
                sequence == newest ? nil : Stated(sequence: sequence, signed: newest)
        }
        peers[index].saidCommit = nil
    }

    /// Tells a peer how far the logs of a bundle are held that begins after that.
    private func statePositions(_ path: String, _ index: Int) async throws(ReportError) {
        var held: [String: JSONValue] = [:]
        for part in try BundleReader(path).manifest.parts where part.sequence > part.after {
            let sequence = try await store.logState(part.log)?.position.sequence ?? 0
            held[part.log.description] = .integer(Int(clamping: sequence))
        }
        let bytes = JSONValue.object(held).canonicalBytes
        try await publish(byteCount: bytes.count, to: subject(to: index, .positions)) {
            Array(bytes[$0])
        }
    }

    /// Takes a peer's word for where it wants to go on: at worst something is sent that it has.
    ///
    /// Nobody signed it, so it is heard only as the answer to a bundle, and not twice in a row.
    private func hear(_ payload: [UInt8], _ index: Int) async throws(ReportError) {
        guard let underWay = peers[index].underWay, !underWay.isAsAsked,
            let rows = (try? JSONValue(parsing: payload))?.objectValue
        else { return }
        let peer = peers[index].peer.node
        for (name, value) in rows {
            guard let log = LogID(hex: name), let span = underWay.spans[log],
                let sequence = value.integerValue, sequence >= 0, UInt64(sequence) < span.signed
            else { continue }
            let newest = try await store.acknowledgement(log: log, from: peer)?.position.sequence
            peers[index].stated[log] = Stated(sequence: UInt64(sequence), signed: newest ?? 0)
            peers[index].underWay?.isDue = true
        }
    }
}

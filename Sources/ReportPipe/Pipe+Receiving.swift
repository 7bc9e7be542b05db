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
        guard let subject = PipeSubject(message.subject), subject.recipient == store.node,
            let header = message.header.flatMap({ PartHeader($0) }),
            let index = peers.firstIndex(where: { $0.peer.node == subject.sender })
        else { return tell(.passedOver(message.subject)) }
        if subject.kind == .positions {
            try await hear(message.payload, index)
        } else {
            _ = try folder.keep(message.payload, header, from: subject.sender, subject.kind)
        }
    }

    /// Hands whole bundles of a peer to the node.
    func handOver(_ index: Int, at now: ContinuousClock.Instant) async throws(ReportError) {
        if let until = peers[index].pausedUntil, now < until { return }
        peers[index].pausedUntil = nil
        let sender = peers[index].peer.node
        for kind in [PipeSubject.Kind.acknowledgements, .entries] where folder.has(sender, kind) {
            let path = folder.bundle(of: sender, kind)
            do throws(ReportError) {
                let manifest = try BundleReader(path).manifest
                guard manifest.node == sender else {
                    throw ReportError(
                        .integrity,
                        "a bundle that came as of \(sender) is signed by \(manifest.node)"
                    )
                }
                let answer = try await take(path)
                if kind == .entries {
                    peers[index].isOwedAnswer = true
                    peers[index].brought.formUnion(manifest.parts.map(\.log))
                } else {
                    try await noteAcknowledgements(in: path, index)
                }
                tell(.taken(sender, answer))
            } catch {
                guard !Self.passes(error) else {
                    peers[index].pausedUntil = now + limits.pause
                    return tell(.refused(sender, error, isKept: true))
                }
                tell(.refused(sender, error, isKept: false))
                if error.code == .conflict, kind == .entries {
                    try await statePositions(path, index)
                }
            }
            folder.drop(sender, kind)
        }
    }

    /// Whether an error is the machine's or the node's, so that the same bundle is taken later.
    private static func passes(_ error: ReportError) -> Bool {
        switch error.code {
        case .unreachable, .timedOut, .noSpace, .readOnly, .internal: true
        default: false
        }
    }

    /// Remembers how far a peer signed for logs just now: a restored one has signed for more before.
    private func noteAcknowledgements(in path: String, _ index: Int) async throws(ReportError) {
        let peer = peers[index].peer.node
        let reader = try BundleReader(path)
        while let (kind, bytes) = try reader.next() {
            guard kind == .acknowledgement, let said = Acknowledgement(bytes), said.node == peer
            else { continue }
            let log = said.position.log
            let newest = try await store.acknowledgement(log: log, from: peer)?.position.sequence
            peers[index].stated[log] =
                said.position.sequence < newest ?? 0
                ? Stated(sequence: said.position.sequence, signed: newest ?? 0) : nil
        }
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

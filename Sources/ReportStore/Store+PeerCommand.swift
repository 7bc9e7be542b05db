import LMDB
public import ReportModel

/// What administrators do about peers, as far as a store without sessions can.
extension Store {
    /// Carries out a command; see ``ReplicationCare``.
    public func perform(_ command: PeerCommand) async throws(ReportError) -> JSONValue {
        switch command {
        case .list:
            let status = try await status()
            let forked = status.logs.filter(\.isForked).map { log -> JSONValue in
                [
                    "log": .string(log.descriptor.id.description),
                    "node": .string(log.descriptor.node.description),
                    "name": .string(log.descriptor.name),
                    "held": .integer(Int(clamping: log.position.sequence)),
                    "released": .bool(log.isReleased),
                ]
            }
            return [
                "hold": status.hold?.json ?? .null, "forked": .array(forked), "peers": [],
            ]
        case .proceed:
            let ended = try await proceedFiling()
            return ["ended": ended?.json ?? .null]
        case .evidence(let log):
            return ["items": .array(try forkEvidence(of: log).map(\.json))]
        case .release(let log):
            let state = try await release(log)
            return [
                "log": .string(state.descriptor.id.description),
                "node": .string(state.descriptor.node.description),
                "name": .string(state.descriptor.name), "released": true,
            ]
        case .resync:
            throw ReportError(
                .unreachable,
                "comparing with peers needs the running node",
                hint: "start it, and say reportctl peer resync all --store DIR on its machine"
            )
        }
    }
}

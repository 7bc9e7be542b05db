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
            let elsewhere = try otherBranches(of: log)
            // The evidence of what is only known to be forked lies with the node above.
            let items = try elsewhere.isEmpty || log == nil ? forkEvidence(of: log) : held(log)
            return [
                "items": .array(items.map(\.json)), "elsewhere": .array(elsewhere.map(\.json)),
            ]
        case .release(let log):
            let state = try await release(log)
            return [
                "log": .string(state.descriptor.id.description),
                "node": .string(state.descriptor.node.description),
                "name": .string(state.descriptor.name), "released": true,
            ]
        case .repair(let peer, let from):
            guard peer == nil else { throw Self.needsNode }
            return try await repair(from: from)
        case .resync: throw Self.needsNode
        }
    }

    /// Evidence that is here; none when there is none.
    private func held(_ log: String?) throws(ReportError) -> [ForkEvidence] {
        do throws(ReportError) {
            return try forkEvidence(of: log)
        } catch {
            guard error.code == .notFound else { throw error }
            return []
        }
    }

    private static var needsNode: ReportError {
        ReportError(
            .unreachable,
            "comparing with peers needs the running node",
            hint: "start it, and say the same again on its machine"
        )
    }

    /// Repairs a store that no node writes.
    private func repair(from path: String?) async throws(ReportError) -> JSONValue {
        var sources: [StoreRepair.Source] = []
        if let path { sources.append(try StoreRepair.backup(path, for: self)) }
        let repair = StoreRepair(store: self, sources: sources) { () throws(ReportError) in
            let pages = try self.pageProblems()
            var report = try self.verifyNow()
            report.hasDamagedPages = !pages.isEmpty
            report.problems = pages + report.problems
            return report
        }
        return try await repair.run()
    }
}

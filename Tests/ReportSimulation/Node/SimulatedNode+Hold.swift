import ReportModel
import ReportSync
import ReportWire

extension SimulatedNode {
    /// Takes reports again once an upstream was asked for the rest of this node's former logs, as the
    /// daemon does; the rule is the product's.
    func endHolds(_ store: SimulatedStore) async {
        while !Task.isCancelled, !store.isDead {
            if let hold = store.contents.hold, await mayFile() {
                _ = try? await store.perform { contents -> Result<Void, ReportError> in
                    if contents.hold == hold { contents.hold = nil }
                    return .success(())
                }
                world.note("node \(number) takes reports again")
            }
            try? await world.clock.sleep(for: .seconds(1))
        }
    }

    private func mayFile() async -> Bool {
        guard !plan.upstreams.isEmpty else { return true }
        // Of a log with two branches nothing is sent to anybody, its owner included: there the administrator
        // goes on, with `peer proceed`.
        if world.agenda.now > Plan.faultTime + .seconds(600), world.checker.hasBranched(number) {
            return true
        }
        var sources: [OwnLogSource] = []
        for session in sessions {
            sources.append(
                OwnLogSource(
                    progress: await session.driver.progress,
                    isUpstream: session.isUpstream,
                    direction: session.isUpstream ? plan.direction : .both
                )
            )
        }
        return OwnLogSource.haveAll(
            of: key.id,
            sources,
            isSentSomewhere: plan.direction.sends
        )
    }
}

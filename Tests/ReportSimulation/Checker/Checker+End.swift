extension Checker {
    /// Logs that need not become alike at a node, each for a reason that the checker knows itself.
    private func isExempt(_ log: String, _ branched: Set<String>) -> Bool {
        if branched.contains(log) { return true }
        guard let owner = owners[log] else { return false }
        // Whoever wrote two branches is quarantined, with all its logs.
        if branched.contains(where: { owners[$0] == owner }) { return true }
        if isLiar(owner) || readers.contains(owner) { return true }
        return putBack.values.contains { $0.contains(log) } || isStray(log)
    }

    /// Whether a log holds an entry that those above its owner did not grant.
    private func isStray(_ log: String) -> Bool {
        facts.contains { fact in
            fact.log == log
                && grants.contains { granted in
                    granted[fact.owner].map { !covers($0, fact.filing.region) } ?? false
                }
        }
    }

    /// Nodes that must agree in the end.
    private var honest: [Int] {
        held.keys.filter { !isLiar($0) && copies[$0] == nil && !copies.values.contains($0) }
            .sorted()
    }

    /// What keeps the world from having converged.
    /// - Parameters:
    ///   - statuses: what every session says at both of its ends.
    ///   - links: pairs of nodes that replicate with each other.
    ///   - sawFork: logs that a node has said to be forked, by node.
    /// - Returns: one sentence; nil once nothing is missing.
    func missing(
        _ statuses: [StatusView],
        links: [(Int, Int)],
        sawFork: [Int: Set<String>]
    ) -> String? {
        let branched = branchedLogs
        let honest = honest
        let logs = Set(honest.flatMap { (held[$0] ?? [:]).keys }).sorted()
        var exempt = Set(logs.filter { isExempt($0, branched) })
        let pairs = links.flatMap { [($0.0, $0.1), ($0.1, $0.0)] }.filter { pair in
            honest.contains(pair.0) && honest.contains(pair.1)
        }
        for log in logs where !exempt.contains(log) {
            let counts = honest.map { held[$0]?[log]?.count ?? 0 }
            guard Set(counts).count > 1 else { continue }
            if pairs.contains(where: { mayTake(log, $0.0, from: $0.1) }) {
                return "log \(log) is held up to \(counts) by \(honest)"
            }
            // Only somebody without a grant for it has the rest: `status` goes on saying so.
            exempt.insert(log)
        }
        for (node, peer) in links where honest.contains(node) && honest.contains(peer) {
            for (one, other) in [(node, peer), (peer, node)] {
                let views = statuses.filter { $0.node == one && $0.peer == other }
                if views.isEmpty { return "node \(one) has no session with \(other)" }
                let isZero = views.contains { view in
                    view.missing.allSatisfy { $0.value == 0 || exempt.contains($0.key) }
                        && (view.isCaughtUp || !exempt.isEmpty)
                }
                if !isZero { return "node \(one) does not say that it has caught up with \(other)" }
            }
        }
        return unseenFork(links: links, sawFork: sawFork)
    }

    /// Whether a node lacks entries of a log that a neighbour has and may give it.
    private func mayTake(_ log: String, _ node: Int, from peer: Int) -> Bool {
        let own = held[node]?[log] ?? []
        let other = held[peer]?[log] ?? []
        guard other.count > own.count else { return false }
        guard owners[log] == node || other[own.count...].allSatisfy({ passesOn($0, peer) }) else {
            return false
        }
        // An erasure of what never came here is taken for one of what another node filed.
        guard other[own.count...].allSatisfy({ holdsSubjects(of: $0, at: node) }) else {
            return false
        }
        // One that only reads gives nothing back but to its owner.
        guard owners[log] == node || !readers.contains(peer) else { return false }
        guard node < grants.count, let granted = grants[node][peer], owners[log] != node else {
            return true
        }
        return other[own.count...].allSatisfy { fact in
            covers(granted, facts[fact].filing.region)
                && (granted.contains("*") || [node, peer].contains { isKeyKnown(fact, at: $0) })
        }
    }

    /// Two neighbours with different branches of a log that neither has noticed.
    private func unseenFork(links: [(Int, Int)], sawFork: [Int: Set<String>]) -> String? {
        for (node, peer) in links where !isLiar(node) && !isLiar(peer) {
            for log in branchedLogs.sorted() where differ(node, peer, log) {
                let saw = [node, peer].contains { side in
                    forked[side]?.contains(log) == true || sawFork[side]?.contains(log) == true
                }
                if !saw { return "nodes \(node) and \(peer) hold two branches of \(log) unseen" }
            }
        }
        return nil
    }

    /// What a status says must not be more than the truth.
    mutating func check(_ status: StatusView) {
        guard status.isEstablished, !isLiar(status.node), !isLiar(status.peer) else { return }
        for (log, sequence) in status.heldThere.sorted(by: { $0.key < $1.key }) {
            let count = UInt64(held[status.peer]?[log]?.count ?? 0)
            if sequence > count, copies[status.peer] == nil, !copies.values.contains(status.peer) {
                fail(
                    "node \(status.node) says that node \(status.peer) holds \(log) up to \(sequence), but it holds \(count)"
                )
            }
        }
    }

    /// Both ends say that nothing is missing while something is, and has been for a while.
    mutating func checkZero(_ statuses: [StatusView], links: [(Int, Int)]) {
        for (node, peer) in links {
            guard !isLiar(node), !isLiar(peer), copies[node] == nil, copies[peer] == nil,
                statuses.contains(where: { $0.node == node && $0.peer == peer && $0.isCaughtUp }),
                statuses.contains(where: { $0.node == peer && $0.peer == node && $0.isCaughtUp })
            else { continue }
            let logs = Set((held[node] ?? [:]).keys).union((held[peer] ?? [:]).keys).sorted()
            for log in logs where owners[log].map({ readers.contains($0) }) != true {
                let counts = (held[node]?[log]?.count ?? 0, held[peer]?[log]?.count ?? 0)
                // What one that only reads has beyond the other stays with it.
                if readers.contains(node), counts.0 > counts.1 { continue }
                if counts.0 != counts.1 {
                    fail(
                        "nodes \(node) and \(peer) say that nothing is missing, but hold \(log) up to \(counts)"
                    )
                }
            }
        }
    }

    /// What must hold once everything is quiet.
    mutating func checkEnd() {
        checkReceipts()
        let branched = branchedLogs
        for (node, logs) in forked.sorted(by: { $0.key < $1.key }) where !isLiar(node) {
            for log in logs.sorted() {
                let isLie = owners[log].map { isLiar($0) } ?? false
                if !branched.contains(log), !isLie {
                    fail("node \(node) says that \(log) is forked, which it is not")
                }
                if !isLie { checkEvidence(node, log) }
            }
        }
    }

    private func differ(_ node: Int, _ peer: Int, _ log: String) -> Bool {
        let one = held[node]?[log] ?? []
        let other = held[peer]?[log] ?? []
        return zip(one, other).contains { $0 != $1 }
    }

    /// The evidence of a fork is another branch, and the first branch is still there.
    private mutating func checkEvidence(_ node: Int, _ log: String) {
        // A fork that only a head tells leaves no entry.
        guard let first = evidence[node]?[log]?.first else { return }
        let own = held[node]?[log] ?? []
        guard let fact = facts.firstIndex(where: { $0.header == first }), !own.contains(fact) else {
            return fail("node \(node) has something else as evidence of the fork of \(log)")
        }
    }

    /// The version that wins for a key, from what a node holds: greatest number, later, hash.
    func winners(at node: Int) -> [String: Int] {
        let all = (held[node] ?? [:]).values.joined().filter { facts[$0].filing.isVersion }
        var winners: [String: Int] = [:]
        for (key, versions) in Dictionary(grouping: all, by: { facts[$0].filing.key }) {
            let followed = Set(versions.flatMap { facts[$0].filing.parents })
            let heads = versions.filter { !followed.contains(facts[$0].hash) }
            winners[key] = heads.max { first, second in
                let (left, right) = (facts[first], facts[second])
                let one = (left.filing.number, left.filing.recordedAt)
                let other = (right.filing.number, right.filing.recordedAt)
                return one == other
                    ? left.hash.lexicographicallyPrecedes(right.hash) : one < other
            }
        }
        return winners
    }

    /// Nodes with the same entries must give the same answers, and these must be right.
    mutating func checkAnswers(_ answers: [Int: [String: Answer]]) {
        for (node, said) in answers.sorted(by: { $0.key < $1.key }) {
            let winners = winners(at: node)
            if said.keys.contains(where: { winners[$0] == nil }) {
                fail("node \(node) answers for a key of which it has nothing")
            }
            for (key, fact) in winners.sorted(by: { $0.key < $1.key }) {
                let (answer, isKnown) = answer(for: fact, at: node)
                guard said[key] != answer, said[key] != nil || isKnown else { continue }
                fail("node \(node) gives another answer for \(key) than its entries say")
            }
        }
    }

    /// What a node must say of a key whose winner is a fact, and whether it must know the key at all: it may
    /// have nothing but headers.
    private func answer(for fact: Int, at node: Int) -> (Answer, isKnown: Bool) {
        let hash = facts[fact].hash
        guard erasedAt[node]?.contains(hash) == true else {
            let isHere = bodies[node]?.contains(fact) == true
            return (isHere ? .version(hash) : .withheld, isHere)
        }
        let isTold = (held[node] ?? [:]).values.joined().contains { other in
            facts[other].filing.erased.contains(hash) && bodies[node]?.contains(other) == true
        }
        return (.erased, isTold)
    }
}

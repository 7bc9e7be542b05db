/// Who may hold which bodies, and what erasures leave.
///
/// Source: docs/protocol.md section 5.2: a peer whose grant names regions gets the header of every entry,
/// and the bodies of its regions; DESIGN section 4: what is erased is gone at every holder.
extension Checker {
    /// An entry that was not on a disk before.
    struct Arrival {
        var log: String
        var index: Int
        var fact: Int
    }

    /// Compares the bodies on a disk with what they may be.
    /// - Parameters:
    ///   - node: the node.
    ///   - arrivals: entries that were not there before.
    ///   - isStart: whether everything is looked at.
    ///   - entry: reads one entry, by log and index.
    mutating func checkBodies(
        _ node: Int,
        _ arrivals: [Arrival],
        isStart: Bool,
        entry: (String, Int) -> HeldEntry
    ) {
        let erasing = Set(arrivals.flatMap { facts[$0.fact].filing.erased })
        erasedAt[node, default: []].formUnion(erasing)
        for arrival in arrivals {
            if entry(arrival.log, arrival.index).body == nil {
                checkAbsent(arrival.fact, at: node)
            } else {
                checkPresent(arrival.fact, at: node)
                bodies[node, default: []].insert(arrival.fact)
                everHad[node, default: []].insert(arrival.fact)
            }
        }
        guard isStart || !erasing.isEmpty else { return }
        // A disk that was put back has the bodies of its backup.
        let isFresh = isStart && putBackDisks.remove(node) != nil
        for (log, held) in (held[node] ?? [:]).sorted(by: { $0.key < $1.key }) {
            for (index, fact) in held.enumerated()
            where isStart || erasing.contains(facts[fact].hash) {
                let isThere = entry(log, index).body != nil
                let isErased = erasedAt[node]?.contains(facts[fact].hash) == true
                if isThere, isErased {
                    fail("node \(node) holds the erased bodies of entry \(index + 1) of \(log)")
                } else if !isThere, !isErased, !isFresh, bodies[node]?.contains(fact) == true {
                    fail("bodies of entry \(index + 1) of \(log) went at node \(node)")
                }
                if isThere {
                    bodies[node, default: []].insert(fact)
                    everHad[node, default: []].insert(fact)
                } else {
                    bodies[node]?.remove(fact)
                }
            }
        }
    }

    /// Bodies came: somebody must have had them who may give them, and they were not erased.
    private mutating func checkPresent(_ fact: Int, at node: Int) {
        let place = "entry \(facts[fact].sequence) of \(facts[fact].log)"
        if erasedAt[node]?.contains(facts[fact].hash) == true {
            fail("node \(node) took the erased bodies of \(place)")
        }
        guard copies.isEmpty, facts[fact].owner != node, !isLiar(node) else { return }
        let isGiven = neighbours(of: node).contains { neighbour in
            everHad[neighbour]?.contains(fact) == true && mayGive(fact, neighbour, to: node)
        }
        if !isGiven { fail("node \(node) got bodies of \(place), which it may not read") }
    }

    /// Bodies did not come with their header: not everybody who has the entry could have given them.
    private mutating func checkAbsent(_ fact: Int, at node: Int) {
        guard copies.isEmpty, resetCounts.isEmpty, facts[fact].owner != node,
            erasedAt[node]?.contains(facts[fact].hash) != true
        else { return }
        let holders = neighbours(of: node).filter {
            held[$0]?[facts[fact].log]?.contains(fact) == true
        }
        let isOwed = holders.allSatisfy { holder in
            bodies[holder]?.contains(fact) == true && mayGive(fact, holder, to: node)
        }
        guard isOwed, !holders.isEmpty else { return }
        fail(
            "node \(node) got entry \(facts[fact].sequence) of \(facts[fact].log) without bodies that it may read"
        )
    }

    private func neighbours(of node: Int) -> [Int] {
        upstreams.indices.filter { other in
            upstreams[other].contains(node)
                || node < upstreams.count && upstreams[node].contains(other)
        }
    }

    /// Whether a node's bodies of an entry may go to a neighbour: all of them to an upstream, those of its
    /// regions to one that connects.
    private func mayGive(_ fact: Int, _ node: Int, to neighbour: Int) -> Bool {
        if upstreams[node].contains(neighbour) { return true }
        return covers(grants[node][neighbour] ?? [], facts[fact].filing.region)
    }

    /// Whether a node passes an entry on: one that it holds without its record, and not for an erasure, it
    /// does not.
    func passesOn(_ fact: Int, _ node: Int) -> Bool {
        guard facts[fact].filing.isVersion, facts[fact].owner != node,
            bodies[node]?.contains(fact) != true
        else { return true }
        let hash = facts[fact].hash
        return (held[node] ?? [:]).values.joined().contains { other in
            facts[other].filing.erased.contains(hash) && bodies[node]?.contains(other) == true
        }
    }

    /// Whether an entry is at a node.
    private func holds(_ hash: [UInt8], at node: Int) -> Bool {
        (held[node] ?? [:]).values.joined().contains { facts[$0].hash == hash }
    }

    /// Whether what an entry erases is at a node; true of what erases nothing.
    func holdsSubjects(of fact: Int, at node: Int) -> Bool {
        facts[fact].filing.erased.allSatisfy { holds($0, at: node) }
    }

    /// Whether a node can know the key of what an entry is about: a hash alone tells no region.
    func isKeyKnown(_ fact: Int, at node: Int) -> Bool {
        let key = facts[fact].filing.key
        return (bodies[node] ?? []).contains { facts[$0].filing.key == key }
    }

    func covers(_ granted: [String], _ region: String) -> Bool {
        granted.contains { $0 == "*" || $0 == region || region.hasPrefix($0 + "/") }
    }
}

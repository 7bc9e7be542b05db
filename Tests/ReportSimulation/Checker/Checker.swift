/// What must always hold, written from DESIGN section 4 without any code of the product.
///
/// It is told what nodes hold on their disks, what they say and what they answered, as plain
/// values, and collects every contradiction.
///
/// Source: DESIGN section 4.
struct Checker {
    /// Nodes that share a key with another node, and its number: copies of a machine.
    var copies: [Int: Int] = [:]
    var liar: Int?
    /// For each node, the regions it granted to each peer that connects to it.
    var grants: [[Int: [String]]] = []
    /// For each node, those that it connects to.
    var upstreams: [[Int]] = []
    /// Nodes that send nothing to those they connect to.
    var readers: Set<Int> = []
    private(set) var violations: [String] = []
    private(set) var facts: [Fact] = []
    private var factsByHeader: [[UInt8]: Int] = [:]
    /// What each node has on its disk, by log: indexes of facts in order.
    private(set) var held: [Int: [String: [Int]]] = [:]
    /// Facts whose bodies each node has on its disk, and those whose bodies it ever had.
    var bodies: [Int: Set<Int>] = [:]
    var everHad: [Int: Set<Int>] = [:]
    /// Hashes of entries that erasures on a node's disk name.
    var erasedAt: [Int: Set<[UInt8]>] = [:]
    /// Nodes whose disk was put back and not read since.
    var putBackDisks: Set<Int> = []
    /// Logs of its own that each node has had.
    var ownLogs: [Int: Set<String>] = [:]
    /// What the upstreams of a node held of its logs when it began a new one: node, log, upstream, log.
    var asked: [Int: [String: [Int: [String: Int]]]] = [:]
    private(set) var forked: [Int: Set<String>] = [:]
    private(set) var evidence: [Int: [String: [[UInt8]]]] = [:]
    private(set) var owners: [String: Int] = [:]
    /// Facts whose filing was answered to a person.
    private var receipts: [Int: Int] = [:]
    /// Facts that were lost with the only disk that had them.
    private var lost: Set<Int> = []
    /// The own log of a node that was put back unnoticed.
    private(set) var putBack: [Int: Set<String>] = [:]
    private var resets: [Int: Int] = [:]

    /// How often a node's disk was put back; what was said of it before may be wrong.
    func resetCount(_ node: Int) -> Int { resets[node] ?? 0 }

    /// How often disks were put back, by node.
    var resetCounts: [Int: Int] { resets }

    mutating func fail(_ message: String) {
        if violations.count < 20 { violations.append(message) }
    }

    func isLiar(_ node: Int) -> Bool { node == liar }

    // MARK: What is on a disk

    /// A node's disk has something new, or was read after a start.
    /// - Parameters:
    ///   - node: the node.
    ///   - logs: every log it holds.
    ///   - isStart: whether it was read after a start: then everything is compared.
    ///   - entry: reads one entry, by log and index.
    mutating func observe(
        _ node: Int,
        _ logs: [HeldLogView],
        isStart: Bool,
        entry: (String, Int) -> HeldEntry
    ) {
        for (log, entries) in held[node] ?? [:] where !logs.contains(where: { $0.log == log }) {
            if !entries.isEmpty { fail("node \(node) lost log \(log)") }
        }
        noteOwnLogs(node, logs)
        var arrivals: [Arrival] = []
        for view in logs {
            owners[view.log] = view.owner
            let known = held[node]?[view.log] ?? []
            if view.count < known.count {
                fail("node \(node) lost entries of \(view.log): \(known.count), now \(view.count)")
                continue
            }
            // What was there stays as it was: all of it after a start, else the last one.
            for index in isStart ? 0..<known.count : max(0, known.count - 1)..<known.count
            where entry(view.log, index).header != facts[known[index]].header {
                fail("node \(node) changed entry \(index + 1) of \(view.log)")
            }
            var entries = known
            for index in known.count..<max(known.count, view.count) {
                guard let fact = take(entry(view.log, index), node, view, after: entries.last)
                else { break }
                entries.append(fact)
                arrivals.append(Arrival(log: view.log, index: index, fact: fact))
            }
            held[node, default: [:]][view.log] = entries
            if forked[node]?.contains(view.log) == true, !view.isForked, !isStart {
                fail("node \(node) forgot the fork of \(view.log)")
            }
            if view.isForked {
                forked[node, default: []].insert(view.log)
                evidence[node, default: [:]][view.log] = view.evidence
            }
        }
        checkBodies(node, arrivals, isStart: isStart, entry: entry)
    }

    /// An entry that was not on this disk before.
    private mutating func take(
        _ entry: HeldEntry,
        _ node: Int,
        _ view: HeldLogView,
        after previous: Int?
    ) -> Int? {
        let sequence = UInt64((previous.map { facts[$0].sequence } ?? 0) + 1)
        let place = "entry \(sequence) of \(view.log)"
        if let index = factsByHeader[entry.header] {
            let fact = facts[index]
            if fact.log != view.log || fact.sequence != sequence {
                fail("node \(node) holds entry \(fact.sequence) of \(fact.log) as \(place): a gap")
                return nil
            }
            if fact.previous != previous { fail("\(place) at node \(node) follows another entry") }
            if let body = entry.body, body != fact.body {
                fail("bodies of \(place) changed at node \(node)")
            }
            checkRegion(fact, at: node)
            return index
        }
        guard view.owner == node || copies[node] == view.owner, view.isOwn else {
            fail("node \(node) holds \(place), which nobody made")
            return nil
        }
        checkFiling(entry, node)
        checkHeard(node, view.log)
        let fact = Fact(
            log: view.log,
            sequence: sequence,
            header: entry.header,
            body: entry.body ?? [],
            hash: entry.hash,
            previous: previous,
            owner: view.owner,
            filing: entry.filed
        )
        facts.append(fact)
        factsByHeader[entry.header] = facts.count - 1
        return facts.count - 1
    }

    /// One filing is one version, unless other versions of its key came between.
    private mutating func checkFiling(_ entry: HeldEntry, _ node: Int) {
        guard entry.filed.isVersion, !entry.filed.key.hasPrefix("shared") else { return }
        let all = (held[node] ?? [:]).values.joined()
        // Of what was erased nobody knows any more what it was.
        let erased = erasedAt[node] ?? []
        if all.contains(where: {
            facts[$0].filing.filing == entry.filed.filing && !erased.contains(facts[$0].hash)
        }) {
            fail("filing \(entry.filed.filing) became two versions at node \(node)")
        }
    }

    /// What an owner may originate is what those it connects to granted it.
    private mutating func checkRegion(_ fact: Fact, at node: Int) {
        guard node != fact.owner, copies[node] != fact.owner, copies[fact.owner] != node,
            node < grants.count, let granted = grants[node][fact.owner]
        else { return }
        let region = fact.filing.region
        if !covers(granted, region) {
            fail("node \(node) took an entry of \(region) from node \(fact.owner)")
        }
    }

    /// A node's disk is about to be put back to an older state.
    mutating func putBack(_ node: Int, logs: [String: Int], own: String?) {
        let before = held[node] ?? [:]
        held[node] = before.reduce(into: [:]) { kept, item in
            kept[item.key] = Array(item.value.prefix(logs[item.key] ?? 0))
        }
        resets[node, default: 0] += 1
        forked[node] = nil
        evidence[node] = nil
        if let own { putBack[node, default: []].insert(own) }
        bodies[node] = nil
        putBackDisks.insert(node)
        erasedAt[node] = Set(
            (held[node] ?? [:]).values.joined().flatMap { facts[$0].filing.erased }
        )
        let left = Set(held.values.flatMap { $0.values.joined() })
        lost.formUnion(before.values.joined().filter { !left.contains($0) })
    }

    /// A second machine has the disk of a first.
    mutating func copied(_ node: Int, from original: Int) {
        copies[node] = copies[original] ?? original
        held[node] = held[original]
        forked[node] = forked[original]
        evidence[node] = evidence[original]
        bodies[node] = bodies[original]
        everHad[node] = everHad[original]
        erasedAt[node] = erasedAt[original]
        ownLogs[node] = ownLogs[original]
    }

    // MARK: What nodes say

    /// Whether a node's disk has an entry with this hash at this place.
    private func holds(_ node: Int, _ log: String, _ sequence: UInt64, _ hash: [UInt8]) -> Bool {
        guard let entries = held[node]?[log], sequence > 0, sequence <= UInt64(entries.count)
        else { return false }
        return facts[entries[Int(sequence) - 1]].hash == hash
    }

    mutating func acknowledged(_ node: Int, _ log: String, _ sequence: UInt64, _ hash: [UInt8]) {
        guard !isLiar(node), !holds(node, log, sequence, hash) else { return }
        fail("node \(node) acknowledged \(sequence) of \(log), which is not on its disk")
    }

    mutating func stated(_ node: Int, _ log: String, _ sequence: UInt64, _ hash: [UInt8]) {
        guard !isLiar(node), sequence > 0, !holds(node, log, sequence, hash) else { return }
        fail("node \(node) stated position \(sequence) of \(log), which is not on its disk")
    }

    mutating func answered(_ node: Int, filing: Int, _ log: String, _ sequence: UInt64) {
        guard let entries = held[node]?[log], sequence > 0, sequence <= UInt64(entries.count) else {
            return fail("node \(node) answered for filing \(filing), which is not on its disk")
        }
        let fact = entries[Int(sequence) - 1]
        if facts[fact].filing.filing != filing {
            fail("node \(node) answered for filing \(filing) with another entry")
        }
        receipts[fact] = filing
    }

    // MARK: Whole worlds

    /// Whether two different entries of a log have the same sequence.
    var branchedLogs: Set<String> {
        var seen: [String: Int] = [:]
        var branched: Set<String> = []
        for (index, fact) in facts.enumerated() {
            let place = "\(fact.log) \(fact.sequence)"
            if seen[place] != nil { branched.insert(fact.log) }
            seen[place] = index
        }
        return branched
    }

    /// Filings that a person has an answer for, and that are nowhere any more without a disk lost.
    mutating func checkReceipts() {
        let everywhere = Set(held.values.flatMap { $0.values.joined() })
        for (fact, filing) in receipts.sorted(by: { $0.key < $1.key })
        where !everywhere.contains(fact) && !lost.contains(fact) {
            fail("filing \(filing) was answered for and is gone")
        }
    }
}

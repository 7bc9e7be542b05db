import ReportModel
import ReportWire

/// Comparing logs by their trees, and fetching what is damaged here.
///
/// Source: docs/protocol.md section 5.4.
extension PeerSession {
    // MARK: What is asked for

    /// Compares every log with the peer's copy and mends this node's; harmless at any time.
    mutating func resync() {
        guard phase == .established, !reconciliation.isResync else { return }
        reconciliation.isResync = true
        reconciliation.done = []
        for (log, state) in local.sorted(by: { $0.key < $1.key }) where state.position.sequence > 0
        {
            reconciliation.waiting.append(.init(log: log, purpose: .resync))
        }
        reconcileNext()
    }

    /// Looks for the entry where the peer's branch of a log parts from the one held.
    mutating func findFork(_ log: LogID) {
        let job = Reconciliation.Job(log: log, purpose: .fork)
        guard reconciliation.current?.job != job, !reconciliation.waiting.contains(job) else {
            return
        }
        reconciliation.waiting.append(job)
        reconcileNext()
    }

    private mutating func reconcileNext() {
        while reconciliation.current == nil, phase == .established {
            guard !reconciliation.waiting.isEmpty else {
                guard reconciliation.isResync else { return }
                reconciliation.isResync = false
                return report(.resynced(reconciliation.done))
            }
            begin(reconciliation.waiting.removeFirst())
        }
    }

    private mutating func begin(_ job: Reconciliation.Job) {
        let held = local[job.log]?.position.sequence ?? 0
        let exchange = exchanges[job.log]
        let there = max(exchange?.stated.sequence ?? 0, exchange?.acknowledged ?? 0)
        let size = min(held, there)
        // Nothing in common: the branches part at the first entry.
        if size == 0, job.purpose == .fork { return checkBranch(job.log, before: 1) }
        let name = local[job.log]?.descriptor.name ?? ""
        var current = Reconciliation.Current(
            job: job,
            size: size,
            account: ReconciledLog(log: job.log, name: name)
        )
        current.account.compared = size
        if size > 0 { current.groups = [[TreeNodes.root(of: size)]] }
        reconciliation.current = current
        askNext()
    }

    // MARK: Comparing

    /// Asks for the next group of nodes, here and there.
    private mutating func askNext() {
        guard var current = reconciliation.current else { return }
        guard let group = current.groups.popLast() else {
            reconciliation.current = current
            return isComparedUp(current)
        }
        let question = TreeNodes(log: current.job.log, size: current.size, nodes: group)
        current.asked = question
        current.local = nil
        current.remote = nil
        current.account.hashCount += group.count
        current.askedAt = now
        reconciliation.current = current
        send(.compare(question))
        actions.append(
            .loadNodes(question, fromEntries: current.job.purpose == .resync, isAnswer: false)
        )
    }

    mutating func receiveNodes(_ answer: TreeNodes) {
        guard var current = reconciliation.current, let asked = current.asked,
            answer.log == asked.log, answer.size == asked.size, answer.nodes == asked.nodes
        else { return fail(ReportError(.usage, "NODES that nobody asked for")) }
        current.remote = answer.hashes
        current.askedAt = nil
        reconciliation.current = current
        compareNodes()
    }

    mutating func nodesLoaded(_ nodes: TreeNodes, isAnswer: Bool) {
        if isAnswer { return send(.nodes(nodes)) }
        guard var current = reconciliation.current, current.asked?.nodes == nodes.nodes else {
            return
        }
        current.local = nodes.hashes
        reconciliation.current = current
        compareNodes()
    }

    private mutating func compareNodes() {
        guard var current = reconciliation.current, let asked = current.asked,
            let local = current.local, let remote = current.remote
        else { return }
        current.asked = nil
        let limits = configuration.limits
        var below: [[MerkleTree.Node]] = []
        for (index, node) in asked.nodes.enumerated()
        where local[index] != remote[index] || local[index] == .zero {
            if node.level == 0 {
                current.account.differing.append(node.index + 1)
            } else {
                below.append(
                    TreeNodes.children(
                        of: node,
                        levels: limits.comparisonLevels,
                        size: asked.size
                    )
                )
            }
            // Of a fork only the first difference counts: nothing to the right of it is looked at.
            if current.job.purpose == .fork {
                current.groups = []
                break
            }
        }
        current.groups += below.reversed()
        if current.account.differing.count >= limits.differenceCount { current.groups = [] }
        reconciliation.current = current
        askNext()
    }

    /// Everything that differs is known.
    private mutating func isComparedUp(_ current: Reconciliation.Current) {
        guard current.job.purpose == .resync else {
            reconciliation.current = nil
            let first = current.account.differing.first ?? 1
            checkBranch(current.job.log, before: first)
            return reconcileNext()
        }
        scanOn()
    }

    // MARK: Finding and mending

    private mutating func scanOn() {
        guard let current = reconciliation.current else { return }
        if current.isScanned { return fetchOn() }
        actions.append(.findDefects(current.job.log, after: current.scannedUpTo))
    }

    mutating func defectsFound(_ log: LogID, _ defects: LogDefects) {
        guard var current = reconciliation.current, current.job.log == log, !current.isScanned
        else {
            return
        }
        // Of others' logs a node may have headers alone; of its own it has filed every body. Many of those take
        // no room from what is damaged.
        let isOwn = local[log]?.descriptor.node == configuration.key.id
        let bare = isOwn ? [] : defects.bare
        let limit = configuration.limits.differenceCount
        var room = limit - (current.wanted.count - current.bare.count)
        for sequence in defects.sequences {
            if bare.contains(sequence) {
                guard current.bare.count < limit else { continue }
                current.bare.insert(sequence)
            } else {
                guard room > 0 else { break }
                room -= 1
            }
            current.wanted.append(sequence)
        }
        current.scannedUpTo = defects.upTo
        current.isScanned = defects.isEnd || room <= 0
        if current.isScanned {
            current.bare.formIntersection(current.wanted)
            current.account.bare = current.bare.sorted()
            current.account.damaged = current.wanted.filter { !current.bare.contains($0) }
            let damaged = Set(current.account.damaged)
            current.account.differing.removeAll { damaged.contains($0) }
        }
        reconciliation.current = current
        scanOn()
    }

    private mutating func fetchOn() {
        guard var current = reconciliation.current else { return }
        let held = max(
            exchanges[current.job.log]?.stated.sequence ?? 0,
            exchanges[current.job.log]?.acknowledged ?? 0
        )
        // What the peer does not hold it cannot give.
        let beyond = current.wanted.filter { $0 > held }
        current.account.add(remaining: beyond, bare: current.bare)
        current.wanted.removeAll { $0 > held }
        guard !current.wanted.isEmpty else {
            reconciliation.current = nil
            reconciliation.done.append(current.account)
            return reconcileNext()
        }
        current.fetching = Array(current.wanted.prefix(FetchedEntries.maximumCount))
        current.askedAt = now
        reconciliation.current = current
        send(.fetch(current.job.log, current.fetching))
    }

    mutating func receiveEntries(_ fetched: FetchedEntries) {
        guard var current = reconciliation.current, current.job.log == fetched.log,
            !fetched.rows.isEmpty, !current.fetching.isEmpty,
            current.fetching.starts(with: fetched.rows.map(\.sequence))
        else { return fail(ReportError(.usage, "ENTRIES that nobody asked for")) }
        current.fetching = []
        current.askedAt = nil
        current.wanted.removeFirst(fetched.rows.count)
        reconciliation.current = current
        actions.append(.repair(fetched))
    }

    mutating func repaired(_ log: LogID, _ repair: LogRepair) {
        guard var current = reconciliation.current, current.job.log == log else { return }
        current.account.mendedEntryCount += repair.entryCount
        current.account.mendedBodyCount += repair.bodyCount
        current.account.add(remaining: repair.remaining, bare: current.bare)
        current.account.withheld += repair.withheld
        if repair.needsReindex { current.account.needsReindex = true }
        reconciliation.current = current
        fetchOn()
    }

    // MARK: Questions of the peer

    mutating func receiveComparison(_ question: TreeNodes) {
        answer(.loadNodes(question, fromEntries: false, isAnswer: true))
    }

    mutating func receiveFetch(_ log: LogID, _ sequences: [UInt64]) {
        answer(
            .loadEntries(
                log,
                sequences,
                maximumByteCount: configuration.limits.batchByteCount
            )
        )
    }

    mutating func entriesLoaded(_ fetched: FetchedEntries) {
        var fetched = readable(fetched)
        // One entry alone may be larger than a message: then it stays behind.
        if fetched.rows.count == 1, let entry = fetched.rows[0].entry,
            entry.encodedByteCount + 64 > WireLimits.maximumBatchByteCount
        {
            fetched.rows[0].entry = nil
        }
        send(.entries(fetched))
    }

    /// Answers one question after the other: a peer that asks and does not read gets no further answer made.
    private mutating func answer(_ question: PeerAction) {
        guard reconciliation.questions.count < configuration.limits.answeringCount else {
            return fail(ReportError(.usage, "too many questions at once"))
        }
        reconciliation.questions.append(question)
        if reconciliation.questions.count == 1 { actions.append(question) }
    }

    /// An answer is on its way out: the next question may be looked at.
    mutating func answered() {
        guard !reconciliation.questions.isEmpty else { return }
        reconciliation.questions.removeFirst()
        if let next = reconciliation.questions.first { actions.append(next) }
    }
}

import ReportModel
import ReportSync
import Synchronization

extension World {
    /// Pairs of nodes that replicate with each other, the one that connects first.
    var links: [(Int, Int)] {
        nodes.flatMap { node in node.plan.upstreams.map { (node.number, $0) } }
    }

    func perform(_ action: Action) {
        note(action.description)
        switch action.kind {
        case .submit(let node, let filing): nodes[node].submit(filing)
        case .crash(let node, let losesPower, let down):
            nodes[node].crash(losesPower: losesPower, down: down)
        case .crashAtCommit(let node, let point, let countdown, let down):
            arm(node, point, countdown: countdown, down: down)
        case .fullDisk(let node, let time):
            let until = agenda.now + time
            nodes[node].disk.state.withLock { $0.fullUntil = max($0.fullUntil, until) }
        case .slowDisk(let node, let time):
            let until = agenda.now + time
            nodes[node].disk.state.withLock { $0.slowUntil = max($0.slowUntil, until) }
        case .partition(let nodes, let time): cut(nodes, for: time)
        case .reset(let node): wire(of: node)?.end(.reset)
        case .halfOpen(let node, let side): wire(of: node)?.swallow(from: side)
        case .stall(let node, let sides, let time):
            wire(of: node)?.stall(sides, until: agenda.now + time)
        case .connectAgain(let node):
            if let upstream = nodes[node].plan.upstreams.first, nodes[node].isUp {
                nodes[node].connectOnce(upstream)
            }
        case .jumpClock(let node, let by): nodes[node].jumpClock(by)
        case .backUp(let node): nodes[node].backUp()
        case .restore(let node, let isFoundOut, let down):
            nodes[node].restore(isFoundOut: isFoundOut, down: down)
        case .copy(let node, let isFoundOut): copy(node, isFoundOut: isFoundOut)
        }
    }

    private func copy(_ node: Int, isFoundOut: Bool) {
        guard !nodes[node].plan.upstreams.isEmpty else { return }
        let copy = add(copyOf: node)
        if isFoundOut { copy.beginLog() }
        copy.start()
        // Both machines go on with their work.
        for (index, machine) in [copy, nodes[node]].enumerated() {
            let region = machine.plan.region
            let filing = Filing(
                number: 10_000 + copy.number * 2 + index,
                region: region,
                key: Filing.key(10_000 + copy.number * 2 + index, of: region)
            )
            machine.submit(filing)
        }
    }

    private func wire(of node: Int) -> Wire? {
        let own = wires.filter { $0.nodes.contains(node) }
        return own.randomElement(using: &generator)
    }

    // MARK: Looking at everything

    /// Lets every task run until it waits.
    /// - Returns: false when they never do.
    func settle() -> Bool {
        var count = 0
        while executor.runOne() {
            count += 1
            guard count < Simulation.maximumJobCount else {
                checker.fail("tasks run without end while time stands still")
                return false
            }
        }
        return true
    }

    /// What every session of every node says of itself.
    func statuses() -> [StatusView] {
        for node in nodes {
            for session in node.sessions {
                spawn {
                    let progress = await session.driver.progress
                    if let index = node.sessions.firstIndex(where: { $0.number == session.number })
                    {
                        node.sessions[index].status = progress
                    }
                }
            }
        }
        while executor.runOne() {}
        return nodes.flatMap { node in
            node.sessions.compactMap { session in view(of: session, at: node.number) }
        }
    }

    private func view(of session: SimulatedNode.Session, at node: Int) -> StatusView? {
        guard let status = session.status, status.isEstablished else { return nil }
        // A disk that was put back makes what was said of it wrong, until the line is found dead.
        guard checker.resetCount(session.end.peer) == session.resetCount else { return nil }
        return StatusView(
            node: node,
            peer: session.end.peer,
            isEstablished: status.isEstablished,
            isCaughtUp: status.isCaughtUp,
            missing: Dictionary(
                uniqueKeysWithValues: status.logs.map {
                    (name($0.log), $0.missingHere + $0.missingThere)
                }
            ),
            heldThere: Dictionary(
                uniqueKeysWithValues: status.logs.map { (name($0.log), $0.heldThere) }
            )
        )
    }

    func check(_ statuses: [StatusView]) {
        for status in statuses { checker.check(status) }
        if agenda.now > lastCommit + .seconds(40) { checker.checkZero(statuses, links: links) }
    }

    /// The last look at everything.
    func finish() {
        for node in nodes { observe(node.number, node.disk.contents, isStart: true) }
        checker.checkEnd()
        var answers: [Int: [String: Answer]] = [:]
        for node in nodes { answers[node.number] = node.answers }
        checker.checkAnswers(answers)
        for node in nodes {
            for (id, log) in node.disk.contents.logs.sorted(by: { $0.key < $1.key }) {
                let index = log.entries.indices.first { !log.proves($0) }
                guard let index, !log.isForked else { continue }
                checker.fail(
                    "entry \(index + 1) of \(name(id)) at node \(node.number) is not proved by its head"
                )
            }
        }
    }
}

extension SimulatedNode {
    /// What this node's store would say of every key that it knows.
    var answers: [String: Answer] {
        let contents = disk.contents
        var answers: [String: Answer] = [:]
        for key in contents.versions.keys {
            guard let head = contents.heads(key).first, let text = contents.keys[key] else {
                continue
            }
            answers[text] =
                contents.erased.contains(head.hash)
                ? .erased : head.body.isEmpty ? .withheld : .version(head.hash.bytes)
        }
        return answers
    }

    /// Connects once more than the configuration says.
    func connectOnce(_ upstream: Int) {
        world.spawn { _ = await self.session(with: upstream) }
    }
}

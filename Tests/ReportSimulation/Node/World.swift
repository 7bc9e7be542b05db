import NIOCore
import ReportModel
import ReportSync
import ReportTestKit
import ReportWire

/// Everything of one simulation: time, chance, machines, lines, and the checker.
///
/// Sendable without locks because one thread runs all of it: ``SeededExecutor`` and ``Agenda`` are
/// driven by ``Simulation``, and nothing of a simulation ever leaves them.
final class World: @unchecked Sendable {
    let plan: Plan
    let agenda = Agenda()
    let executor: SeededExecutor
    let bug: PlantedBug?
    let traces: Bool
    /// Where inboxes are.
    let folder = TemporaryFolder(isInMemory: true)
    private(set) var nodes: [SimulatedNode] = []
    var checker = Checker()
    var generator: SeededGenerator
    private(set) var trace: [String] = []
    /// FNV-1a over everything that was said and done, for comparing two runs.
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Crashes that wait for a commit, by node.
    private var armed: [Int: (point: CrashPoint, countdown: Int, down: Duration)] = [:]
    /// Until when which nodes cannot reach the others.
    private var partitions: [(nodes: Set<Int>, until: Duration)] = []
    private(set) var wires: [Wire] = []
    private var allWires: [Wire] = []
    private var tasks: [Task<Void, Never>] = []
    private(set) var isOver = false
    /// Logs that a session of a node said to be forked.
    var sawFork: [Int: Set<String>] = [:]
    private(set) var lastCommit: Duration = .zero
    private(set) var isHealed = false
    private var logNames: [LogID: String] = [:]
    private var owners: [NodeID: Int] = [:]
    private(set) var messageCount = 0

    var clock: VirtualClock { VirtualClock(agenda: agenda) }

    init(plan: Plan, bug: PlantedBug?, traces: Bool) {
        self.plan = plan
        self.bug = bug
        self.traces = traces
        executor = SeededExecutor(seed: plan.seed ^ 0x5DEE_CE66)
        generator = SeededGenerator(seed: plan.seed &+ 0x1000_0000)
        checker.liar = plan.liar
        for node in plan.nodes {
            checker.grants.append(node.grants)
            checker.upstreams.append(node.upstreams)
            if !node.direction.sends { checker.readers.insert(checker.upstreams.count - 1) }
        }
        for number in plan.nodes.indices {
            nodes.append(SimulatedNode(number, plan: plan.nodes[number], world: self))
        }
    }

    // MARK: Chance

    func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }

    func random(_ least: Int, _ most: Int) -> Int {
        Int.random(in: least...most, using: &generator)
    }

    func random(_ least: Duration, _ most: Duration) -> Duration {
        let span = (most - least).components
        let microseconds = span.seconds * 1_000_000 + span.attoseconds / 1_000_000_000_000
        return least + .microseconds(Int64.random(in: 0...max(0, microseconds), using: &generator))
    }

    func hash() -> Hash256 { Hash256(generator.bytes(32)) ?? .zero }

    func delay(_ schedule: inout ReconnectSchedule) -> Duration { schedule.next(using: &generator) }

    /// Whether a process ends between two steps of an inbox.
    func stopsBetweenSteps() -> Bool { !isHealed && chance(0.004) }

    // MARK: Tasks and notes

    func spawn(_ work: @escaping @Sendable () async -> Void) {
        tasks.append(Task(executorPreference: executor) { await work() })
    }

    /// Ends everything that still goes on, so that nothing of this world outlives it.
    func close() {
        isOver = true
        for node in nodes {
            node.crash(losesPower: true, down: nil)
            node.inbox.end()
        }
        for task in tasks { task.cancel() }
        tasks = []
        repeat { while executor.runOne() {} } while agenda.step(until: .seconds(1 << 40))
        for wire in allWires { wire.release() }
        allWires = []
        wires = []
    }

    func note(_ text: @autoclosure () -> String) {
        guard traces else { return }
        trace.append("\(Moment(agenda.now)) \(text())")
    }

    func fold(_ bytes: ByteBuffer) {
        messageCount += 1
        guard traces else { return }
        for byte in bytes.readableBytesView { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    func foldTrace() {
        for line in trace {
            for byte in line.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
    }

    func name(_ log: LogID) -> String {
        if let name = logNames[log] { return name }
        let name = String(log.description.prefix(8))
        logNames[log] = name
        return name
    }

    func owner(_ node: NodeID) -> Int { owners[node] ?? -1 }

    // MARK: Machines

    func register(_ key: NodeID, _ number: Int) { owners[key] = owners[key] ?? number }

    /// A second machine with the disk and key of a first.
    func add(copyOf original: Int) -> SimulatedNode {
        let node = SimulatedNode(nodes.count, copying: nodes[original])
        nodes.append(node)
        checker.copied(node.number, from: original)
        return node
    }

    func arm(_ node: Int, _ point: CrashPoint, countdown: Int, down: Duration) {
        armed[node] = (point, countdown, down)
    }

    func disarm() { armed = [:] }

    /// Whether a node's machine stops at this place of its commit; it has stopped when this returns.
    func crashes(_ node: Int, at point: CrashPoint) -> Bool {
        guard var crash = armed[node], crash.point == point else { return false }
        crash.countdown -= 1
        guard crash.countdown <= 0 else {
            armed[node] = crash
            return false
        }
        armed[node] = nil
        note("node \(node) stops at \(point.rawValue) of a commit")
        nodes[node].crash(losesPower: true, down: crash.down)
        return true
    }

    /// A node's disk has new contents.
    func committed(_ node: Int, _ contents: StoreContents) {
        lastCommit = agenda.now
        observe(node, contents, isStart: false)
    }

    func observe(_ node: Int, _ contents: StoreContents, isStart: Bool) {
        let logs = contents.logs.sorted { $0.key < $1.key }
        let views = logs.map { id, log in
            HeldLogView(
                log: name(id),
                owner: owner(log.descriptor.node),
                count: log.hashes.count,
                isForked: log.isForked,
                evidence: log.evidence.map(\.header),
                isOwn: id == contents.own
            )
        }
        let ids = Dictionary(uniqueKeysWithValues: logs.map { (name($0.key), $0.key) })
        checker.observe(node, views, isStart: isStart) { log, index in
            guard let id = ids[log], let held = contents.logs[id] else {
                return HeldEntry(header: [], body: nil, hash: [], filed: .nothing)
            }
            return Self.view(held, index)
        }
    }

    private static func view(_ log: HeldLog, _ index: Int) -> HeldEntry {
        let entry = log.headers[index]
        let replicated = log.entries[index]
        let body = (replicated.bodies.first ?? nil)?.bytes
        return HeldEntry(
            header: replicated.header,
            body: body,
            hash: log.hashes[index].bytes,
            filed: FiledEntry(entry, body: body ?? [])
        )
    }

    // MARK: Lines

    func cut(_ nodes: [Int], for time: Duration) {
        let until = agenda.now + time
        partitions.append((Set(nodes), until))
        for wire in wires where nodes.contains(wire.nodes[0]) != nodes.contains(wire.nodes[1]) {
            wire.stall([0, 1], until: until)
        }
    }

    func isCut(_ one: Int, _ other: Int) -> Bool {
        partitions.contains { partition in
            partition.until > agenda.now
                && partition.nodes.contains(one) != partition.nodes.contains(other)
        }
    }

    func add(_ wire: Wire) {
        wires.append(wire)
        allWires.append(wire)
        for partition in partitions
        where partition.nodes.contains(wire.nodes[0]) != partition.nodes.contains(wire.nodes[1]) {
            wire.stall([0, 1], until: partition.until)
        }
    }

    func remove(_ wire: Wire) { wires.removeAll { $0 === wire } }

    /// The end of all faults.
    func heal() {
        isHealed = true
        disarm()
        partitions = []
        for node in nodes { node.heal() }
        // A line that swallows everything stays so: whoever hears nothing must find out.
    }

    /// A message leaves a process: the checker sees it, and a liar changes it.
    func said(_ message: PeerMessage, by end: Endpoint) -> [PeerMessage] {
        note("\(end.wire.name) \(end.node) → \(end.peer): \(summary(message))")
        let isLie = plan.liar == end.node
        switch message {
        case .acknowledgement(let acknowledgement):
            let position = acknowledgement.position
            checker.acknowledged(
                end.node,
                name(position.log),
                position.sequence,
                position.hash.bytes
            )
        case .positions(let positions, _):
            for position in positions {
                checker.stated(
                    end.node,
                    name(position.log),
                    position.sequence,
                    position.hash.bytes
                )
            }
        default: break
        }
        if bug == .skippedGap, case .batch = message, chance(0.2) { return [] }
        return isLie ? lie(message, by: end) : [message]
    }

    func heard(_ message: PeerMessage, by end: Endpoint) {}

    private func summary(_ message: PeerMessage) -> String {
        switch message {
        case .hello: "hello"
        case .auth: "auth"
        case .positions(let positions, _):
            "positions "
                + positions.map { "\(name($0.log)):\($0.sequence)" }.joined(separator: " ")
        case .forms(let forms, let direction):
            "forms \(forms.rawValue) \(direction?.rawValue ?? "-")"
        case .key(let key): "key \(key)"
        case .log(let descriptor, let head): "log \(name(descriptor.id)) head \(head.size)"
        case .batch(let batch, _):
            "batch \(name(batch.log)) \(batch.first)...\(batch.first + UInt64(batch.entries.count) - 1) head \(batch.head.size)"
        case .acknowledgement(let value):
            "acknowledgement \(name(value.position.log)):\(value.position.sequence)"
        case .refuse(let log, let code, _): "refuse \(name(log)) \(code.rawValue)"
        case .witness(let value):
            "witness \(name(value.position.log)):\(value.position.sequence)"
        case .compare(let nodes): "compare \(name(nodes.log)) \(nodes.nodes.count) nodes"
        case .nodes(let nodes): "nodes \(name(nodes.log)) \(nodes.nodes.count)"
        case .fetch(let log, let sequences): "fetch \(name(log)) \(sequences)"
        case .entries(let fetched): "entries \(name(fetched.log)) \(fetched.rows.count)"
        case .ping(let number): "ping \(number)"
        case .pong(let number): "pong \(number)"
        case .bye: "bye"
        case .failure(let code, let message): "failure \(code.rawValue) \(message)"
        }
    }
}

extension FiledEntry {
    static let nothing = FiledEntry(
        filing: -1,
        region: "",
        key: "",
        isVersion: false,
        number: 0,
        recordedAt: 0,
        parents: [],
        erased: []
    )

    init(_ entry: Entry, body: [UInt8]) {
        let value = try? JSONValue(parsing: body)
        self.init(
            filing: value?["filing"]?.integerValue ?? -1,
            region: value?["path"]?.stringValue ?? "",
            key: value?["key"]?.stringValue ?? "",
            isVersion: entry.kind == .submit,
            number: entry.number,
            recordedAt: entry.recordedAt.milliseconds,
            parents: entry.parents.map(\.bytes),
            erased: entry.kind == .erase ? entry.subjects.map(\.bytes) : []
        )
    }
}

import ReportModel
import ReportTestKit
import ReportWire

/// What happens in one simulation; all of it follows from the seed.
struct Plan: Sendable {
    /// Until when faults happen.
    static let faultTime: Duration = .seconds(400)
    /// When the last thing is filed.
    static let lastFiling: Duration = .seconds(390)

    var seed: UInt64
    var topology: Topology
    var nodes: [NodePlan]
    /// The node that lies to its peers, if any; a leaf.
    var liar: Int?
    var actions: [Action]

    /// Makes the plan of a seed.
    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<8 { _ = random.next() }
        self.seed = seed
        topology = Topology.allCases.randomElement(using: &random) ?? .chain
        let nodes = topology.nodes(using: &random)
        self.nodes = nodes
        let leaves = nodes.indices.filter { node in
            !nodes.contains { $0.upstreams.contains(node) }
        }
        liar =
            Int.random(in: 0..<6, using: &random) == 0 ? leaves.randomElement(using: &random) : nil
        var writer = PlanWriter(random: random, nodes: nodes)
        writer.addFilings()
        writer.addFaults()
        // Drawn apart, so that earlier seeds keep their histories.
        var more = SeededGenerator(seed: seed ^ 0x6572_6173_7572_6573)
        for _ in 0..<8 { _ = more.next() }
        writer.addErasures(using: &more)
        if Int.random(in: 0..<3, using: &more) == 0 {
            self.nodes.addReader(not: liar, using: &more)
            writer.addFilings(ofReader: self.nodes.count - 1, self.nodes, using: &more)
        }
        writer.addFilingsAfterRestores(using: &more)
        actions = writer.actions.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }.map(\.element)
    }

    /// Nodes, liar and actions, one a line.
    var lines: [String] {
        var lines = ["seed \(seed): \(topology.rawValue)"]
        for (number, node) in nodes.enumerated() {
            let upstreams = node.upstreams.map(String.init).joined(separator: ", ")
            lines.append(
                "  node \(number): \(node.name), region \(node.region)"
                    + (upstreams.isEmpty ? "" : ", connects to \(upstreams)")
                    + (node.direction == .both ? "" : ", direction \(node.direction.rawValue)")
                    + (liar == number ? ", lies" : "")
            )
        }
        return lines + actions.map { "  \($0)" }
    }
}

/// Draws the actions of a plan.
private struct PlanWriter {
    var random: SeededGenerator
    let nodes: [NodePlan]
    var actions: [Action] = []
    private var filingCount = 0

    init(random: SeededGenerator, nodes: [NodePlan]) {
        self.random = random
        self.nodes = nodes
    }

    private mutating func time() -> Duration {
        .milliseconds(Int.random(in: 500..<380_000, using: &random))
    }

    private mutating func span(_ least: Int, _ most: Int) -> Duration {
        .milliseconds(Int.random(in: least * 1000...most * 1000, using: &random))
    }

    private mutating func node() -> Int { Int.random(in: nodes.indices, using: &random) }

    private mutating func add(_ kind: Action.Kind, at time: Duration? = nil) {
        let moment = if let time { time } else { self.time() }
        actions.append(Action(time: moment, kind: kind))
    }

    private func region(of node: Int) -> String {
        nodes[node].region == "*" ? "province" : nodes[node].region
    }

    mutating func addFilings() {
        for node in nodes.indices {
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                filingCount += 1
                // Now and then two offices file under one key.
                let isShared = Int.random(in: 0..<6, using: &random) == 0
                let region = region(of: node)
                let filing = Filing(
                    number: filingCount,
                    region: region,
                    key: Filing.key(isShared ? nil : filingCount, of: region),
                    byteCount: Int.random(in: 0..<12, using: &random) == 0 ? 60_000 : 40
                )
                add(.submit(node: node, filing))
            }
        }
        if Int.random(in: 0..<12, using: &random) == 0 {
            let node = node()
            filingCount += 1
            let filing = Filing(
                number: filingCount,
                region: "elsewhere",
                key: Filing.key(filingCount, of: "elsewhere")
            )
            add(.submit(node: node, filing))
        }
        addJudgements()
    }

    /// An office that others report to judges what it has.
    private mutating func addJudgements() {
        let judges = nodes.indices.filter { judge in
            nodes.contains { $0.upstreams.contains(judge) }
        }
        for action in actions {
            guard case .submit(_, let filing) = action.kind,
                Int.random(in: 0..<6, using: &random) == 0,
                let judge = judges.randomElement(using: &random)
            else { continue }
            filingCount += 1
            var review = filing
            review.number = filingCount
            review.kind = .review
            review.byteCount = 0
            add(.submit(node: judge, review))
        }
    }

    /// Half of the offices that were restored file again before they can hear anybody.
    mutating func addFilingsAfterRestores(using random: inout SeededGenerator) {
        for action in actions {
            guard case .restore(let node, isFoundOut: true, let down) = action.kind,
                !nodes[node].upstreams.isEmpty, Bool.random(using: &random)
            else { continue }
            filingCount += 1
            let region = region(of: node)
            let filing = Filing(
                number: filingCount,
                region: region,
                key: Filing.key(filingCount, of: region),
                byteCount: 40
            )
            let moment = Duration.milliseconds(Int.random(in: 500..<15_000, using: &random))
            let cut = Duration.milliseconds(Int.random(in: 20_000..<60_000, using: &random))
            add(.partition([node], for: down + cut), at: action.time)
            add(.submit(node: node, filing), at: min(action.time + down + moment, Plan.lastFiling))
        }
    }

    /// What an office files that sends nothing, which stays there.
    mutating func addFilings(
        ofReader node: Int,
        _ nodes: [NodePlan],
        using random: inout SeededGenerator
    ) {
        let region = nodes[node].region == "*" ? "province" : nodes[node].region
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            filingCount += 1
            let filing = Filing(
                number: filingCount,
                region: region,
                key: Filing.key(filingCount, of: region),
                byteCount: 40
            )
            let time = Duration.milliseconds(Int.random(in: 500..<380_000, using: &random))
            add(.submit(node: node, filing), at: time)
        }
    }

    /// Now and then a report is erased, by who filed it or by an office that others report to.
    mutating func addErasures(using random: inout SeededGenerator) {
        let judges = nodes.indices.filter { judge in
            nodes.contains { $0.upstreams.contains(judge) }
        }
        for action in actions {
            guard case .submit(let node, let filing) = action.kind, filing.kind == .submit,
                Int.random(in: 0..<5, using: &random) == 0
            else { continue }
            let eraser = ([node] + judges).randomElement(using: &random) ?? node
            // What others filed under the same key only those above them may erase.
            guard !filing.key.hasPrefix("shared") || judges.contains(eraser) else { continue }
            filingCount += 1
            var erasure = filing
            erasure.number = filingCount
            erasure.kind = .erase
            erasure.byteCount = 0
            let later = Duration.milliseconds(Int.random(in: 100..<150_000, using: &random))
            add(.submit(node: eraser, erasure), at: min(action.time + later, Plan.lastFiling))
        }
    }

    mutating func addFaults() {
        for _ in 0..<Int.random(in: 0...14, using: &random) { addFault() }
    }

    private mutating func addFault() {
        let node = node()
        switch Int.random(in: 0..<32, using: &random) {
        case 0..<3: add(.crash(node: node, losesPower: false, down: span(1, 20)))
        case 3..<5: add(.crash(node: node, losesPower: true, down: span(1, 90)))
        case 5..<10:
            let point = CrashPoint.allCases.randomElement(using: &random) ?? .pages
            let countdown = Int.random(in: 1...6, using: &random)
            add(
                .crashAtCommit(node: node, point, countdown: countdown, down: span(1, 60))
            )
        case 10..<12: add(.fullDisk(node: node, for: span(1, 60)))
        case 12: add(.slowDisk(node: node, for: span(5, 120)))
        case 13..<15:
            add(
                .partition(
                    nodes.indices.filter { _ in Bool.random(using: &random) },
                    for: span(1, 120)
                )
            )
        case 15..<19: add(.reset(node: node))
        case 19..<21: add(.halfOpen(node: node, side: Int.random(in: 0...1, using: &random)))
        case 21..<23:
            let sides = [[0], [1], [0, 1]].randomElement(using: &random) ?? [0]
            add(.stall(node: node, sides: sides, for: span(1, 80)))
        case 23..<25: add(.connectAgain(node: node))
        case 25..<27:
            add(
                .jumpClock(
                    node: node,
                    by: .seconds(Int.random(in: -200_000...200_000, using: &random))
                )
            )
        case 27..<30:
            let time = time()
            add(.backUp(node: node), at: time)
            let isFoundOut = Int.random(in: 0..<4, using: &random) != 0
            add(
                .restore(node: node, isFoundOut: isFoundOut, down: span(1, 20)),
                at: time + span(1, 200)
            )
        case 30:
            add(.copy(node: node, isFoundOut: Bool.random(using: &random)))
        default: add(.reset(node: node))
        }
    }
}

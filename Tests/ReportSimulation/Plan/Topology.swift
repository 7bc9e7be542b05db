import ReportTestKit
import ReportWire

/// A node as the administrators set it up.
struct NodePlan: Sendable {
    var name: String
    /// Region of what it files itself; `*` is every region.
    var region: String
    /// Nodes it connects to.
    var upstreams: [Int]
    /// What it grants the nodes that connect to it, by node.
    var grants: [Int: [String]] = [:]
    /// Nodes whose judgements it takes.
    var reviewers: [Int] = []
    /// Which way entries go between it and the nodes it connects to, as it sees it.
    var direction = Direction.both
}

/// Who connects to whom.
enum Topology: String, CaseIterable, Sendable {
    case chain, star, twoCities = "two-cities", mesh, tree

    /// The nodes, upstreams first.
    func nodes(using random: inout SeededGenerator) -> [NodePlan] {
        var nodes: [NodePlan] = []
        func add(_ name: String, _ region: String, _ upstreams: [Int], grant: String) {
            for upstream in upstreams { nodes[upstream].grants[nodes.count] = [grant] }
            nodes.append(NodePlan(name: name, region: region, upstreams: upstreams))
        }
        func county(_ city: Int, _ number: Int, also: [Int] = []) {
            let region = nodes[city].region + "/k\(number)"
            add("county \(number)", region, [city] + also, grant: region)
        }
        switch self {
        case .chain:
            add("province", "*", [], grant: "*")
            add("city", "c1", [0], grant: "c1")
            county(1, 1)
        case .star:
            add("city", "c1", [], grant: "c1")
            for number in 1...Int.random(in: 2...4, using: &random) { county(0, number) }
        case .twoCities:
            add("province", "*", [], grant: "*")
            add("city 1", "c1", [0], grant: "c1")
            add("city 2", "c2", [0], grant: "c2")
            county(1, 1)
            county(1, 2)
            county(2, 3)
        case .mesh:
            add("province", "*", [], grant: "*")
            add("city 1", "c1", [0], grant: "*")
            add("city 2", "c2", [0, 1], grant: "*")
            county(1, 1, also: Bool.random(using: &random) ? [2] : [])
            county(2, 2)
        case .tree:
            add("province", "*", [], grant: "*")
            for number in 1...Int.random(in: 2...5, using: &random) {
                let upstream = Int.random(in: 0..<nodes.count, using: &random)
                let region = upstream == 0 ? "c\(number)" : nodes[upstream].region + "/k\(number)"
                add("node \(number)", region, [upstream], grant: region)
            }
        }
        for index in nodes.indices { nodes[index].reviewers = ancestors(of: index, nodes) }
        return nodes
    }

    private func ancestors(of node: Int, _ nodes: [NodePlan]) -> [Int] {
        // Judgements may come from any office above the one that filed, wherever they pass through.
        nodes.indices.filter { other in
            other != node && nodes.contains { $0.upstreams.contains(other) }
        }
    }
}

extension [NodePlan] {
    /// Adds an office that only reads along, a region of another one, or everything.
    ///
    /// It files as well, and sends nothing: what it files stays there.
    /// - Parameters:
    ///   - liar: a node to which it does not connect.
    ///   - random: chance.
    mutating func addReader(not liar: Int?, using random: inout SeededGenerator) {
        let regions = map(\.region).filter { $0 != "*" } + ["*"]
        let region = regions.randomElement(using: &random) ?? "*"
        guard let upstream = indices.filter({ $0 != liar }).randomElement(using: &random) else {
            return
        }
        self[upstream].grants[count] = [region]
        append(
            NodePlan(
                name: "reader",
                region: region,
                upstreams: [upstream],
                reviewers: Array<Int>(indices),
                direction: .pull
            )
        )
    }
}

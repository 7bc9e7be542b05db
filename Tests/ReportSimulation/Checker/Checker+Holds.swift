/// What a node must have heard before it files.
///
/// Source: docs/protocol.md section 5.2: a node that begins a new log files nothing until an upstream was
/// asked and all that it has of the node's logs is here.
extension Checker {
    /// Remembers what the upstreams of a node hold of its logs at the time when it begins a new one.
    mutating func noteOwnLogs(_ node: Int, _ logs: [HeldLogView]) {
        for view in logs where view.isOwn && ownLogs[node]?.contains(view.log) != true {
            let isFirst = ownLogs[node] == nil
            ownLogs[node, default: []].insert(view.log)
            guard !isFirst, !isLiar(node) else { continue }
            var wanted: [Int: [String: Int]] = [:]
            for upstream in upstreamsOf(node) {
                wanted[upstream] = (held[upstream] ?? [:]).filter { owners[$0.key] == view.owner }
                    .mapValues(\.count)
            }
            asked[node, default: [:]][view.log] = wanted
        }
    }

    /// An entry is new at its owner: in a log that is not the first, one upstream must have been heard.
    mutating func checkHeard(_ node: Int, _ log: String) {
        guard let wanted = asked[node]?[log], !wanted.isEmpty else { return }
        // What an upstream lost with its own disk it cannot tell.
        func lacks(_ upstream: Int) -> [String] {
            (wanted[upstream] ?? [:]).filter { other, count in
                let there = min(count, held[upstream]?[other]?.count ?? 0)
                return held[node]?[other]?.count ?? 0 < there
            }.keys.sorted()
        }
        let missing = wanted.keys.sorted().map { lacks($0) }
        guard missing.allSatisfy({ !$0.isEmpty }) else { return }
        let branched = branchedLogs
        guard missing.allSatisfy({ logs in logs.contains { !branched.contains($0) } }) else {
            return
        }
        fail(
            "node \(node) files into \(log) before it has what its upstreams hold of \(missing.joined().sorted())"
        )
    }

    /// Whether one of a node's logs has two branches.
    func hasBranched(_ node: Int) -> Bool {
        branchedLogs.contains { owners[$0] == copies[node] ?? node }
    }

    private func upstreamsOf(_ node: Int) -> [Int] {
        let original = copies[node] ?? node
        return original < upstreams.count ? upstreams[original] : []
    }
}

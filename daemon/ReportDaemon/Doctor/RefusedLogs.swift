import ReportIntake
import ReportModel

/// Logs that do not go on with a peer for one reason, though the session stands.
struct RefusedLogs {
    /// What logs have in common that one sentence can tell.
    private struct Cause: Hashable {
        var code: ReportError.Code
        /// Whether this node refuses them; otherwise the peer does.
        var isHere: Bool
        /// The key that is missing among the reviewers of whoever refuses.
        var reviewer: NodeID?
    }

    let code: ReportError.Code
    let isHere: Bool
    let reviewer: NodeID?
    /// Names of their nodes, as far as they are known.
    private(set) var names: Set<String> = []
    /// The sentence that was told for the first.
    let reason: String

    /// Up to five names.
    var list: String { names.sorted().prefix(5).joined(separator: ", ") }

    private init(_ cause: Cause, reason: String) {
        code = cause.code
        isHere = cause.isHere
        reviewer = cause.reviewer
        self.reason = reason
    }

    /// Takes them from a peer's row of `STATUS`.
    /// - Parameters:
    ///   - peer: the row.
    ///   - isTold: whether a log with an error is told elsewhere.
    /// - Returns: one element for each reason.
    static func all(of peer: JSONValue, unless isTold: (JSONValue) -> Bool) -> [RefusedLogs] {
        var order: [Cause] = []
        var found: [Cause: RefusedLogs] = [:]
        for log in peer["logs"]?.arrayValue ?? [] {
            guard let text = log["error"]?.stringValue, !isTold(log) else { continue }
            let reason = SafeText.line(log["errorMessage"]?.stringValue ?? text)
            let cause = Cause(
                code: ReportError.Code(rawValue: text) ?? .internal,
                isHere: log["errorBy"]?.stringValue == "here",
                reviewer: reviewer(in: reason)
            )
            if found[cause] == nil { order.append(cause) }
            let name = SafeText.line(log["name"]?.stringValue ?? "")
            found[cause, default: RefusedLogs(cause, reason: reason)].names
                .insert(name.isEmpty ? "?" : name)
        }
        return order.compactMap { found[$0] }
    }

    /// The key in `list KEY under reviewers`, which is how a session refuses judgements.
    private static func reviewer(in reason: String) -> NodeID? {
        guard reason.hasSuffix(" under reviewers") else { return nil }
        return reason.split(separator: " ").dropLast(2).last.flatMap { NodeID(parsing: String($0)) }
    }
}

extension DoctorCheck {
    /// What keeps logs from going on with a peer, and what mends it.
    /// - Parameters:
    ///   - logs: logs with one reason.
    ///   - peer: name or address of the peer, for people.
    ///   - patient: the node and its machine.
    /// - Returns: a fault.
    static func fault(of logs: RefusedLogs, with peer: String, _ patient: Patient) -> Diagnosis {
        let (code, list) = (logs.code, logs.list)
        guard code == .notAllowed else {
            return fault(
                code,
                "logs of \(list) do not go on with \(peer): \(code.rawValue): \(logs.reason)",
                "\(list) 的日志与 \(peer) 不再同步：\(code.rawValue)：\(logs.reason)",
                command: command(for: code, patient)
            )
        }
        switch (logs.isHere, logs.reviewer) {
        case (true, let key?) where isForked(key, patient):
            return fault(
                code,
                "logs of \(list) are stopped: they judge what may lie in the branch of its forked log that "
                    + "was not taken. Its key \(key) under `reviewers` lets them come, and lets it judge "
                    + "others: take it out again once they are here",
                "\(list) 的日志已停止：其中的操作可能针对其分叉日志中未接收的分支。将公钥 \(key) 列入 reviewers 可继续接收，"
                    + "但该节点也就能审核其他单位的报告，收到后请立即移除",
                command: reviewersCommand(key, patient)
            )
        case (true, let key?):
            return fault(
                code,
                "reviews by \(list) are not taken: its key \(key) must stand under `reviewers`",
                "\(list) 的审核意见未被接收：其公钥 \(key) 应列入配置的 reviewers",
                command: reviewersCommand(key, patient)
            )
        case (true, nil):
            let file = (patient.configuration?.grantsFile ?? patient.file).shellWord
            let reload = patient.configuration?.grantsFile == nil ? "restart" : "reload"
            return fault(
                code,
                "logs of \(list) from \(peer) are stopped, and nothing later of them comes: "
                    + "\(logs.reason). A log cannot be changed: add the region to the grant of \(peer)",
                "\(peer) 的 \(list) 日志已停止，之后的报告都收不到：\(logs.reason)。"
                    + "日志不能更改，请在对 \(peer) 的授权中加上该地区",
                command: "editor \(file) && systemctl \(reload) reportd"
            )
        case (false, let key?):
            return fault(
                code,
                "\(peer) does not take logs of \(list): in its configuration the key \(key) must stand "
                    + "under `reviewers`",
                "\(peer) 不接收 \(list) 的日志：公钥 \(key) 应列入对方配置的 reviewers",
                command: "journalctl -u reportd -n 50 -g refuse"
            )
        case (false, nil):
            return fault(
                code,
                "\(peer) does not take logs of \(list): \(logs.reason). There: change the grant for this "
                    + "node, then systemctl reload reportd",
                "\(peer) 不接收 \(list) 的日志：\(logs.reason)。"
                    + "请对方修改对本节点的授权并执行 systemctl reload reportd",
                command: "journalctl -u reportd -n 50 -g refuse"
            )
        }
    }

    /// Whether a log of a node has two branches here.
    private static func isForked(_ node: NodeID, _ patient: Patient) -> Bool {
        (patient.status?["logs"]?.arrayValue ?? []).contains {
            $0["node"]?.stringValue == node.description && $0["forked"]?.boolValue == true
        }
    }

    /// What looks into an error of replication, or mends it.
    static func command(for code: ReportError.Code, _ patient: Patient) -> String {
        let store = (patient.configuration?.store ?? "").shellWord
        return switch code {
        case .forked: "reportctl peer evidence --store \(store)"
        case .integrity: "reportctl verify --store \(store)"
        case .noSpace: "reportctl du --store \(store)"
        default: "reportctl status; journalctl -u reportd -n 50"
        }
    }

    /// What puts a key under `reviewers` of this node.
    private static func reviewersCommand(_ key: NodeID, _ patient: Patient) -> String {
        let line = "reviewers: [\"\(key)\"]"
        let file = patient.file.shellWord
        let lines = (Patient.text(of: patient.file) ?? "").split(separator: "\n")
        let change: String
        if lines.contains("reviewers: []") {
            change = "sed -i \("s/^reviewers: \\[\\]$/\(line)/".shellWord) \(file)"
        } else if lines.contains(where: { $0.hasPrefix("reviewers:") }) {
            change = "editor \(file)"
        } else {
            change = "printf '\\n%s\\n' \(line.shellWord) >> \(file)"
        }
        return "\(change) && systemctl restart reportd"
    }
}

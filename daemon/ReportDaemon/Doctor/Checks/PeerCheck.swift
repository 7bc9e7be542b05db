import ReportIntake
import ReportModel

/// Logs of the nodes below go on: none is refused for what it holds.
enum PeerCheck: DoctorCheck {
    static let name = "peers"
    static let title = Words("peers", "下级节点")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        let peers = patient.status?["peers"]?.arrayValue ?? []
        var found: [Diagnosis] = []
        for peer in peers where peer["upstream"]?.boolValue != true {
            // A log with two branches is told with the store.
            let stopped = (peer["logs"]?.arrayValue ?? []).filter {
                $0["error"]?.stringValue != nil
                    && $0["error"]?.stringValue != ReportError.Code.forked.rawValue
            }
            guard let log = stopped.first else { continue }
            found.append(fault(of: peer, log, count: stopped.count, patient))
        }
        return found
    }

    private static func fault(
        of peer: JSONValue,
        _ log: JSONValue,
        count: Int,
        _ patient: Patient
    ) -> Diagnosis {
        let text = log["error"]?.stringValue ?? ""
        let code = ReportError.Code(rawValue: text) ?? .internal
        let name = SafeText.line(peer["name"]?.stringValue ?? peer["key"]?.stringValue ?? "?")
        let reason = SafeText.line(log["errorMessage"]?.stringValue ?? text)
        guard code == .notAllowed else {
            return fault(
                code,
                "\(count) logs do not go on with \(name): \(reason)",
                "与 \(name) 有 \(count) 个日志不再同步：\(reason)",
                command: "reportctl status; journalctl -u reportd -n 50"
            )
        }
        guard log["errorBy"]?.stringValue == "here" else {
            return fault(
                code,
                "\(count) logs are not taken by \(name): \(reason). In its configuration the key of "
                    + "the log's node must stand under `reviewers`",
                "\(name) 不接收 \(count) 个日志：\(reason)。该日志所属节点的公钥应列入对方配置的 reviewers",
                command: "reportctl status; journalctl -u reportd -n 50 -g refuse"
            )
        }
        let file = (patient.configuration?.grantsFile ?? patient.file).shellWord
        let reload = patient.configuration?.grantsFile == nil ? "restart" : "reload"
        return fault(
            code,
            "\(count) logs of \(name) are stopped, and nothing later of them comes: \(reason). "
                + "A log cannot be changed: add the region to the grant of \(name)",
            "\(name) 的 \(count) 个日志已停止，之后的报告都收不到：\(reason)。"
                + "日志不能更改，请在对 \(name) 的授权中加上该地区",
            command: "editor \(file) && systemctl \(reload) reportd"
        )
    }
}

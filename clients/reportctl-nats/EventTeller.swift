import ReportCommands
import ReportModel
import ReportPipe

/// Says in lines what a pipe does: to standard output what was done, to standard error what was not.
struct EventTeller {
    private static let maximumSenderCount = 1000
    /// What went wrong last, which is told once.
    private var failure: String?
    private var refusal: String?
    private var senders: Set<String> = []

    mutating func tellConnected() {
        failure = nil
        Output.line(Wording.pick("connected to NATS", "已连接 NATS"))
        Output.flush()
    }

    mutating func tell(_ error: ReportError) {
        guard failure != error.message else { return }
        failure = error.message
        complain(error)
    }

    mutating func tell(_ event: PipeEvent) {
        failure = nil
        switch event {
        case .sent(let node, let entries, let bytes, let isAgain):
            let size = ByteText.text(bytes)
            let again = isAgain ? Wording.pick(" (again)", "（重发）") : ""
            Output.line(
                Wording.pick(
                    "to \(short(node)): \(entries) entries, \(size)\(again)",
                    "发往 \(short(node))：\(entries) 条，\(size)\(again)"
                )
            )
        case .taken(let node, let answer): tell(answer, from: node)
        case .refused(let node, let error, let isKept):
            let text = "\(node) \(error.message)"
            guard !isKept || refusal != text else { return }
            refusal = text
            Output.error(
                Wording.pick(
                    "from \(short(node)): not taken: \(error.message)",
                    "来自 \(short(node))：未接收：\(error.message)"
                )
            )
        case .failed(let node, let error):
            let text = "\(node) \(error.message)"
            guard refusal != text else { return }
            refusal = text
            Output.error(
                Wording.pick(
                    "to \(short(node)): nothing at present: \(error.message)",
                    "发往 \(short(node))：暂不发送：\(error.message)"
                )
            )
        case .passedOver(let subject):
            // Nothing of a stranger's words but the digits of a key.
            let sender = subject.map { short($0.sender) } ?? Wording.pick("nobody", "未知发方")
            let isNew = senders.count < Self.maximumSenderCount && senders.insert(sender).inserted
            guard isNew else { return }
            Output.error(
                Wording.pick(
                    "a message of \(sender) is of no peer, or none of ours, and was passed over",
                    "\(sender) 的消息不属于任何对端或格式不符，已忽略"
                )
            )
        }
        Output.flush()
    }

    private mutating func tell(_ answer: JSONValue, from node: NodeID) {
        refusal = nil
        let name = answer["name"]?.stringValue ?? short(node)
        let entries = answer["entries"]?.integerValue ?? 0
        let signed = answer["acknowledgements"]?.integerValue ?? 0
        if entries + signed > 0 {
            Output.line(
                Wording.pick(
                    "from \(name): \(entries) entries, \(signed) acknowledgements",
                    "来自 \(name)：新增 \(entries) 条，回执 \(signed) 份"
                )
            )
        }
        for row in answer["logs"]?.arrayValue ?? [] where row["error"]?.stringValue != nil {
            let log = row["name"]?.stringValue ?? ""
            let message = row["message"]?.stringValue ?? ""
            Output.error(Wording.pick("\(log): not taken: \(message)", "\(log)：未接收：\(message)"))
        }
    }

    private func complain(_ error: ReportError) {
        let hint = error.hint.map { "; \($0)" } ?? ""
        Output.error("\(Wording.title(of: error.code)): \(error.message)\(hint)")
    }

    private func short(_ node: NodeID) -> String { String(node.key.hex.prefix(16)) }
}

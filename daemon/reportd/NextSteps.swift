import Glibc
import ReportCommands
import ReportDaemon
import ReportModel

/// What a person does after `reportd init`.
struct NextSteps {
    let lines: [String]

    init(_ setup: NodeSetup, _ outcome: NodeSetup.Outcome) {
        var lines = [
            Wording.pick("configuration  ", "配置文件  ") + setup.file,
            Wording.pick("store          ", "存储目录  ") + setup.store,
        ]
        if let inbox = setup.inbox {
            lines.append(Wording.pick("inbox          ", "收件夹    ") + inbox)
        }
        lines.append(Wording.pick("key            ", "公钥      ") + outcome.key.description)
        lines += ["", Wording.pick("What to do next:", "接下来：")]
        var steps: [(String, [String])] = []
        if setup.listen != nil { steps.append(Self.authorityStep(setup, outcome)) }
        if setup.joinsByToken { steps.append(Self.joinStep(setup)) }
        steps.append((Wording.pick("start the node", "启动节点"), Self.start(setup, outcome)))
        steps.append(
            (
                Wording.pick("see that all is well", "检查是否正常"),
                ["reportctl doctor --config \(setup.file.shellWord)"]
            )
        )
        if let address = setup.listen { steps.append(Self.tokenStep(setup, address)) }
        for (number, step) in steps.enumerated() {
            lines.append("\(number + 1). \(step.0)")
            lines += step.1.map { "     " + $0 }
        }
        self.lines = lines
    }

    private static func state(_ setup: NodeSetup) -> Substring {
        setup.store[..<(setup.store.lastIndex(of: "/") ?? setup.store.startIndex)]
    }

    private static func joinStep(_ setup: NodeSetup) -> (String, [String]) {
        let office =
            switch setup.upstream {
            case .address(let address), .known(let address, _):
                Wording.pick("the office at \(address)", "上级单位（\(address)）")
            case .unsaid, .absent: Wording.pick("the city", "市级")
            }
        return (
            Wording.pick(
                "ask \(office) for a token and enrol (reportctl pki token makes it there)",
                "向\(office)索取加入口令并加入（口令由其用 reportctl pki token 生成）"
            ),
            ["reportctl pki join 'reportd-join/1/…' --config \(setup.file.shellWord)"]
        )
    }

    private static func authorityStep(
        _ setup: NodeSetup,
        _ outcome: NodeSetup.Outcome
    ) -> (String, [String]) {
        let authority = "\(state(setup))/authority".shellWord
        return (
            Wording.pick("make the authority, and this node's certificate", "建立发证机构，并为本节点签发证书"),
            [
                "reportctl pki init --authority \(authority) --name \(setup.name.shellWord)",
                "reportctl pki issue --authority \(authority) --name \(setup.name.shellWord) "
                    + "--key \(outcome.key) --out \("\(state(setup))/identity".shellWord)",
            ]
        )
    }

    private static func tokenStep(_ setup: NodeSetup, _ address: String) -> (String, [String]) {
        (
            Wording.pick("for each county, a token", "为每个县区生成口令"),
            [
                "reportctl pki token --authority \("\(state(setup))/authority".shellWord) --address \(address) "
                    + "--name 麻章区 --region 湛江市/麻章区"
            ]
        )
    }

    private static func start(_ setup: NodeSetup, _ outcome: NodeSetup.Outcome) -> [String] {
        guard access("/run/systemd/system", F_OK) == 0,
            setup.file == NodeConfiguration.usualPath
        else {
            let user = setup.account == .current ? "" : "runuser -u \(setup.account.name) -- "
            return ["\(user)reportd --config \(setup.file.shellWord)"]
        }
        return (outcome.changedUnit ? ["systemctl daemon-reload"] : [])
            + ["systemctl enable --now reportd"]
    }
}

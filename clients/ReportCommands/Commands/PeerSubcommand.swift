import ArgumentParser
import ReportClient
import ReportModel

struct PeerSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer",
        abstract: "Look after replication: peers, forks, damaged copies.",
        discussion: "On the node's machine, with --store DIR; the node may be running.",
        subcommands: [
            PeerListCommand.self, PeerProceedCommand.self, PeerResyncCommand.self,
            PeerEvidenceCommand.self, PeerReleaseCommand.self,
        ]
    )
}

/// What all commands about peers have.
struct PeerOptions: ParsableArguments {
    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    /// Carries a command out at the node, or at the store while no node writes it.
    func perform(_ command: PeerCommand) async throws -> (JSONValue, OutputFormat) {
        let format = try output.require([.text, .json])
        let service = try await service.administer()
        do {
            let answer = try await service.perform(.peer(command))
            await service.close()
            return (answer, format)
        } catch {
            await service.close()
            throw error
        }
    }
}

struct PeerListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show peers, whether filing waits for one, and forked logs."
    )

    @OptionGroup var options: PeerOptions

    func run() async throws {
        let (answer, format) = try await options.perform(.list)
        guard format == .text else { return Output.line(answer.canonicalText) }
        if let reason = answer["hold"]?["reason"]?.stringValue {
            Output.line(StatusText.hold(reason))
        }
        var peers = TextTable([
            Wording.pick("key", "公钥"), Wording.pick("peer", "对端"),
            Wording.pick("state", "状态"), Wording.pick("to send", "待发"),
            LocalTime.title("last heard", "最近联系"), Wording.pick("last error", "最近错误"),
        ])
        for peer in answer["peers"]?.arrayValue ?? [] {
            peers.append([
                String((peer["key"]?.stringValue ?? "").prefix(16)),
                peer["name"]?.stringValue ?? "",
                Wording.peerState(of: peer),
                peer["missingEntries"]?.integerValue.map { String($0) } ?? "-",
                StatusText.lastHeard(peer),
                peer["lastError"]?.stringValue ?? "-",
            ])
        }
        peers.lines(width: nil).forEach(Output.line)
        let forked = answer["forked"]?.arrayValue ?? []
        guard !forked.isEmpty else { return }
        var table = TextTable([
            Wording.pick("forked log", "分叉日志"), Wording.pick("node", "节点"),
            Wording.pick("held", "已有"), Wording.pick("quarantine", "隔离"),
        ])
        for log in forked {
            table.append([
                String((log["log"]?.stringValue ?? "").prefix(16)), log["name"]?.stringValue ?? "",
                log["held"]?.integerValue.map { String($0) } ?? "-",
                log["released"]?.boolValue == true
                    ? Wording.pick("released", "已解除") : Wording.pick("yes", "是"),
            ])
        }
        Output.line("")
        table.lines(width: nil).forEach(Output.line)
    }
}

struct PeerProceedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proceed",
        abstract: "Take reports again without waiting for an upstream.",
        discussion: """
            After a restore nothing is filed until an upstream was asked for the rest of
            the old log. When none can be reached, this goes on without. What the upstream
            holds arrives later.
            """
    )

    @OptionGroup var options: PeerOptions

    func run() async throws {
        let (answer, format) = try await options.perform(.proceed)
        guard format == .text else { return Output.line(answer.canonicalText) }
        Output.line(
            answer["ended"]?.isNull == false
                ? Wording.pick("reports are taken again", "已恢复接收报告")
                : Wording.pick("reports were taken already", "本来就在接收报告")
        )
    }
}

struct PeerResyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resync",
        abstract: "Compare all logs with a peer and fetch what is damaged or missing here.",
        discussion: """
            Always safe, and may be repeated: nothing is forgotten, what is whole is not
            touched. Both copies are compared by the hashes of their trees, so it costs
            what differs. It also fetches the records that a wider grant at the peer covers.
            """
    )

    @Argument(help: "The first digits of a peer's key, or all.")
    var peer = "all"

    @OptionGroup var options: PeerOptions

    func run() async throws {
        let command = try PeerCommand(json: ["action": "resync", "peer": .string(peer)])
        let (answer, format) = try await options.perform(command)
        let items = answer["items"]?.arrayValue ?? []
        var isWhole = true
        for item in items {
            let logs = item["logs"]?.arrayValue ?? []
            let error = item["error"]?.stringValue
            isWhole = isWhole && error == nil && logs.allSatisfy { $0["sound"] == true }
            guard format == .text else { continue }
            let name = item["name"]?.stringValue ?? item["peer"]?.stringValue ?? ""
            guard error == nil else {
                Output.line("\(name): " + Wording.pick("not connected", "未连接"))
                continue
            }
            Output.line(name)
            logs.flatMap(Self.lines).forEach(Output.line)
        }
        if format == .json { Output.line(answer.canonicalText) }
        if !isWhole { throw ExitCode(ReportError.Code.integrity.exitCode) }
    }

    private static func lines(_ log: JSONValue) -> [String] {
        func number(_ name: String) -> Int { log[name]?.integerValue ?? 0 }
        func list(_ name: String) -> String {
            (log[name]?.arrayValue ?? []).prefix(10).compactMap(\.integerValue)
                .map { String($0) }.joined(separator: " ")
        }
        let title =
            "  " + String((log["log"]?.stringValue ?? "").prefix(8)) + " "
            + (log["name"]?.stringValue ?? "")
        let damaged = number("damagedCount")
        let mended = number("mendedEntries") + number("mendedBodies")
        var lines = [
            Wording.pick(
                "\(title): \(number("compared")) entries compared, \(damaged) damaged here, "
                    + "\(mended) parts mended",
                "\(title)：已比对 \(number("compared")) 条，本机损坏 \(damaged) 条，已修复 \(mended) 处"
            )
        ]
        if number("bareCount") > 0 {
            let (bare, withheld) = (number("bareCount"), number("withheldCount"))
            lines.append(
                "    "
                    + Wording.pick(
                        "held by headers alone: \(bare); \(bare - withheld) got their records now, "
                            + "\(withheld) did not: this node's grant there does not cover them. "
                            + "No damage.",
                        "仅有条目头 \(bare) 条：现已补齐 \(bare - withheld) 条，"
                            + "其余 \(withheld) 条不在对端给本机的授权范围内，并非损坏。"
                    )
            )
        }
        if number("remainingCount") > 0 {
            lines.append(
                "    "
                    + Wording.pick(
                        "STILL DAMAGED, the peer has no better copy: ",
                        "仍有损坏，对端也没有完好副本："
                    ) + list("remaining")
            )
        }
        if log["differing"]?.arrayValue?.isEmpty == false {
            lines.append(
                "    "
                    + Wording.pick(
                        "WHOLE HERE, OTHER THERE: let the peer resync: ",
                        "本机完好、对端不同，请对端执行 resync："
                    ) + list("differing")
            )
        }
        if log["needsReindex"]?.boolValue == true {
            lines.append(
                "    "
                    + Wording.pick(
                        "to find what came by searching: reportctl reindex --search-only, "
                            + "beside the running node",
                        "要能搜索到补来的内容，请运行 reportctl reindex --search-only（节点不必停止）"
                    )
            )
        }
        return lines
    }
}

struct PeerEvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Show how a log forked: both branches with their owner's signatures.",
        discussion: """
            With -o json the evidence of one log is a file that anybody checks with
            reportctl verify, without a store.
            """
    )

    @Argument(help: "The first digits of a log's identifier; every forked log when not given.")
    var log: String?

    @OptionGroup var options: PeerOptions

    func run() async throws {
        let command = try PeerCommand(
            json: ["action": "evidence", "log": .optional(log)]
        )
        let (answer, format) = try await options.perform(command)
        let items = answer["items"]?.arrayValue ?? []
        if format == .json {
            return Output.line((log != nil && items.count == 1 ? items[0] : answer).canonicalText)
        }
        let elsewhere = answer["elsewhere"]?.arrayValue ?? []
        elsewhere.flatMap(EvidenceText.lines(elsewhere:)).forEach(Output.line)
        if items.isEmpty, elsewhere.isEmpty {
            return Output.line(Wording.pick("no log is forked", "没有分叉的日志"))
        }
        for item in items {
            EvidenceText.lines(try ForkEvidence(json: item)).forEach(Output.line)
        }
    }
}

struct PeerReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let the owner of a forked log go on with other logs.",
        discussion: """
            Nothing of a node is taken while one of its logs is forked. Look at the
            evidence, and find out how the node's key came to write two branches, before
            you release it. The forked log stays as it is.
            """
    )

    @Argument(help: "The first digits of the forked log's identifier.")
    var log: String

    @OptionGroup var options: PeerOptions

    func run() async throws {
        let command = try PeerCommand(json: ["action": "release", "log": .string(log)])
        let (answer, format) = try await options.perform(command)
        guard format == .text else { return Output.line(answer.canonicalText) }
        let name = answer["name"]?.stringValue ?? ""
        Output.line(Wording.pick("released: \(name)", "已解除隔离：\(name)"))
    }
}

/// Evidence of a fork as people read it.
enum EvidenceText {
    /// An own log whose evidence lies with the node above.
    static func lines(elsewhere branch: JSONValue) -> [String] {
        let log = branch["log"]?.stringValue ?? ""
        let peer = branch["peer"]?.stringValue ?? ""
        let taken = branch["taken"]?.integerValue ?? 0
        let held = branch["held"]?.integerValue ?? 0
        return [
            Wording.pick(
                "log \(log) of this node: the node above (key \(peer)) holds another branch",
                "本机的日志 \(log)：上级节点（公钥 \(peer)）持有另一分支"
            ),
            Wording.pick("  seen ", "  发现于 ")
                + LocalTime.zoned(branch["seenAt"]?.stringValue ?? ""),
            Wording.pick(
                "  entries there: 1 to \(taken) of \(held); file what came after them again",
                "  上级已收到：\(held) 条中的前 \(taken) 条；之后的报告请重新报送"
            ),
            Wording.pick(
                "  the evidence lies there: reportctl peer evidence \(log.prefix(16)) at that node",
                "  证据在上级：请在该节点执行 reportctl peer evidence \(log.prefix(16))"
            ),
        ]
    }

    static func lines(_ evidence: ForkEvidence) -> [String] {
        let log = evidence.descriptor.id.description
        let name = evidence.descriptor.name
        var lines = [
            Wording.pick("log \(log) of \(name)", "\(name) 的日志 \(log)"),
            Wording.pick("  key ", "  公钥 ") + evidence.descriptor.node.description,
            Wording.pick("  seen ", "  发现于 ") + LocalTime.zoned(evidence.seenAt.description),
        ]
        for (index, branch) in evidence.branches.enumerated() {
            let time = LocalTime.zoned(branch.head.signedAt.description)
            lines.append(
                Wording.pick(
                    "  branch \(index + 1): head of \(branch.head.size) entries, signed \(time)",
                    "  分支 \(index + 1)：签名覆盖 \(branch.head.size) 条，签于 \(time)"
                )
            )
            lines.append(Wording.pick("    root      ", "    树根 ") + branch.head.root.hex)
            lines.append(
                Wording.pick("    signature ", "    签名 ") + HexText.text(branch.head.signature)
            )
            if let header = branch.header {
                lines.append(
                    Wording.pick("    entry \(evidence.sequence) ", "    第 \(evidence.sequence) 条 ")
                        + Hash256(hashing: header).hex
                )
            }
        }
        lines += evidence.faults.map { "  ✗ " + $0 }
        lines.append(
            evidence.isProven
                ? Wording.pick(
                    "  PROVEN: the owner of the log signed both branches.",
                    "  证据成立：日志所有者对两个分支都签了名。"
                )
                : Wording.pick("  NOT PROVEN", "  证据不成立")
        )
        return lines
    }
}

import ArgumentParser
import ReportClient
import ReportModel

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what a node holds and how far its peers have come; or who holds a record.",
        discussion: """
            With a lookup: when the version was stored here, and which nodes have signed
            for it, up to the province. A node whose grant does not cover the record has
            its header alone.
            """
    )

    @Argument(help: "A lookup that finds one record, with or without @N.")
    var lookup: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let service = try await service.open()
        if let lookup {
            let query = KeyQuery(try Lookup(argument: lookup))
            let answer = try await service.answer(.witnesses(query))
            await service.close()
            if format == .json { return Output.line(answer.canonicalText) }
            return StatusText.ladder(answer).forEach(Output.line)
        }
        let status = try await service.status()
        await service.close()
        if format == .json {
            Output.line(status.canonicalText)
        } else {
            StatusText.lines(status).forEach(Output.line)
        }
    }
}

/// The status of a node as people read it.
enum StatusText {
    static func lines(_ status: JSONValue) -> [String] {
        var lines: [String] = []
        func add(_ label: String, _ value: String?) {
            guard let value else { return }
            lines.append(DisplayWidth.padded(label, to: 12) + "  " + value)
        }
        func number(_ name: String) -> String? { status[name]?.integerValue.map { String($0) } }
        add(Wording.pick("node", "节点"), status["name"]?.stringValue)
        add(Wording.pick("key", "公钥"), status["node"]?.stringValue)
        add(Wording.pick("records", "记录"), number("keys"))
        add(Wording.pick("versions", "版本"), number("versions"))
        add(Wording.pick("position", "位置"), number("position"))
        add(
            Wording.pick("disk used", "占用磁盘"),
            status["usedBytes"]?.integerValue.map { ByteText.text($0) }
        )
        if let trouble = status["readOnly"], let reason = trouble["reason"]?.stringValue {
            add(Wording.pick("READ ONLY", "只读"), CareText.trouble(reason, trouble))
            add("", trouble["hint"]?.stringValue)
        }
        if let reason = status["hold"]?["reason"]?.stringValue {
            add(Wording.pick("filing", "接收报告"), hold(reason))
        }
        if let disk = status["disk"], let level = disk["level"]?.stringValue {
            let free = ByteText.text(disk["free"]?.integerValue ?? 0)
            let words = [
                "low": Wording.pick("  LITTLE ROOM: make some", "  空间不足，请清理磁盘"),
                "full": Wording.pick("  FULL: writes are refused", "  磁盘已满，暂停写入"),
            ]
            add(Wording.pick("disk free", "磁盘剩余"), free + (words[level] ?? ""))
        }
        add(Wording.pick("verified", "上次核对"), verification(status["verification"]))
        if let backup = status["backup"], !backup.isNull {
            for (index, line) in CareText.backup(backup).enumerated() {
                add(index == 0 ? Wording.pick("backup", "备份") : "", line)
            }
        }
        add(Wording.pick("certificate", "证书"), certificate(status["certificate"]))
        lines.append("")
        var logs = TextTable([
            Wording.pick("log", "日志"), Wording.pick("node", "节点"), Wording.pick("held", "已有"),
            Wording.pick("signed", "已签"), Wording.pick("missing", "缺少"),
        ])
        for log in status["logs"]?.arrayValue ?? [] {
            let held = log["held"]?.integerValue ?? 0
            let signed = log["signed"]?.integerValue ?? 0
            let forked = log["forked"]?.boolValue == true ? Wording.pick(" FORKED", " 已分叉") : ""
            let ahead = log["aheadOfClock"]?.stringValue.map(LocalTime.text)
            logs.append([
                String((log["log"]?.stringValue ?? "").prefix(8)) + forked,
                (log["name"]?.stringValue ?? "")
                    + (ahead.map { Wording.pick(" (stamped \($0))", "（时间超前：\($0)）") } ?? ""),
                String(held), String(signed),
                String(max(0, signed - held)),
            ])
        }
        lines += logs.lines(width: nil)
        lines += peers(status["peers"]?.arrayValue ?? [])
        lines += inboxes(status["inboxes"]?.arrayValue ?? [])
        return lines
    }

    /// When the store was verified, and what is damaged; nil when neither is known.
    private static func verification(_ check: JSONValue?) -> String? {
        let time = check?["lastVerified"]?.stringValue
        let problems = check?["problems"]?.arrayValue ?? []
        guard time != nil || !problems.isEmpty else { return nil }
        let verdict =
            problems.isEmpty
            ? Wording.pick("sound", "完好")
            : Wording.pick(
                "\(problems.count) PROBLEMS: run reportctl repair",
                "\(problems.count) 处损坏，请运行 reportctl repair"
            )
        return (time.map(LocalTime.zoned) ?? Wording.pick("never", "从未")) + "  " + verdict
    }

    /// Until when the node's certificate is good, and what is to be done about it.
    private static func certificate(_ certificate: JSONValue?) -> String? {
        guard let certificate, let end = certificate["notAfter"]?.stringValue else { return nil }
        let days = certificate["daysLeft"]?.integerValue ?? 0
        let text = Wording.pick("until ", "有效期至 ") + LocalTime.zoned(end)
        switch certificate["warning"]?.stringValue {
        case "expired": return text + Wording.pick("  EXPIRED", "  已过期")
        case "urgent":
            return text + Wording.pick("  ENDS IN \(days) days: renew it", "  仅剩 \(days) 天，请尽快更换")
        case "soon": return text + Wording.pick("  ends in \(days) days", "  还剩 \(days) 天")
        default: return text
        }
    }

    /// That nothing is filed, and why.
    static func hold(_ reason: String) -> String {
        let words = [
            "restored": Wording.pick("the store was restored", "存储是从备份恢复的"),
            "copied": Wording.pick("the store was copied from another machine", "存储是从别的机器复制来的"),
            "behind": Wording.pick(
                "a peer holds more of this node's log: the store was an old copy",
                "对端持有的本机日志更多，存储是旧副本"
            ),
            "forked": Wording.pick("this node's log has two branches", "本机日志出现了两个分支"),
        ]
        return Wording.pick("FILING WAITS for an upstream: ", "暂停接收报告，等待上级节点：")
            + (words[reason] ?? reason)
    }

    /// Who holds one version.
    static func ladder(_ answer: JSONValue) -> [String] {
        var table = TextTable([
            Wording.pick("node", "节点"), LocalTime.title("since", "时间"),
            Wording.pick("shown by", "依据"),
        ])
        let owner = answer["recordedBy"]
        let isHere = owner?["node"] == answer["storedHere"]
        table.append([
            owner?["name"]?.stringValue ?? "",
            LocalTime.stamp(answer["recordedAt"]?.stringValue ?? ""),
            isHere
                ? Wording.pick("recorded here", "本机录入")
                : Wording.pick("recorded there", "由该节点录入"),
        ])
        if !isHere {
            table.append([
                Wording.pick("this node", "本机"),
                LocalTime.text(answer["storedAt"]?.stringValue ?? ""),
                Wording.pick("its own store", "本机存储"),
            ])
        }
        let witnesses = answer["witnesses"]?.arrayValue ?? []
        for witness in witnesses {
            table.append([
                witness["name"]?.stringValue
                    ?? String((witness["node"]?.stringValue ?? "").prefix(16)),
                LocalTime.text(witness["receivedAt"]?.stringValue ?? ""),
                signature(hasRecord: witness["record"]?.boolValue),
            ])
        }
        var lines = [
            "\(answer["key"]?.stringValue ?? "")@\(answer["version"]?.integerValue ?? 0)"
        ]
        lines += table.lines(width: nil)
        if witnesses.isEmpty {
            lines.append(
                isHere
                    ? Wording.pick("no other node has signed for it yet", "尚无其他节点签收")
                    : Wording.pick(
                        "signatures of the nodes it came through are kept by those that sent it to them",
                        "经手节点的签收保存在向其发送的节点上，本机没有"
                    )
            )
        }
        return lines
    }

    /// What a signature shows: the header is signed for, whether the record came with it the sender knows.
    private static func signature(hasRecord: Bool?) -> String {
        switch hasRecord {
        case true: Wording.pick("its signature", "该节点签名")
        case false:
            Wording.pick(
                "its signature: has the header, not the record",
                "该节点签名：仅有条目头，没有记录"
            )
        default:
            Wording.pick("its signature: has the header at least", "该节点签名：至少有条目头")
        }
    }

    /// What each peer lacks, for how long, and when it was heard last.
    static func peers(_ peers: [JSONValue], now: Timestamp = .now) -> [String] {
        guard !peers.isEmpty else { return [] }
        var table = TextTable(
            [
                Wording.pick("peer", "对端"), Wording.pick("state", "状态"),
                Wording.pick("to send", "待发"), Wording.pick("bytes", "字节"),
                Wording.pick("oldest", "最早"), LocalTime.title("last heard", "最近联系"),
                LocalTime.title("last progress", "最近进展"), Wording.pick("last error", "最近错误"),
            ],
            rightAligned: [2, 3]
        )
        for peer in peers {
            table.append([
                peer["name"]?.stringValue ?? peer["key"]?.stringValue ?? "",
                Wording.peerState(of: peer),
                peer["missingEntries"]?.integerValue.map { String($0) } ?? "-",
                peer["missingBytes"]?.integerValue.map { ByteText.text($0) } ?? "-",
                age(peer["missingSince"]?.stringValue, at: now), lastHeard(peer),
                peer["lastProgress"]?.stringValue.map(LocalTime.text) ?? "-",
                peer["lastError"]?.stringValue ?? "-",
            ])
        }
        return [""] + table.lines(width: nil)
    }

    /// When a peer was heard last.
    static func lastHeard(_ peer: JSONValue) -> String {
        peer["lastHeard"]?.stringValue.map(LocalTime.text) ?? Wording.pick("never", "从未")
    }

    /// How long ago something was, in the largest fitting unit.
    private static func age(_ time: String?, at now: Timestamp) -> String {
        guard let time = time.flatMap({ Timestamp(parsing: $0) }) else { return "-" }
        let minutes = (now.milliseconds - min(now.milliseconds, time.milliseconds)) / 60_000
        if minutes < 120 { return Wording.pick("\(minutes) min", "\(minutes) 分钟") }
        if minutes < 2880 { return Wording.pick("\(minutes / 60) h", "\(minutes / 60) 小时") }
        return Wording.pick("\(minutes / 1440) d", "\(minutes / 1440) 天")
    }

    private static func inboxes(_ inboxes: [JSONValue]) -> [String] {
        guard !inboxes.isEmpty else { return [] }
        var table = TextTable([
            Wording.pick("inbox", "收件夹"), Wording.pick("accepted", "已接收"),
            Wording.pick("duplicate", "重复"), Wording.pick("rejected", "未接收"),
            Wording.pick("pending", "待处理"), Wording.pick("in work", "处理中"),
            Wording.pick("fault", "故障"),
        ])
        for inbox in inboxes {
            func number(_ value: JSONValue?) -> String {
                value?.integerValue.map { String($0) } ?? "-"
            }
            table.append([
                inbox["path"]?.stringValue ?? "",
                number(inbox["finished"]?["accepted"]), number(inbox["finished"]?["duplicate"]),
                number(inbox["finished"]?["rejected"]), number(inbox["pending"]),
                number(inbox["working"]), inbox["fault"]?["message"]?.stringValue ?? "-",
            ])
        }
        return [""] + table.lines(width: nil)
    }
}

import ArgumentParser
import ReportClient
import ReportModel

struct BackupListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the backups that a node made by its schedule.",
        discussion: """
            The newest state is restored by: reportctl restore FOLDER --store NEWDIR \
            --key OLDSTORE/node.key, without --key when the backups hold the node's key.
            """
    )

    @Argument(
        help: ArgumentHelp("backup.folder of the node's configuration.", valueName: "folder")
    )
    var folder: String

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let answer = try StoreCare.backups(in: folder)
        if format == .json { return Output.line(answer.canonicalText) }
        BackupText.lines(answer).forEach(Output.line)
    }
}

/// Backups as people read them.
enum BackupText {
    static func lines(_ answer: JSONValue) -> [String] {
        let items = answer["items"]?.arrayValue ?? []
        var lines: [String] = []
        if !items.isEmpty {
            var table = TextTable(
                [
                    Wording.pick("backup", "备份"), LocalTime.title("made", "时间"),
                    Wording.pick("kind", "种类"), Wording.pick("size", "大小"),
                    Wording.pick("entries", "日志条数"), Wording.pick("state", "状态"),
                ],
                rightAligned: [3, 4]
            )
            for item in items { table.append(row(item)) }
            lines = table.lines(width: nil)
        } else {
            lines.append(Wording.pick("no backup", "没有备份"))
        }
        for name in answer["unreadable"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            lines.append(Wording.pick("UNREADABLE: \(name)", "无法读取：\(name)"))
        }
        guard let state = answer["state"], !state.isNull else { return lines }
        let name = state["lastSuccess"]?["name"]?.stringValue
        if let name, !items.contains(where: { $0["name"]?.stringValue == name }) {
            lines.append(Wording.pick("GONE: \(name)", "已不在文件夹中：\(name)"))
        }
        return lines + Self.state(state)
    }

    private static func row(_ item: JSONValue) -> [String] {
        let isFull = item["kind"]?.stringValue == "full"
        let isDamaged = item["damaged"]?.boolValue == true
        return [
            item["name"]?.stringValue ?? "",
            LocalTime.text(item["madeAt"]?.stringValue ?? ""),
            isFull ? Wording.pick("full", "完整") : Wording.pick("increment", "增量"),
            ByteText.text(item["bytes"]?.integerValue ?? 0),
            String(item["entries"]?.integerValue ?? 0),
            isDamaged
                ? Wording.pick("DAMAGED: not sound", "已损坏，核对未通过")
                : Wording.pick("good", "完好"),
        ]
    }

    /// When a backup was made last, and what went wrong since; also a part of `status`.
    static func state(_ state: JSONValue) -> [String] {
        var lines: [String] = []
        if let last = state["lastSuccess"], let time = last["at"]?.stringValue {
            let verified =
                last["verified"]?.boolValue == true
                ? Wording.pick("verified", "已核对") : Wording.pick("not verified", "未核对")
            let bytes = ByteText.text(last["bytes"]?.integerValue ?? 0)
            lines.append(
                Wording.pick("last backup ", "最近备份 ") + LocalTime.zoned(time)
                    + "  \(bytes)  \(verified)"
            )
        } else {
            lines.append(Wording.pick("NO BACKUP YET", "尚无备份"))
        }
        guard let failures = state["failures"]?.integerValue, failures > 0,
            let failure = state["lastFailure"], let message = failure["message"]?.stringValue
        else { return lines }
        let time = LocalTime.zoned(failure["at"]?.stringValue ?? "")
        lines.append(
            Wording.pick(
                "\(failures) ATTEMPTS FAILED since, last \(time): \(message)",
                "此后 \(failures) 次备份失败，最近 \(time)：\(message)"
            )
        )
        if let hint = failure["hint"]?.stringValue {
            lines.append(Wording.pick("  what to do: ", "  处理办法：") + hint)
        }
        return lines
    }
}

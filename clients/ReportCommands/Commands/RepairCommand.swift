import ArgumentParser
import Glibc
import ReportClient
import ReportModel

struct RepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Find what is damaged in a store, and mend it from peers or a backup.",
        discussion: """
            On the node's machine, with --store DIR. While the node runs, its peers are
            asked; without it, give --from. What is put in the place of a damaged value
            must be what the log's owner signed; what cannot be proved is refused. Indexes
            that follow from the log are made anew.
            """
    )

    @OptionGroup var service: ServiceOptions

    @Option(
        help: ArgumentHelp("Ask only this peer: the first digits of its key.", valueName: "key")
    )
    var peer: String?

    @Option(
        help: ArgumentHelp(
            "Take it from a full backup, from a folder of scheduled ones, or from a store's folder.",
            valueName: "path"
        )
    )
    var from: String?

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let command = PeerCommand.repair(peer: peer, from: try from.map(Self.wholePath))
        let service = try await service.administer()
        let answer: JSONValue
        do {
            // Checked as any command that comes from outside.
            answer = try await service.perform(.peer(try PeerCommand(json: command.json)))
            await service.close()
        } catch {
            await service.close()
            throw error
        }
        if format == .json {
            Output.line(answer.canonicalText)
        } else {
            RepairText.lines(answer).forEach(Output.line)
        }
        if answer["sound"]?.boolValue != true {
            throw ExitCode(ReportError.Code.integrity.exitCode)
        }
    }

    /// The path that the node finds, wherever it runs.
    private static func wholePath(_ path: String) throws(ReportError) -> String {
        guard let whole = realpath(path, nil) else {
            throw ReportError(.notFound, "\(path) is not there")
        }
        defer { free(whole) }
        return String(cString: whole)
    }
}

/// What a repair did, as people read it.
enum RepairText {
    static func lines(_ answer: JSONValue) -> [String] {
        let mended = answer["mended"]?.arrayValue ?? []
        let remaining = answer["remaining"]?.arrayValue ?? []
        let asked = answer["asked"]?.arrayValue ?? []
        var lines = mended.map { entry in
            let from = entry["from"]?.stringValue ?? ""
            return Wording.pick(
                "mended: \(place(entry)), from \(from)",
                "已修复：\(place(entry))，来自\(from)"
            )
        }
        lines += remaining.map { entry in
            Wording.pick("STILL DAMAGED: \(place(entry))", "仍有损坏：\(place(entry))")
        }
        for source in asked {
            guard let error = source["error"]?.stringValue else { continue }
            lines.append("  \(source["name"]?.stringValue ?? ""): \(error)")
        }
        if answer["reindexed"]?.boolValue == true {
            lines.append(Wording.pick("indexes: made anew", "索引：已重建"))
        }
        guard answer["sound"]?.boolValue == true else {
            // What is still damaged was named above, and makes problems of its own.
            let problems = remaining.isEmpty ? answer["problems"]?.arrayValue ?? [] : []
            lines += problems.prefix(20).compactMap(\.stringValue).map { "! " + $0 }
            return lines + [advice(remaining.isEmpty, asked.isEmpty)]
        }
        let isUntouched = mended.isEmpty && answer["reindexed"]?.boolValue != true
        return lines + [
            isUntouched
                ? Wording.pick("sound: nothing to repair", "完好，无需修复")
                : Wording.pick("sound: everything is as it was signed", "完好：全部内容与签名一致")
        ]
    }

    private static func advice(_ isLogWhole: Bool, _ isNobodyAsked: Bool) -> String {
        if isLogWhole {
            return Wording.pick(
                "NOT SOUND: restore a backup (reportctl restore FOLDER --store NEWDIR "
                    + "--key OLDSTORE/node.key); the rest comes from the peers",
                "仍不完好：请从备份恢复（reportctl restore FOLDER --store NEWDIR --key OLDSTORE/node.key），"
                    + "其余由对端补齐"
            )
        }
        if isNobodyAsked {
            return Wording.pick(
                "NOT SOUND: nobody was asked; start the node, or name a backup with --from",
                "仍不完好：没有可用的来源，请启动节点，或用 --from 指定备份"
            )
        }
        return Wording.pick(
            "NOT SOUND: nobody who was asked has it; name a backup or another copy with --from",
            "仍不完好：所问各方都没有，请用 --from 指定备份或其他副本"
        )
    }

    /// `2023/湛江市/…@2 (record)`.
    private static func place(_ entry: JSONValue) -> String {
        let parts = (entry["parts"]?.arrayValue ?? []).compactMap(\.stringValue)
            .joined(separator: ", ")
        let version = entry["version"]?.integerValue.map { "@\($0)" } ?? ""
        let log = (entry["log"]?.stringValue ?? "").prefix(8)
        let name =
            entry["key"]?.stringValue.map { $0 + version }
            ?? Wording.pick(
                "log \(log) entry \(entry["sequence"]?.integerValue ?? 0)",
                "日志 \(log) 第 \(entry["sequence"]?.integerValue ?? 0) 条"
            )
        return "\(name) (\(parts))"
    }
}

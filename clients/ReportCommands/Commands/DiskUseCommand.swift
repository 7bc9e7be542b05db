import ArgumentParser
import ReportClient
import ReportModel

struct DiskUseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "du",
        abstract: "Show what a store takes on the disk: live, old and free."
    )

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let service = try await service.open()
        let use = try await service.answer(.diskUse(EmptyQuery()))
        await service.close()
        if format == .json { return Output.line(use.canonicalText) }
        DiskUseText.lines(use).forEach(Output.line)
    }
}

/// What a store takes, as people read it.
enum DiskUseText {
    static func lines(_ use: JSONValue) -> [String] {
        func bytes(_ value: JSONValue?) -> String {
            value?.integerValue.map { ByteText.text($0) } ?? "-"
        }
        var bodies = TextTable([
            Wording.pick("bodies", "正文"), Wording.pick("live", "现行"), Wording.pick("bytes", "字节"),
            Wording.pick("old", "旧版"), Wording.pick("bytes", "字节"),
        ])
        for row in use["bodies"]?.arrayValue ?? [] {
            func number(_ value: JSONValue?) -> String {
                value?.integerValue.map { String($0) } ?? "-"
            }
            bodies.append([
                kind(row["kind"]?.stringValue ?? ""), number(row["live"]?["count"]),
                bytes(row["live"]?["bytes"]), number(row["old"]?["count"]),
                bytes(row["old"]?["bytes"]),
            ])
        }
        var tables = TextTable([
            Wording.pick("table", "表"), Wording.pick("rows", "行"), Wording.pick("bytes", "字节"),
            Wording.pick("can be rebuilt", "可重建"),
        ])
        for row in use["tables"]?.arrayValue ?? [] {
            tables.append([
                row["table"]?.stringValue ?? "",
                row["rows"]?.integerValue.map { String($0) } ?? "-",
                bytes(row["bytes"]),
                row["derived"]?.boolValue == true ? Wording.pick("yes", "是") : "",
            ])
        }
        var whole = TextTable([Wording.pick("file", "文件"), Wording.pick("bytes", "字节")])
        whole.append([Wording.pick("pages in use", "在用页"), bytes(use["file"]?["used"])])
        whole.append([Wording.pick("free pages", "空闲页"), bytes(use["file"]?["free"])])
        whole.append([Wording.pick("data file", "数据文件"), bytes(use["file"]?["bytes"])])
        for (name, value) in (use["others"]?.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
            whole.append([name, bytes(value)])
        }
        whole.append([
            Wording.pick("free on the disk", "磁盘剩余"), bytes(use["fileSystem"]?["free"]),
        ])
        return bodies.lines(width: nil) + [""] + tables.lines(width: nil) + [""]
            + whole.lines(width: nil)
    }

    private static func kind(_ name: String) -> String {
        guard Wording.isChinese else { return name }
        return ["record": "记录", "people": "人员", "source": "原文件", "detail": "意见"][name] ?? name
    }
}

/// Numbers of bytes for people.
package enum ByteText {
    /// A number with its unit, as `12.3 MiB`.
    package static func text(_ count: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var tenths = count.multipliedReportingOverflow(by: 10)
        if tenths.overflow { tenths.partialValue = .max }
        var value = tenths.partialValue
        var unit = 0
        while value >= 10_240, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(value / 10).\(value % 10) \(units[unit])"
    }
}

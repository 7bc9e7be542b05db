import ArgumentParser
import ReportClient
import ReportModel

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Tell every entry as it arrives, until interrupted.",
        discussion: "reportctl watch 2023/湛江市 --from 0 -o jsonl"
    )

    @Argument(help: "Only entries about these records.")
    var lookup: String?

    @OptionGroup var service: ServiceOptions

    @Option(
        help: ArgumentHelp(
            "Continue after this position; 0: from the beginning.",
            valueName: "position"
        )
    )
    var from: UInt64?

    @Option(help: "End after this many entries.")
    var count: Int?

    @Option(name: [.short, .customLong("output")], help: "text or jsonl.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl])
        let service = try await service.open()
        let counter = WatchCounter(limit: count)
        try await service.watch(lookup, from: from) { item in
            if format == .text {
                Output.line(Self.line(item))
            } else {
                Output.line(item.canonicalText)
            }
            Output.flush()
            return counter.countOne()
        }
        await service.close()
    }

    private static func line(_ item: JSONValue) -> String {
        let position = item["position"]?.integerValue.map { String($0) } ?? ""
        let time = LocalTime.zoned(item["recordedAt"]?.stringValue ?? "")
        let kind = item["kind"]?.stringValue ?? ""
        let key = item["key"]?.stringValue ?? ""
        let id = item["id"]?.stringValue ?? ""
        let node = item["node"]?.stringValue ?? ""
        let findings = RecordTable.findings(item["findings"])
        return "\(position)  \(time)  \(kind)  \(key)@\(id)  \(node)  \(findings)"
    }
}

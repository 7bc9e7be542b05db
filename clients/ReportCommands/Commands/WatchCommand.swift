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
        let time = LocalTime.zonedStamp(item["recordedAt"]?.stringValue ?? "")
        let kind = EntryWords.kind(item["kind"]?.stringValue ?? "")
        let isVersion = item["number"]?.integerValue != 0
        let id = item["id"]?.stringValue ?? ""
        let about = isVersion ? id : EntryWords.about(item) ?? id
        let key = (item["key"]?.stringValue ?? "") + (about.hasPrefix("@") ? "" : "@") + about
        let said =
            isVersion
            ? [RecordTable.findings(item["findings"])]
            : [EntryWords.author(item["detail"]), EntryWords.status(item), EntryWords.saying(item)]
        let words = said.compactMap { $0 }.filter { !$0.isEmpty }
        return ([position, time, kind, key, item["node"]?.stringValue ?? ""] + words)
            .map { String($0.map { $0.isNewline ? " " : $0 }) }.joined(separator: "  ")
    }
}

import ArgumentParser
import ReportClient
import ReportModel

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show every version of a record."
    )

    @Argument(help: "A lookup that names one key.")
    var lookup: String

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, table, json or jsonl.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .table, .json, .jsonl])
        let service = try await service.open()
        let history = try await service.history(lookup)
        await service.close()
        let items = history.arrayValue ?? []
        switch format {
        case .json: Output.line(history.canonicalText)
        case .jsonl: items.forEach { Output.line($0.canonicalText) }
        default:
            Output.line(items.first?["key"]?.stringValue ?? lookup)
            RecordTable.history(items, width: Output.terminalWidth()).forEach(Output.line)
        }
    }
}

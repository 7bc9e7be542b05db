import ArgumentParser
import ReportClient
import ReportModel

struct RetractSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retract",
        abstract: "Take back a version that the unit filed; its bytes stay.",
        discussion: "reportctl retract 2023/麻章区/总工会 --reason '数据有误，另行上报' --store DIR"
    )

    @Argument(help: "A lookup that names one key; without @N the current version.")
    var lookup: String

    @Option(help: "Why.")
    var reason: String

    @OptionGroup var service: ServiceOptions
    @OptionGroup var workflow: WorkflowOptions

    func run() async throws {
        let format = try workflow.output.require([.text, .json])
        let command = try RetractCommand(
            try Lookup(argument: lookup),
            reason: reason,
            by: workflow.author
        )
        let service = try await service.administer()
        let item = try await service.perform(.retract(command))
        await service.close()
        guard format == .text else { return Output.line(item.canonicalText) }
        let name = ItemReport.name(of: item)
        Output.line(Wording.pick("taken back: \(name)", "已撤回：\(name)"))
    }
}

struct RekeySubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rekey",
        abstract: "Move a version that was filed under the wrong key.",
        discussion: """
            reportctl rekey 2023/麻章区/总工会 2023/湛江市/麻章区/财政局/整体支出 \\
                --reason '单位识别有误' --store DIR
            """
    )

    @Argument(help: "A lookup that names one key; without @N the current version.")
    var lookup: String

    @Argument(help: "The whole key where it belongs.")
    var key: String

    @Option(help: "Why.")
    var reason: String

    @OptionGroup var service: ServiceOptions
    @OptionGroup var workflow: WorkflowOptions

    func run() async throws {
        let format = try workflow.output.require([.text, .json])
        let command = try RekeyCommand(
            try Lookup(argument: lookup),
            to: try ReportKey(argument: key),
            reason: reason,
            by: workflow.author
        )
        let service = try await service.administer()
        let answer = try await service.perform(.rekey(command))
        await service.close()
        guard format == .text else { return Output.line(answer.canonicalText) }
        let from = ItemReport.name(of: answer["from"] ?? .null)
        let to = ItemReport.name(of: answer["to"] ?? .null)
        Output.line(Wording.pick("moved \(from) to \(to)", "已改报：\(from) → \(to)"))
    }
}

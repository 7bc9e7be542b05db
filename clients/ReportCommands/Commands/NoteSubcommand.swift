import ArgumentParser
import ReportClient
import ReportIntake
import ReportModel

struct NoteSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Explain a finding of a record; the explanation holds for later versions too.",
        discussion: """
            reportctl note 2023/麻章区 WEIGHT-SUM '加分项目不计入总分' --by 财务科 --store DIR

            A finding is named by its rule, or by its fingerprint when the rule found
            several things; reportctl check KEY shows both. Notes are taken where the
            store is: a node takes them at the socket in the folder of its store.
            """
    )

    @Argument(help: "A lookup that names one key.")
    var lookup: String

    @Argument(help: "Rule or fingerprint of the finding.")
    var finding: String

    @Argument(help: "The explanation.")
    var text: String?

    @Option(name: .customLong("by"), help: "Who says so; the login name when nothing is said.")
    var author: String?

    @Flag(help: "Take back what was said about this finding.")
    var withdraw = false

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        guard withdraw == (text == nil) else {
            throw ReportError(
                .usage,
                withdraw ? "--withdraw takes no explanation" : "the explanation is missing"
            )
        }
        let service = try await service.administer()
        let workers = try LocalWorkers.pool()
        let found = try await StoredFindings.load(lookup, from: service, workers: workers)
        await workers.stop()
        let note = try Note(
            fingerprint: try found.fingerprint(of: finding),
            text: text ?? "",
            author: author ?? WorkflowOptions.login
        )
        let command = NoteCommand(try Lookup(argument: lookup), note)
        let item = try await service.perform(.note(command))
        await service.close()
        guard format == .text else { return Output.line(item.canonicalText) }
        Output.line(
            withdraw
                ? Wording.pick("withdrawn for \(found.key)", "已撤回说明：\(found.key)")
                : Wording.pick("noted for \(found.key)", "已记下说明：\(found.key)")
        )
    }
}

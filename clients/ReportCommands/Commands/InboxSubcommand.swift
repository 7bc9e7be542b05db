import ArgumentParser
import ReportClient
import ReportIntake
import ReportModel
import ReportStore

struct InboxSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "Show what became of each file that was dropped in an inbox.",
        discussion: """
            reportctl inbox 自评
            reportctl inbox '*.docx' --since 2024-05-01 --outcome rejected
            reportctl inbox --store DIR -o json

            The outcome folders are read on this machine: the node may run or be
            stopped. Their places come from --folder, from the store, or from the
            running node, which also tells which files wait.

            Outcomes: accepted, duplicate, rejected, pending (a form waits to be
            filled in) and waiting (no outcome yet).
            """
    )

    @Argument(
        help: ArgumentHelp("A part of a file name, or a pattern with * and ?.", valueName: "name")
    )
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Only outcomes since this time; a date is its beginning at +08:00.",
            valueName: "time"
        )
    )
    var since: String?

    @Option(help: "Only this outcome.")
    var outcome: String?

    @Option(help: ArgumentHelp("An inbox on this disk; may be repeated.", valueName: "dir"))
    var folder: [String] = []

    @Option(help: "Most files; the newest are shown.")
    var limit = 1000

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, json, jsonl or csv.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl, .csv])
        let question = try InboxQuestion(
            name: name,
            since: since,
            outcome: outcome,
            limit: limit
        )
        let places = try await places()
        let answer = try question.answer(places)
        for problem in answer.problems { Output.error("reportctl: \(problem)") }
        // Alone on standard output, where programs look for it.
        if answer.rows.isEmpty, let name { throw Self.nothing(like: name) }
        switch format {
        case .json: Output.line(answer.json.canonicalText)
        case .jsonl: for row in answer.rows { Output.line(row.json.canonicalText) }
        case .csv:
            CSVText.lines(answer.rows.map(\.json), columns: InboxRow.columns)
                .forEach(Output.line)
        default: InboxText.lines(answer, width: Output.terminalWidth()).forEach(Output.line)
        }
        if answer.more > 0, format != .json {
            Output.error(
                Wording.pick(
                    "\(answer.more) older files are not shown",
                    "另有较早的 \(answer.more) 个文件未列出"
                )
            )
        }
    }

    private static func nothing(like name: String) -> ReportError {
        ReportError(
            .notFound,
            Wording.pick(
                "no file like '\(SafeText.clean(name, limit: 200))' has an outcome here",
                "没有找到名称含“\(SafeText.clean(name, limit: 200))”的文件"
            ),
            hint: Wording.pick(
                "receipts that were moved or removed are not seen; reportctl list shows what is stored",
                "移走或删去的文件查不到；已存入的报告用 reportctl list 查"
            )
        )
    }

    /// Where the inboxes are, and which files wait.
    private func places() async throws(ReportError) -> [InboxPlace] {
        if !folder.isEmpty { return folder.map { InboxPlace(path: $0) } }
        let paths: [InboxPlace]
        if let directory = try? service.storeDirectory() {
            // The node that writes the store knows what waits; a stopped one left its list.
            let socket = NodeService.socketPrefix + directory + "/" + Store.socketName
            if let node = try? await NodeService.connect(to: socket),
                let found = try? await Self.places(of: node)
            {
                paths = found
            } else {
                let store = try service.openStore()
                defer { store.close() }
                let note = try store.journalValue(InboxList.journalKey)
                paths = InboxList.paths(note).map { InboxPlace(path: $0) }
            }
        } else {
            paths = try await Self.places(of: try await service.open())
        }
        guard !paths.isEmpty else {
            throw ReportError(
                .notFound,
                Wording.pick("this node has no inbox", "该节点没有配置收件文件夹"),
                hint: Wording.pick("name one with --folder DIR", "可用 --folder 指定收件文件夹")
            )
        }
        return paths
    }
}

extension InboxSubcommand {
    /// Asks a running node, and closes the connection.
    private static func places(
        of node: any ReportService
    ) async throws(ReportError) -> [InboxPlace] {
        let status: JSONValue
        do throws(ReportError) {
            status = try await node.status()
        } catch {
            await node.close()
            throw error
        }
        await node.close()
        return (status["inboxes"]?.arrayValue ?? []).compactMap { InboxPlace(status: $0) }
    }
}

/// An inbox, and the files in it that have no outcome.
struct InboxPlace {
    var path: String
    var waiting: [JSONValue] = []
    /// Files that wait, too, and that a node's status did not list.
    var more = 0

    init(path: String) { self.path = path }

    /// Reads one of `inboxes` of a node's status.
    init?(status: JSONValue) {
        guard let path = status["path"]?.stringValue else { return nil }
        self.path = path
        waiting = status["waiting"]?.arrayValue ?? []
        more = status["more"]?.integerValue.map { Int(clamping: $0) } ?? 0
    }
}

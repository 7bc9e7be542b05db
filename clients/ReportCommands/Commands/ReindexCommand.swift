import ArgumentParser
import ReportClient
import ReportModel
import ReportStore

struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex",
        abstract: "Make every index of a store anew from its log.",
        discussion: """
            The node that writes the store must be stopped first; with --search-only it
            may run on. Killed in the middle, the work goes on at the next opening.
            """
    )

    @Option(help: ArgumentHelp("The store; else REPORTCTL_STORE.", valueName: "dir"))
    var store: String?

    @Flag(help: "Only the index of the search.")
    var searchOnly = false

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let store = try open()
        defer { store.close() }
        if !searchOnly {
            try await ProgressLine.run(Wording.pick("tables", "索引表")) { show in
                try await store.reindex(progress: show)
            }
        }
        try await ProgressLine.run(Wording.pick("search", "全文索引")) { show in
            try await SearchIndexer(store, texts: LocalWorkers.texts()).rebuild {
                show(Int(clamping: $0), Int(clamping: $1))
            }
        }
        let position = try store.searchPosition()
        if format == .json {
            let answer: JSONValue = [
                "tables": .bool(!searchOnly),
                "indexedUpTo": .integer(Int(clamping: position.indexedUpTo)),
                "position": .integer(Int(clamping: position.position)),
            ]
            return Output.line(answer.canonicalText)
        }
        Output.line(
            Wording.pick(
                "made anew up to position \(position.indexedUpTo)",
                "已重建至第 \(position.indexedUpTo) 条"
            )
        )
    }

    private func open() throws(ReportError) -> Store {
        let directory = try StoreFolder.required(store, otherwise: ReportServices.usualStore())
        guard !searchOnly else { return try Store.openReadOnly(directory: directory) }
        do throws(ReportError) {
            return try Store.open(directory: directory, options: Store.Options(creates: false))
        } catch {
            guard error.details["holder"] != nil else { throw error }
            var error = error
            error.hint = Wording.pick(
                "stop the node first (systemctl stop reportd); --search-only works beside it",
                "请先停止节点（systemctl stop reportd）；--search-only 可在节点运行时使用"
            )
            throw error
        }
    }
}

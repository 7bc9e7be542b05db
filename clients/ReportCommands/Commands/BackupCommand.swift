import ArgumentParser
import Glibc
import ReportClient
import ReportModel

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a store to a file or folder; list scheduled backups.",
        subcommands: [BackupMakeCommand.self, BackupListCommand.self],
        defaultSubcommand: BackupMakeCommand.self
    )
}

struct BackupMakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Copy a store to a file or folder; it may be written meanwhile.",
        discussion: """
            The backup is one file, or a folder when DEST ends in a slash. Nothing is
            overwritten. The node's key is left out: keep a copy of node.key apart, or
            give --with-key. The word make may be left out.
            """
    )

    @Option(help: ArgumentHelp("The store; else REPORTCTL_STORE.", valueName: "dir"))
    var store: String?

    @Argument(
        help: ArgumentHelp("The file, or the folder with a slash at its end.", valueName: "dest")
    )
    var destination: String

    @Option(
        help: ArgumentHelp(
            "Only what came after: a position, or an older backup.",
            valueName: "position|backup"
        )
    )
    var since: String?

    @Flag(help: "Put the node's secret key into the backup: keep it as safe as the node.")
    var withKey = false

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let directory = try StoreFolder.required(store, otherwise: ReportServices.usualStore())
        let line = ProgressLine(isShown: format == .text)
        let manifest = try StoreCare.backup(
            directory: directory,
            to: destination,
            since: since,
            includesKey: withKey
        ) { line.show($0, of: $1) }
        line.end()
        if format == .json { return Output.line(manifest.canonicalText) }
        let entries = (manifest["logs"]?.arrayValue ?? [])
            .reduce(0) { $0 + ($1["sequence"]?.integerValue ?? 0) }
        let bytes = ByteText.text(manifest["bytes"]?.integerValue ?? 0)
        let position = manifest["arrival"]?.integerValue ?? 0
        Output.line(
            Wording.pick(
                "\(destination): \(bytes), up to \(entries) entries, position \(position)",
                "\(destination)：\(bytes)，至第 \(entries) 条日志，位置 \(position)"
            )
        )
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a store out of a backup and its increments.",
        discussion: """
            The folder of scheduled backups may be named instead of a backup: then the
            newest state in it is restored. The store begins a new log under the same key:
            that of the backup, or of --key FILE, mostly node.key of the old store. Without
            either nothing is restored unless --new-key is given. What the old log had
            after the backup comes from the node's upstreams as soon as it runs; nothing
            is filed before one of them was asked.
            """
    )

    @Option(help: ArgumentHelp("The new store: absent or empty.", valueName: "dir"))
    var store: String?

    @Argument(help: "The full backup, then increments in the order in which they were made.")
    var backups: [String]

    @Option(help: ArgumentHelp("The node's key, when the backup has none.", valueName: "file"))
    var key: String?

    @Flag(help: "Make a new key, as another node, which the one above must enrol: when it is lost.")
    var newKey = false

    @Option(help: "The name of the node; as before when it is not given.")
    var name: String?

    @Flag(help: "Take reports at once, without asking upstreams for the rest of the old log.")
    var standalone = false

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let directory = try StoreFolder.required(store)
        guard let backup = backups.first else { throw ReportError(.usage, "name a backup") }
        let line = ProgressLine(isShown: format == .text)
        let outcome = try await StoreCare.restore(
            backup,
            increments: Array(backups.dropFirst()),
            directory: directory,
            keyFile: key,
            makesKey: newKey,
            name: name,
            isStandalone: standalone
        ) { stage, done, total in line.show(done, of: total, stage: stage) }
        line.end()
        if format == .json { return Output.line(outcome.canonicalText) }
        func text(_ name: String) -> String { outcome[name]?.stringValue ?? "" }
        Output.line(
            Wording.pick(
                "\(directory): restored and sound; it goes on in log \(text("ownLog"))",
                "\(directory)：已恢复，核对完好；今后写入新日志 \(text("ownLog"))"
            )
        )
        Output.line(
            Wording.pick(
                "The rest of log \(text("formerLog")) comes from the peers of node \(text("node")).",
                "旧日志 \(text("formerLog")) 的其余部分由节点 \(text("node")) 的对端补齐。"
            )
        )
        guard text("node") != text("formerNode") else { return }
        Output.line(
            Wording.pick(
                "It is another node than the one backed up, \(text("formerNode")): the one above must enrol it.",
                "它不再是备份时的节点 \(text("formerNode"))，须由上级节点重新登记。"
            )
        )
    }
}

/// The folder that `backup` and `restore` work on.
enum StoreFolder {
    /// The folder that is given, or that the environment names.
    /// - Parameters:
    ///   - given: what a flag says.
    ///   - usual: the folder when neither says one.
    /// - Returns: the folder.
    /// - Throws: ``ReportError`` `usage` when nothing says one.
    static func required(
        _ given: String?,
        otherwise usual: String? = nil
    ) throws(ReportError) -> String {
        if let given { return given }
        if let value = getenv("REPORTCTL_STORE"), value.pointee != 0 {
            return String(cString: value)
        }
        if let usual { return usual }
        throw ReportError(
            .usage,
            "name the folder of the store with --store",
            hint: "this works on the machine where the store lies, also while its node runs"
        )
    }
}

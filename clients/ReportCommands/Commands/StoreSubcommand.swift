import ArgumentParser
import Glibc
import ReportModel
import ReportPostgres
import ReportStore

struct StoreSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Make, copy and check stores in a database that several nodes share.",
        discussion: """
            One machine needs none of this: docs/scale-out.md says when a database is
            worth its trouble. A database is named as postgresql://user@host/name; keep
            its password in ~/.pgpass.
            """,
        subcommands: [
            StoreInitCommand.self, StoreCopyCommand.self, StoreCheckCommand.self,
        ]
    )
}

struct StoreInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the tables of a store in an empty database, or bring old ones up to date."
    )

    @Argument(help: ArgumentHelp("The database.", valueName: "url"))
    var database: String

    @Flag(help: "Let Citus spread the tables over its machines; only for new tables.")
    var citus = false

    func run() async throws {
        let address = try DatabaseArgument.required(database)
        let isNew = try await StoreCopy.prepare(address, isSpread: citus)
        let shown = address.shown
        Output.line(
            isNew
                ? Wording.pick("\(shown): tables made", "\(shown)：已建表")
                : Wording.pick("\(shown): tables are there already", "\(shown)：表已存在")
        )
    }
}

struct StoreCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy a store from this disk into a database, or out of one onto this disk.",
        discussion: """
            reportctl store copy /var/lib/reportd/store postgresql://reportd@db1/reportd

            What is there already is passed over: a copy that was broken off goes on when
            the command is given again. At the end every chain and signature is checked on
            the other side. The node may go on running meanwhile; a second call takes what
            came after the first.
            """
    )

    @Argument(help: ArgumentHelp("A folder or a database.", valueName: "from"))
    var source: String

    @Argument(help: ArgumentHelp("A database, or a folder.", valueName: "to"))
    var target: String

    @Option(help: "The name of the node, when a folder is made.")
    var name = "copy"

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let line = ProgressLine(
            Wording.pick("copying entries", "正在复制日志"),
            isForced: true,
            isShown: format == .text
        )
        let outcome = try await copy { done, total in
            line.show(Int(clamping: done), of: Int(clamping: total))
        }
        line.end()
        if format == .json { return Output.line(outcome.json.canonicalText) }
        Output.line(
            Wording.pick(
                "\(outcome.entryCount) entries copied, \(outcome.logCount) logs, "
                    + "\(outcome.checkedCount) entries checked: all as their owners signed them",
                "已复制 \(outcome.entryCount) 条，共 \(outcome.logCount) 个日志；"
                    + "已核对 \(outcome.checkedCount) 条，均与签名一致"
            )
        )
    }

    private func copy(
        progress: @Sendable (UInt64, UInt64) -> Void
    ) async throws(ReportError) -> StoreCopy.Outcome {
        switch (PostgresAddress(source), PostgresAddress(target)) {
        case (nil, let address?):
            let store = try Store.openReadOnly(directory: source)
            defer { store.close() }
            _ = try await StoreCopy.prepare(address)
            return try await StoreCopy.copy(from: store, to: address, progress: progress)
        case (let address?, nil):
            let store = try Store.open(
                directory: target,
                options: Store.Options(nodeName: name)
            )
            defer { store.close() }
            return try await StoreCopy.copy(from: address, to: store, progress: progress)
        default:
            throw ReportError(
                .usage,
                "one of the two is a folder, the other a database",
                hint: "reportctl store copy /var/lib/reportd/store postgresql://reportd@db1/reportd"
            )
        }
    }
}

struct StoreCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check every entry in a database: hashes, chains, trees and signatures."
    )

    @Argument(help: ArgumentHelp("The database.", valueName: "url"))
    var database: String

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let count = try await StoreCopy.check(try DatabaseArgument.required(database))
        if format == .json {
            let answer: JSONValue = ["checked": .integer(Int(clamping: count))]
            return Output.line(answer.canonicalText)
        }
        Output.line(
            Wording.pick(
                "\(count) entries checked: all as their owners signed them",
                "已核对 \(count) 条，均与签名一致"
            )
        )
    }
}

/// An argument that names a database.
enum DatabaseArgument {
    /// - Throws: ``ReportError`` `usage` for anything else.
    static func required(_ text: String) throws(ReportError) -> PostgresAddress {
        guard let address = PostgresAddress(text) else {
            throw ReportError(
                .usage,
                "this names no database",
                hint: "postgresql://user@host/name; several hosts: postgresql://user@db1,db2/name"
            )
        }
        return address
    }
}

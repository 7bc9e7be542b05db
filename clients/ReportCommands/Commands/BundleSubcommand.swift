import ArgumentParser
import Glibc
import ReportClient
package import ReportModel
import ReportStore

struct BundleSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Replicate by files on a stick, for offices that are not connected.",
        subcommands: [BundleExportCommand.self, BundleImportCommand.self]
    )
}

struct BundleExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write entries for another node to a signed file; the node may be running.",
        discussion: """
            reportctl bundle export --for KEY 麻章区.bundle --store DIR

            It takes what the node with that key has not signed for yet, and the records that
            the key is granted here; of other regions the headers go. Its
            acknowledgements come back with the file that bundle import writes there.
            """
    )

    @Argument(help: "The file; must not be there.")
    var file: String

    @OptionGroup var service: ServiceOptions

    @Option(help: ArgumentHelp("Only what came after a position of status.", valueName: "position"))
    var since: UInt64?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("The node's key: only it takes the bundle.", valueName: "key")
    )
    var recipient: String?

    @Option(
        help: ArgumentHelp(
            "Only this log, after an entry when that is given; may be repeated.",
            valueName: "log[=sequence]"
        )
    )
    var log: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only records of these regions, all within the recipient's grant; of others the headers.",
            valueName: "region,…"
        )
    )
    var regions: String?

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let recipient = try recipient.map { text throws(ReportError) in
            try NodeKeyArgument.read(text)
        }
        if since != nil, recipient != nil {
            throw ReportError(.usage, "--since and --for are two ways to say where it begins")
        }
        let start: BundleRequest.Start =
            if let since { .arrival(since) } else if recipient != nil { .acknowledged } else {
                .beginning
            }
        let logs = try log.map { text throws(ReportError) in try Self.log(text) }
        let asked = regions?.split(separator: ",").map { String($0) }
        let store = try service.openStore()
        defer { store.close() }
        let readable =
            if let recipient { try store.bundleRegions(for: recipient, asked: asked) } else {
                asked ?? ["*"]
            }
        let request = BundleRequest(
            start: start,
            recipient: recipient,
            logs: logs,
            regions: readable
        )
        let line = ProgressLine(isShown: format == .text)
        let told = try await store.exportBundle(to: file, request) { line.show($0, of: $1) }
        line.end()
        guard format == .text else { return Output.line(told.canonicalText) }
        let entries = told["entries"]?.integerValue ?? 0
        let bytes = ByteText.text(told["bytes"]?.integerValue ?? 0)
        Output.line(
            Wording.pick(
                "\(file): \(entries) entries, \(bytes)",
                "\(file)：\(entries) 条，\(bytes)"
            )
        )
        Output.line(Self.words(readable))
        LeftOutLogs.tell(told)
    }

    /// Which records went with it.
    private static func words(_ regions: [String]) -> String {
        guard !regions.contains("*") else {
            return Wording.pick("with the records of every region", "含所有地区的登记内容")
        }
        return Wording.pick(
            "with the records of \(regions.joined(separator: ", ")); of other regions headers only",
            "仅含以下地区的登记内容：\(regions.joined(separator: "、"))；其他地区只有条目头"
        )
    }

    private static func log(_ text: String) throws(ReportError) -> (name: String, after: UInt64?) {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard let name = parts.first, name.allSatisfy(\.isHexDigit) else {
            throw ReportError(.usage, "'\(text)' names no log", hint: "write LOG or LOG=SEQUENCE")
        }
        guard parts.count == 2 else { return (String(name), nil) }
        guard let after = UInt64(parts[1]) else {
            throw ReportError(.usage, "'\(parts[1])' is no sequence")
        }
        return (String(name), after)
    }
}

struct BundleImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take a bundle, and write the acknowledgement that goes back.",
        discussion: """
            The checks are those of the network. A running node goes by the grants in its
            configuration; without one, --from says whose bundle is taken and for which
            regions. The sender imports the acknowledgement as well.
            """
    )

    @Argument(help: "The bundle.")
    var file: String

    @OptionGroup var service: ServiceOptions

    @Option(
        help: ArgumentHelp(
            "A sender's key and the regions that it may bring, without a running node.",
            valueName: "key=region,…"
        )
    )
    var from: [String] = []

    @Option(
        help: ArgumentHelp("The acknowledgement; FILE.ack when not given.", valueName: "file")
    )
    var ack: String?

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let directory = try service.storeDirectory()
        let command = BundleCommand(
            path: try Self.absolute(file),
            senders: try from.map { text throws(ReportError) in try Self.sender(text) }
        )
        let service = try await service.administer()
        var taken: JSONValue
        var answer = JSONValue.object([:])
        do {
            taken = try await service.perform(.bundle(command))
            // A bundle without entries is an answer itself.
            if taken["brought"]?.integerValue != 0 {
                let open = (service as? LocalService)?.store as? Store
                answer = try await acknowledge(taken, open, directory)
            }
            await service.close()
        } catch {
            await service.close()
            throw error
        }
        let written = answer["file"]?.stringValue
        if format == .json {
            var members = taken.objectValue ?? [:]
            members["acknowledgement"] = .optional(written)
            members["leftOut"] = answer["leftOut"] ?? []
            taken = .object(members)
            Output.line(taken.canonicalText)
            return try Self.finish(taken)
        }
        let name = taken["name"]?.stringValue ?? ""
        let entries = taken["entries"]?.integerValue ?? 0
        let signed = taken["acknowledgements"]?.integerValue ?? 0
        Output.line(
            Wording.pick(
                "from \(name): \(entries) entries, \(signed) acknowledgements",
                "来自 \(name)：新增 \(entries) 条，回执 \(signed) 份"
            )
        )
        if let written {
            Output.line(
                Wording.pick(
                    "acknowledgement for the sender: \(written)",
                    "请把回执文件带回给发送方：\(written)"
                )
            )
        }
        LeftOutLogs.tell(answer)
        for row in Self.refused(taken) {
            let log = row["name"]?.stringValue ?? ""
            let message = row["message"]?.stringValue ?? ""
            Output.error(Wording.pick("\(log): not taken: \(message)", "\(log)：未接收：\(message)"))
        }
        try Self.finish(taken)
    }

    /// Logs of the bundle that were not taken.
    private static func refused(_ taken: JSONValue) -> [JSONValue] {
        (taken["logs"]?.arrayValue ?? []).filter { $0["error"]?.stringValue != nil }
    }

    /// Says by the exit code that some logs were not taken.
    private static func finish(_ taken: JSONValue) throws {
        guard refused(taken).isEmpty else { throw ExitCodes.partial }
    }

    /// Writes what the sender imports in turn.
    /// - Returns: what the export told; without a file when there is nothing to acknowledge.
    private func acknowledge(
        _ taken: JSONValue,
        _ open: Store?,
        _ directory: String
    ) async throws -> JSONValue {
        guard let sender = (taken["from"]?.stringValue).flatMap({ NodeID(parsing: $0) }) else {
            return [:]
        }
        let logs = (taken["logs"]?.arrayValue ?? []).compactMap { row in
            row["error"]?.stringValue == nil && row["held"]?.integerValue != 0
                ? row["log"]?.stringValue : nil
        }
        guard !logs.isEmpty else { return [:] }
        let path = ack ?? file + ".ack"
        // The file of a bundle that is taken once more says the same and more.
        if ack == nil { unlink(path) }
        // One process opens a store once.
        let store = try open ?? Store.openReadOnly(directory: directory)
        defer { if open == nil { store.close() } }
        do throws(ReportError) {
            return try await store.exportBundle(
                to: path,
                BundleRequest(
                    start: .beginning,
                    recipient: sender,
                    logs: logs.map { ($0, nil) },
                    hasEntries: false
                )
            )
        } catch {
            // What was taken stays taken: of forked logs alone nothing is acknowledged.
            guard error.code == .forked else { throw error }
            return ["leftOut": error.details["leftOut"] ?? []]
        }
    }

    private static func sender(_ text: String) throws(ReportError) -> BundleCommand.Sender {
        let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else {
            throw ReportError(
                .usage,
                "'\(text)' names no sender",
                hint: "write KEY=REGION,REGION with regions such as 湛江市/麻章区, or *"
            )
        }
        return BundleCommand.Sender(
            try NodeKeyArgument.read(parts[0]),
            regions: parts[1].split(separator: ",").map { String($0) }
        )
    }

    private static func absolute(_ path: String) throws(ReportError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw ReportError(
                .notFound,
                "\(path) cannot be read: \(String(cString: strerror(errno)))"
            )
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// Logs that go into no bundle, and why.
private enum LeftOutLogs {
    /// Names them on standard error.
    /// - Parameter told: what an export told.
    static func tell(_ told: JSONValue) {
        for row in told["leftOut"]?.arrayValue ?? [] {
            let name = row["name"]?.stringValue ?? ""
            let log = (row["log"]?.stringValue ?? "").prefix(8)
            Output.error(
                Wording.pick(
                    "\(name) (log \(log)): left out: it is forked; reportctl peer evidence \(log)",
                    "\(name)（日志 \(log)）：未列入：日志分叉；查看证据：reportctl peer evidence \(log)"
                )
            )
        }
    }
}

/// A node's public key as an argument.
package enum NodeKeyArgument {
    /// Reads it.
    /// - Throws: ``ReportError`` `usage`.
    package static func read(_ text: String) throws(ReportError) -> NodeID {
        guard let node = NodeID(parsing: text) else {
            throw ReportError(
                .usage,
                "'\(text)' is no public key of 64 hexadecimal digits",
                hint: "reportctl status shows a node's key"
            )
        }
        return node
    }
}

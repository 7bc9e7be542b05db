import ArgumentParser
import Glibc
import ReportClient
import ReportModel

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a whole store, or a proof without any store.",
        discussion: """
            Without arguments every hash, signature, chain and index of a store is
            checked, in a process of its own. With a proof (or a receipt that carries one)
            only the proof is checked; files named after it must be files of the report.
            """
    )

    @OptionGroup var service: ServiceOptions

    @Argument(
        help: ArgumentHelp(
            "A proof or a receipt, then files of the report.",
            valueName: "proof> <file"
        )
    )
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "A node that must have signed, as owner of the log or as receiver; may be repeated.",
            valueName: "hex"
        )
    )
    var nodeKey: [String] = []

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        if let proof = files.first { return try verify(proof: proof, format) }
        guard nodeKey.isEmpty else {
            throw ReportError(.usage, "--node-key goes with a proof")
        }
        let line = ProgressLine(isShown: format == .text)
        let report = try await ReportServices.verify(store: service.store, node: service.node) {
            line.show($0, of: $1)
        }
        line.end()
        show(report, format: format)
        if report["sound"]?.boolValue != true {
            throw ExitCode(ReportError.Code.integrity.exitCode)
        }
    }

    private func verify(proof path: String, _ format: OutputFormat) throws {
        let keys = try nodeKey.map { text throws(ReportError) -> NodeID in
            guard let node = NodeID(parsing: text) else {
                throw ReportError(.usage, "'\(text)' is no public key of 64 hexadecimal digits")
            }
            return node
        }
        let bytes = try InputFile.read(path, limit: Proof.maximumByteCount)
        if let json = try? JSONValue(parsing: bytes),
            json["format"]?.stringValue == ForkEvidence.format
        {
            return try verify(evidence: try ForkEvidence(json: json), format)
        }
        let proof = try Proof(fileBytes: bytes)
        var check = ProofCheck(proof, keys: keys)
        for name in files.dropFirst() {
            check.check(file: try InputFile.read(name, limit: 64 << 20), name: name)
        }
        if format == .json {
            Output.line(ProofText.json(check, proof).canonicalText)
        } else {
            ProofText.lines(check).forEach(Output.line)
        }
        if !check.isSound { throw ExitCode(ReportError.Code.integrity.exitCode) }
    }

    private func verify(evidence: ForkEvidence, _ format: OutputFormat) throws {
        if format == .json {
            let answer: JSONValue = [
                "sound": .bool(evidence.isProven),
                "log": .string(evidence.descriptor.id.description),
                "node": .string(evidence.descriptor.node.description),
                "sequence": .integer(Int(clamping: evidence.sequence)),
                "faults": .strings(evidence.faults),
            ]
            Output.line(answer.canonicalText)
        } else {
            EvidenceText.lines(evidence).forEach(Output.line)
        }
        if !evidence.isProven { throw ExitCode(ReportError.Code.integrity.exitCode) }
    }

    private func show(_ report: JSONValue, format: OutputFormat) {
        guard format == .text else { return Output.line(report.canonicalText) }
        func count(_ name: String) -> Int { report[name]?.integerValue ?? 0 }
        let problems = report["problems"]?.arrayValue?.compactMap(\.stringValue) ?? []
        problems.forEach { Output.line("! " + $0) }
        for note in report["notes"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            Output.line("- " + note)
        }
        let verdict =
            problems.isEmpty
            ? Wording.pick("sound", "完好")
            : Wording.pick("\(problems.count) problems", "\(problems.count) 处损坏")
        Output.line(
            Wording.pick(
                "\(verdict): \(count("entries")) entries, \(count("bodies")) bodies, "
                    + "\(count("logs")) logs, \(count("derivedRows")) derived rows checked",
                "\(verdict)：已核对 \(count("entries")) 条日志、\(count("bodies")) 个正文、"
                    + "\(count("logs")) 个日志链、\(count("derivedRows")) 条索引"
            )
        )
    }
}

/// The end of `verify` in a process of its own; not for people.
struct VerifyStoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: StoreCare.verificationWord,
        abstract: "Verify a store for the process that started this one.",
        shouldDisplay: false
    )

    @Argument var directory: String

    func run() throws {
        throw ExitCode(StoreCare.serveVerification(directory: directory, isBackground: false))
    }
}

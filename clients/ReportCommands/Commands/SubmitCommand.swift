import ArgumentParser
import ReportClient
import ReportModel

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Hand in files: parse, check, and store each as a version of its record.",
        discussion: """
            reportctl submit report.txt
            reportctl submit --store DIR report.txt --region 湛江市/麻章区
            """
    )

    @Argument(help: "Files; a folder or a zip is one filing.", completion: .file())
    var file: [String]

    @OptionGroup var service: ServiceOptions
    @OptionGroup var given: GivenOptions

    @Option(
        help: ArgumentHelp(
            "Only when this is the current version; 0: when there is none.",
            valueName: "n"
        )
    )
    var ifVersion: Int?

    @Option(name: [.short, .customLong("output")], help: "text, json or jsonl.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl])
        let facts = try given.facts()
        if let ifVersion, ifVersion < 0 {
            throw ReportError(.usage, "--if-version takes 0 or a version number")
        }
        let service = try await service.open(forWriting: true, readsPictures: given.ocr)
        try await FileRun(files: file, format: format).each { name, bytes throws(ReportError) in
            let outcome = try await service.submit(
                name: name,
                bytes: bytes,
                given: facts,
                ifVersion: ifVersion
            )
            guard format == .text else { return .json(outcome) }
            if let error = outcome["error"], !error.isNull { throw ReportError(json: error) }
            return .lines(Self.lines(outcome))
        }
        await service.close()
    }

    private static func lines(_ outcome: JSONValue) -> [String] {
        let key = outcome["key"]?.stringValue ?? ""
        let id = outcome["version"]?["id"]?.stringValue ?? ""
        let findings = RecordTable.findings(outcome["findings"])
        if let number = outcome["duplicateOf"]?.integerValue {
            return [
                Wording.pick("duplicate of version \(number): \(key)", "与第 \(number) 版相同：\(key)")
            ]
        }
        var lines = [
            Wording.pick("stored \(key) version \(id)", "已存 \(key) 版本 \(id)"),
            Wording.pick("findings: \(findings)", "疑点：\(findings)"),
        ]
        if let total = outcome["files"]?["total"]?.integerValue,
            let read = outcome["files"]?["read"]?.integerValue
        {
            lines.append(
                Wording.pick("files: \(read) of \(total) read", "文件：共 \(total) 个，读取 \(read) 个")
            )
        }
        return lines
    }
}

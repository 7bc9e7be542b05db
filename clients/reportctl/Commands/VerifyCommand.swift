import ArgumentParser
import Glibc
import ReportClient
import ReportModel

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every hash, signature, chain and index of a store."
    )

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let service = try await service.open()
        let showsProgress = format == .text && isatty(STDERR_FILENO) == 1
        let report = try await service.verify { done, total in
            guard showsProgress, total > 0 else { return }
            let percent = done * 100 / total
            let text = "\r\(done) / \(total)  \(percent) %"
            _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        }
        await service.close()
        if showsProgress { Output.error("") }
        show(report, format: format)
        if report["sound"]?.boolValue != true {
            throw ExitCode(ReportError.Code.integrity.exitCode)
        }
    }

    private func show(_ report: JSONValue, format: OutputFormat) {
        guard format == .text else { return Output.line(report.canonicalText) }
        func count(_ name: String) -> Int { report[name]?.integerValue ?? 0 }
        let problems = report["problems"]?.arrayValue?.compactMap(\.stringValue) ?? []
        problems.forEach { Output.line("! " + $0) }
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

import ArgumentParser
import ReportCommands
import ReportDaemon
import ReportModel

/// Looks the node and its machine over; `reportctl doctor` becomes this.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Find the usual faults of a node and its machine, with the command that mends each.",
        discussion: """
            Works while the node runs and while it does not, and changes nothing. As root, or as the node's user, \
            it sees everything. Exit code 0 when nothing must be mended.
            """
    )

    @OptionGroup var file: ConfigurationOption

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        guard [.text, .json].contains(output) else {
            throw ReportError(.usage, "-o \(output.rawValue) makes no sense here; use text or json")
        }
        let found = await Doctor(file: file.config).examine()
        if output == .json {
            let rows = found.map(Self.json)
            Output.line(JSONValue.object(["checks": .array(rows)]).canonicalText)
        } else {
            Self.tell(found)
        }
        let status = Diagnosis.exitCode(of: found)
        if status != 0 { throw ExitCode(status) }
    }

    private static func tell(_ found: [Diagnosis]) {
        let titles = Doctor.titles
        var table = TextTable([
            "", Wording.pick("check", "检查项"), Wording.pick("found", "结果"),
        ])
        for diagnosis in found {
            let title = titles[diagnosis.check] ?? Words(diagnosis.check, diagnosis.check)
            table.append([
                word(diagnosis.level), Wording.pick(title.english, title.chinese),
                Wording.pick(diagnosis.finding.english, diagnosis.finding.chinese),
            ])
        }
        table.lines(width: nil).forEach(Output.line)
        tellCommands(found)
        let faults = found.count { $0.level == .fault }
        Output.line("")
        Output.line(
            faults == 0
                ? Wording.pick("Nothing must be mended.", "没有必须处理的问题。")
                : Wording.pick("\(faults) to be mended.", "\(faults) 项必须处理。")
        )
    }

    /// What mends the faults, each command once, behind what it is for.
    private static func tellCommands(_ found: [Diagnosis]) {
        let titles = Doctor.titles
        var seen: Set<String> = []
        var lines: [String] = []
        for diagnosis in found where diagnosis.level != .ok {
            guard let command = diagnosis.command, seen.insert(command).inserted else { continue }
            let title = titles[diagnosis.check] ?? Words(diagnosis.check, diagnosis.check)
            lines.append("# " + Wording.pick(title.english, title.chinese))
            lines.append("  " + command)
        }
        guard !lines.isEmpty else { return }
        Output.line("")
        Output.line(Wording.pick("What mends it:", "处理方法："))
        lines.forEach(Output.line)
    }

    private static func word(_ level: Diagnosis.Level) -> String {
        switch level {
        case .ok: Wording.pick("ok", "正常")
        case .notice: Wording.pick("note", "注意")
        case .fault: Wording.pick("FAULT", "故障")
        }
    }

    private static func json(_ diagnosis: Diagnosis) -> JSONValue {
        [
            "check": .string(diagnosis.check), "level": .string(diagnosis.level.rawValue),
            "finding": .string(
                Wording.pick(diagnosis.finding.english, diagnosis.finding.chinese)
            ),
            "command": .optional(diagnosis.command),
            "code": diagnosis.level == .fault ? .string(diagnosis.code.rawValue) : .null,
        ]
    }
}

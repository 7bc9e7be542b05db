import ArgumentParser
import ReportCommands
import ReportDaemon
import ReportModel

/// Looks a configuration over.
struct CheckConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract:
            "Tell everything that is wrong in a configuration, with line and what to write instead.",
        discussion:
            "Reads the file and that of the grants, looks whether what they name is there, and touches nothing. "
            + "Exit code 2 when something is wrong."
    )

    @Argument(help: "The configuration.")
    var file: String = NodeConfiguration.usualPath

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        guard [.text, .json].contains(output) else {
            throw ReportError(.usage, "-o \(output.rawValue) makes no sense here; use text or json")
        }
        let (configuration, faults) = try NodeConfiguration.check(file: file)
        if output == .json {
            let rows = faults.map(Self.json)
            Output.line(
                JSONValue.object(["file": .string(file), "faults": .array(rows)]).canonicalText
            )
        } else {
            faults.forEach(Self.tell)
            if faults.isEmpty, let configuration {
                Output.line(
                    Wording.pick("\(file) is in order", "\(file) 没有问题") + ": "
                        + configuration.summary
                )
            } else {
                Output.line(
                    Wording.pick(
                        "\(faults.count) to be changed; man reportd.yaml explains every line",
                        "共 \(faults.count) 处需要修改；各项说明见 man reportd.yaml"
                    )
                )
            }
        }
        if !faults.isEmpty { throw ExitCode(ReportError.Code.usage.exitCode) }
    }

    private static func tell(_ fault: ConfigurationFault) {
        Output.line(
            fault.place + Wording.pick(": ", "：")
                + Wording.pick(fault.message.english, fault.message.chinese)
        )
        if let instead = fault.instead {
            Output.line("    " + Wording.pick(instead.english, instead.chinese))
        }
    }

    private static func json(_ fault: ConfigurationFault) -> JSONValue {
        [
            "file": .string(fault.path), "line": .optional(fault.line),
            "setting": .string(fault.setting),
            "message": .string(Wording.pick(fault.message.english, fault.message.chinese)),
            "instead": .optional(
                fault.instead.map { Wording.pick($0.english, $0.chinese) }
            ),
        ]
    }
}

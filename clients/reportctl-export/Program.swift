import ArgumentParser
import ReportCommands
import ReportIntake
import ReportModel

/// `reportctl-export`: what `reportctl export` becomes.
///
/// A program of its own, because the libraries of workbooks and archives take longer to load than a
/// `reportctl get` takes to answer.
@main
struct Program: ParsableCommand {
    // Arguments, help and complaints are those of `reportctl export`.
    static let configuration = CommandConfiguration(
        commandName: "reportctl",
        version: ProgramVersion.text,
        subcommands: [ExportCommand.self]
    )

    static func main() async {
        await CommandProgram.run(Program.self) {
            var command = try parseAsRoot()
            if let export = command as? ExportCommand {
                try await export.write()
            } else {
                try command.run()
            }
        }
    }

    func run() throws {
        throw ReportError(
            .usage,
            "reportctl-export is run by reportctl; it is no program for people",
            hint: "reportctl export --help"
        )
    }
}

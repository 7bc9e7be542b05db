package import ArgumentParser
import Failpoints
import Glibc
import ReportModel

/// What the programs of this package do with their arguments: parse, run, tell the failure and end.
package enum CommandProgram {
    /// Runs the command that the arguments name; ends the process when it fails.
    /// - Parameters:
    ///   - root: the command that has all others.
    ///   - name: how the program is called in its complaints.
    ///   - plain: reads the words of a question that must be answered at once; nil for other words.
    package static func run(
        _ root: any ParsableCommand.Type,
        name: String = "reportctl",
        plain: ([String]) -> RecordQuestion? = { _ in nil }
    ) async {
        Output.program = name
        await run(root) {
            if let question = plain(Array(CommandLine.arguments.dropFirst())) {
                return try await question.run()
            }
            var command = try directly(root) ?? root.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        }
    }

    /// The command that the first argument names, parsed without the tree of all commands, which
    /// takes longer to make than many a question to answer; nil whenever there is more to say than
    /// its values: the tree then tells help and complaints.
    private static func directly(_ root: any ParsableCommand.Type) -> (any ParsableCommand)? {
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first,
            let named = root.configuration.subcommands.first(where: {
                $0.configuration.commandName == name
            }), named.configuration.subcommands.isEmpty
        else { return nil }
        return try? named.parse(Array(arguments.dropFirst()))
    }

    /// Does what a program is there for; ends the process when that fails.
    /// - Parameters:
    ///   - root: the command that tells help and complaints.
    ///   - body: parses the arguments and does what they say.
    package static func run(
        _ root: any ParsableCommand.Type,
        _ body: () async throws -> Void
    ) async {
        signal(SIGPIPE, SIG_IGN)
        armFailpoint()
        do {
            try await body()
            Output.flush()
        } catch let error as ReportError {
            Output.fail(error, asJSON: OutputFormat.isJSONRequested(in: CommandLine.arguments))
        } catch let status as ExitCode {
            Output.flush()
            Glibc.exit(status.rawValue)
        } catch {
            exitWithUsage(error, root)
        }
    }

    /// Arms what a test asks for; a value that names nothing ends the program.
    private static func armFailpoint() {
        guard let value = getenv(Failpoint.variableName) else { return }
        let text = String(cString: value)
        guard Failpoint.arm(text) else {
            Output.error("\(Failpoint.variableName): there is no \(text)")
            Glibc.exit(ReportError.Code.usage.exitCode)
        }
        Output.error("\(Failpoint.variableName): this process will kill itself at \(text)")
    }

    /// Prints help with status 0, or the parser's complaint with status 2.
    private static func exitWithUsage(_ error: any Error, _ root: any ParsableCommand.Type) -> Never
    {
        if root.exitCode(for: error).isSuccess {
            root.exit(withError: error)
        }
        if OutputFormat.isJSONRequested(in: CommandLine.arguments) {
            Output.fail(ReportError(.usage, root.message(for: error)), asJSON: true)
        }
        Output.error(root.fullMessage(for: error))
        Glibc.exit(ReportError.Code.usage.exitCode)
    }
}

import ArgumentParser
import Glibc
import ReportDaemon
import ReportModel

/// `reportd`: one node, from one configuration file.
@main
struct ReportdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reportd",
        abstract: "Watch inbox folders, keep reports, and send them to the city.",
        discussion: """
            Stops on SIGTERM or SIGINT after finishing what is under way. Logs go to standard error.
            """,
        version: ReportdVersion.text
    )

    @Option(help: ArgumentHelp("The configuration, YAML.", valueName: "file"))
    var config: String

    @Flag(help: "Print the node's public key, making store and key when there are none, and end.")
    var showKey = false

    static func main() async {
        if let status = VerifyWord.serve(CommandLine.arguments) { Glibc.exit(status) }
        signal(SIGPIPE, SIG_IGN)
        do {
            let command = try Self.parse()
            try await command.runNode()
        } catch let error as ReportError {
            complain("reportd: \(error)" + (error.hint.map { "\nhint: \($0)" } ?? ""))
            Glibc.exit(error.code.exitCode)
        } catch {
            if exitCode(for: error).isSuccess { exit(withError: error) }
            complain(fullMessage(for: error))
            Glibc.exit(ReportError.Code.usage.exitCode)
        }
    }

    private func runNode() async throws {
        let daemon = Daemon(try NodeConfiguration(file: config))
        if showKey {
            print(try daemon.nodeKey())
        } else {
            if try await daemon.run() { try Self.startAnew() }
        }
    }

    /// Puts this program anew in the place of the process, with the same arguments.
    private static func startAnew() throws(ReportError) {
        var words = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &words)
        throw ReportError(.internal, "the node cannot start anew: errno \(errno)")
    }

    private static func complain(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

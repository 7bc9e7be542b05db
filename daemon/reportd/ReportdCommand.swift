import ArgumentParser
import Glibc
import ReportCommands
import ReportDaemon
import ReportIntake
import ReportModel

/// `reportd`: one node, from one configuration file.
@main
struct ReportdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reportd",
        abstract: "Watch inbox folders, keep reports, and send them to the city.",
        discussion: """
            Without a command it runs the node: it stops on SIGTERM or SIGINT after finishing what is \
            under way, and reads grants and certificates anew on SIGHUP. Logs go to standard error.

            Exit codes: 0 done, 2 the configuration is wrong, 4 another process writes the store or \
            there is a configuration already, 7 not allowed, 8 the store is damaged, 9 no space. doctor ends \
            with the code of what must be mended (6: the node does not run, 10: it hangs), 11 when that are \
            several kinds.
            """,
        version: ProgramVersion.text,
        subcommands: [
            RunCommand.self, InitCommand.self, CheckConfigCommand.self, DoctorCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )

    static func main() async {
        if let status = VerifyWord.serve(CommandLine.arguments) { Glibc.exit(status) }
        ProcessMemory.bound()
        await CommandProgram.run(Self.self, name: "reportd")
    }
}

/// The file that all commands but one read.
struct ConfigurationOption: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration, YAML.", valueName: "file"))
    var config: String = NodeConfiguration.usualPath
}

/// Runs the node.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the node; what reportd does without a command."
    )

    @OptionGroup var file: ConfigurationOption

    @Flag(help: "Print the node's public key, making store and key when there are none, and end.")
    var showKey = false

    func run() async throws {
        guard showKey else { return try await runNode() }
        let configuration = try NodeConfiguration(file: file.config)
        let account = Ownership.account(configuration)
        let key = try account.acting { () throws(ReportError) in
            try Daemon(configuration).nodeKey()
        }
        Output.line(key.description)
    }

    private func runNode() async throws {
        do throws(ReportError) {
            let configuration = try NodeConfiguration(starting: file.config)
            try Ownership.check(configuration, file: file.config)
            if try await Daemon(configuration).run() { try Self.startAnew() }
        } catch {
            guard Daemon.logEnd(error, of: file.config) else { throw error }
            throw ExitCode(error.code.exitCode)
        }
    }

    /// Puts this program anew in the place of the process, with the same arguments.
    private static func startAnew() throws(ReportError) {
        // Threads of the runtime block most signals, and what is started would never see them.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        var words = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &words)
        throw ReportError(.internal, "the node cannot start anew: errno \(errno)")
    }
}

/// Whose a node's store is; files that root makes in it keep the node itself out.
enum Ownership {
    /// The owner of the store, or of the nearest folder above it; the user of this process when it is root's.
    static func account(_ configuration: NodeConfiguration) -> Account {
        var path = configuration.store
        var status = stat()
        while stat(path, &status) != 0 {
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
                return .current
            }
            path = String(path[..<slash])
        }
        return Account(number: status.st_uid)
    }

    /// Refuses to run as root on the store of another user.
    static func check(_ configuration: NodeConfiguration, file: String) throws(ReportError) {
        let owner = account(configuration)
        guard geteuid() == 0, owner.user != 0 else { return }
        throw ReportError(
            .notAllowed,
            "the store is that of \(owner.name); as root the node would lock it out of its own files",
            hint: file == NodeConfiguration.usualPath
                ? "systemctl start reportd"
                : "runuser -u \(owner.name) -- reportd --config \(file.shellWord)"
        )
    }
}

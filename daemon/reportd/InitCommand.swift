import ArgumentParser
import Glibc
import ReportCommands
import ReportDaemon
import ReportModel

/// Sets up a node.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Set up this node: configuration, key, store and inbox.",
        discussion: """
            Asks for what is missing when it runs in a terminal. Writes nothing over: a configuration that is \
            there already ends it with code 4.

            A county that files to a city:
              reportd init --name 麻章区 --region 湛江市/麻章区
            A city that counties connect to:
              reportd init --name 湛江市 --region 湛江市 --listen 10.20.0.1:7324
            A node alone:
              reportd init --name 麻章区 --region 湛江市/麻章区 --no-upstream
            """
    )

    @OptionGroup var file: ConfigurationOption

    @Option(help: "Name of the node, as histories and receipts show it.")
    var name: String?

    @Option(help: ArgumentHelp("Region that files here.", valueName: "path|code"))
    var region: String?

    @Option(help: ArgumentHelp("Folder of the store.", valueName: "dir"))
    var store = NodeSetup.usualStore

    @Option(help: ArgumentHelp("Folder that is watched.", valueName: "dir"))
    var inbox: String?

    @Flag(help: "Watch no folder.")
    var noInbox = false

    @Option(
        help: ArgumentHelp("Where other offices connect, under TLS.", valueName: "host:port")
    )
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "The node above, which a token enrols this one at later (reportctl pki join).",
            valueName: "host:port"
        )
    )
    var upstream: String?

    @Option(
        help: ArgumentHelp(
            "Key of the node above; needed over loopback and with --listen.",
            valueName: "key"
        )
    )
    var upstreamKey: String?

    @Flag(help: "There is no node above.")
    var noUpstream = false

    @Option(help: ArgumentHelp("User that the node runs as.", valueName: "name"))
    var user: String?

    @Flag(help: "Ask nothing.")
    var noInput = false

    func run() async throws {
        let isAsking = !noInput && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
        guard access(file.config, F_OK) != 0 else {
            throw ReportError(
                .conflict,
                "\(file.config) is there already; nothing was changed",
                hint: "reportd check-config \(file.config) looks it over"
            )
        }
        let questions = Questions(isAsking: isAsking)
        let name = try name ?? questions.name()
        let region = try region ?? questions.region()
        var setup = NodeSetup(name: name, region: region, account: try account())
        setup.file = file.config
        setup.store = store
        setup.inbox = noInbox ? nil : inbox ?? questions.inbox(NodeSetup.usualInbox)
        setup.listen = listen ?? questions.listen(isGiven: self.name != nil)
        setup.upstream = try upstreamNode(questions, takesOthers: setup.listen != nil)
        let outcome = try setup.make()
        NextSteps(setup, outcome).lines.forEach(Output.line)
    }

    private func upstreamNode(
        _ questions: Questions,
        takesOthers: Bool
    ) throws(ReportError) -> NodeSetup.Upstream {
        guard !noUpstream else {
            guard upstream == nil, upstreamKey == nil else {
                throw ReportError(.usage, "--no-upstream goes without --upstream and its key")
            }
            return .absent
        }
        guard let upstream else {
            guard upstreamKey == nil else {
                throw ReportError(.usage, "--upstream-key needs --upstream HOST:PORT")
            }
            return try questions.upstream(isGiven: name != nil, takesOthers: takesOthers)
        }
        return try NodeSetup.upstream(upstream, key: upstreamKey, takesOthers: takesOthers)
    }

    private func account() throws(ReportError) -> Account {
        if let user {
            guard let account = Account(name: user) else {
                throw ReportError(
                    .usage,
                    "there is no user \(user)",
                    hint: "adduser --system --group \(user)"
                )
            }
            guard geteuid() == 0 || account.user == geteuid() else {
                throw ReportError(.notAllowed, "--user needs root", hint: "sudo reportd init …")
            }
            return account
        }
        guard geteuid() == 0 else { return .current }
        return Account(name: Account.usualName) ?? .current
    }
}

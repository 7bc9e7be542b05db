import ArgumentParser
import ReportAuthority
import ReportCommands
import ReportModel

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Print a line with which an office enrols itself, once.",
        discussion: """
            Tell the line to nobody else: who has it first gets the certificate and the grant. The node \
            with this authority (tls.authority in its configuration) must run when it is used.
            """
    )

    @OptionGroup var authority: AuthorityOptions

    @Option(help: ArgumentHelp("Where the node of this authority listens.", valueName: "host:port"))
    var address: String

    @Option(help: "Name of the newcomer, for people.")
    var name: String

    @Option(help: ArgumentHelp("A region of the grant; may be repeated.", valueName: "path|code|*"))
    var region: [String]

    @Flag(help: "For a client, which reads and writes but is no node.")
    var client = false

    @Option(help: "Verbs of the grant; peer for a node, read for a client when nothing is said.")
    var verbs: String?

    @Option(help: "How long the token can be used: 24h, 7d.")
    var valid = "24h"

    @Option(help: "Days of the certificate.")
    var days = AuthorityLimits.certificateDays

    private static let knownVerbs = [
        "read", "submit", "review", "retract", "erase", "import", "peer",
    ]

    func run() throws {
        let authority = try authority.open()
        let words = (verbs ?? (client ? "read" : "peer")).split(separator: ",").map(String.init)
        for word in words where !Self.knownVerbs.contains(word) {
            throw ReportError(
                .usage,
                "'\(word)' is no verb",
                hint: Self.knownVerbs.joined(separator: ", ")
            )
        }
        guard !words.isEmpty, address.contains(":"), !address.contains("/") else {
            throw ReportError(.usage, "--address HOST:PORT and at least one verb are expected")
        }
        try AuthorityLimits.check(name: name, days: days)
        let regions = try RegionPaths.canonical(region)
        let hours = UInt64(try Span.hours(valid))
        let until = Timestamp(milliseconds: Timestamp.now.milliseconds + hours * 3_600_000)
        let token = JoinToken(address: address, authority: authority.fingerprint)
        try authority.keep(
            TokenRecord(
                token,
                name: name,
                kind: client ? .client : .node,
                regions: regions,
                verbs: words,
                validUntil: until,
                days: days
            )
        )
        Output.line(token.description)
        for path in RegionPaths.unknown(regions) {
            Output.error(
                Wording.pick(
                    "\(path) is in no table of divisions: right only if this node's configuration adds it",
                    "行政区划表中没有“\(path)”：仅当本节点配置中已添加该地区时才正确"
                )
            )
        }
        let end = until.zonedOfficeText
        // As it is typed on the newcomer's machine, with the line in the place of the word.
        let join =
            "reportctl pki join " + Wording.pick("'TOKEN'", "'口令'")
            + (client ? " --client --folder ~/.reportd" : "")
        Output.error(
            Wording.pick(
                "for \(name), once, until \(end): \(join)",
                "供 \(name) 使用一次，有效期至 \(end)：\(join)"
            )
        )
    }
}

import ArgumentParser
import ReportCommands
import ReportIntake
import ReportModel

/// `reportctl-pki`: what `reportctl pki` becomes.
///
/// A program of its own, because the library of certificates takes longer to load than a `reportctl get`
/// takes to answer.
@main
struct Program: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reportctl",
        version: ProgramVersion.text,
        subcommands: [PkiGroup.self]
    )

    static func main() async { await CommandProgram.run(Program.self) }
}

/// `reportctl pki`.
struct PkiGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Certificates of nodes and clients: an authority, tokens to join, revocation.",
        discussion: """
            At the city, once:
              reportctl pki init --authority DIR --name 湛江市财政局
              reportctl pki issue --authority DIR --name 湛江市 --key KEY --out IDENTITY

            For each county, a line that it is told:
              reportctl pki token --authority DIR --address HOST:PORT --name 麻章区 --region 湛江市/麻章区

            At the county:
              reportctl pki join TOKEN --config reportd.yaml
            """,
        subcommands: [
            InitCommand.self, IssueCommand.self, TokenCommand.self, JoinCommand.self,
            RenewCommand.self, RevokeCommand.self, ShowCommand.self,
        ]
    )
}

import ArgumentParser
import ReportCommands
import ReportIntake
import ReportModel

/// `reportctl-nats`: what `reportctl nats` becomes.
///
/// A program of its own, so that nothing else is linked with libnats.
@main
struct Program: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reportctl",
        version: ProgramVersion.text,
        subcommands: [NATSGroup.self]
    )

    static func main() async { await CommandProgram.run(Program.self) }
}

/// `reportctl nats`.
struct NATSGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nats",
        abstract: "Replicate through NATS JetStream, where the network allows nothing else.",
        discussion: """
            Once, for all nodes:
              reportctl nats init --url tls://nats.example:4222 --replicas 3

            Beside each node, as the node's user, for as long as it runs:
              reportctl nats run --url tls://nats.example:4222 --peer KEY=湛江市/麻章区

            What goes through it are signed bundles, as on a stick; the checks are those
            of the network. Only what the other node's store has signed for counts as
            held there: the stream may lose what it likes.
            """,
        subcommands: [InitCommand.self, RunCommand.self, StatusCommand.self]
    )
}

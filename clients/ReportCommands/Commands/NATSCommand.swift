import ArgumentParser
import ReportIntake
import ReportModel

/// `reportctl nats`: the commands are those of the program that it becomes.
struct NATSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nats",
        abstract: "Replicate through NATS JetStream, where the network allows nothing else.",
        discussion: "reportctl nats --help lists the commands.",
        helpNames: []
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    /// Becomes the program that is linked with libnats, with the same arguments.
    func run() throws {
        try ProgramLocation.nats.become()
    }
}

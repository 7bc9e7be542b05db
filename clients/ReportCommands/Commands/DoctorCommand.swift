import ArgumentParser
import ReportIntake

/// `reportctl doctor`: the checks are those of the program that it becomes.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Find the usual faults of a node and its machine, with the command that mends each.",
        discussion: "reportctl doctor --help lists the options.",
        helpNames: []
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    /// Becomes reportd, which knows the configuration.
    func run() throws {
        try ProgramLocation.node.become()
    }
}

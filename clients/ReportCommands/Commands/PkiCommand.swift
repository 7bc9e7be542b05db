import ArgumentParser
import ReportIntake
import ReportModel

/// `reportctl pki`: the commands are those of the program that it becomes.
struct PkiCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Certificates of nodes and clients: an authority, tokens to join, revocation.",
        discussion: "reportctl pki --help lists the commands.",
        helpNames: []
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    /// Becomes the program of certificates, with the same arguments.
    func run() throws {
        try ProgramLocation.pki.become()
    }
}

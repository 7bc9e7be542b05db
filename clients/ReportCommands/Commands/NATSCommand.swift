import ArgumentParser
import Glibc
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

    /// The library that the program is linked with, and Debian's package of it.
    private static let library = (file: "libnats.so.3.4", package: "libnats3.4")

    /// Becomes the program that is linked with libnats, with the same arguments.
    func run() throws {
        guard let handle = dlopen(Self.library.file, RTLD_LAZY) else {
            throw ReportError(
                .needsTool,
                "\(Self.library.file) is not installed, which this command needs",
                hint: "apt install \(Self.library.package)"
            )
        }
        dlclose(handle)
        try ProgramLocation.nats.become()
    }
}

import ArgumentParser
import ReportCommands
import ReportModel
import ReportNATS

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the stream, once for all nodes.",
        discussion: """
            Each message is kept until the node that it is for has fetched it. While a
            node is away one bundle waits for it from each of its peers.
            """
    )

    @OptionGroup var nats: NATSOptions

    @Option(help: "Servers that keep the stream: 1, or 3 of a cluster.")
    var replicas = 1

    @Option(
        help: ArgumentHelp("Most MiB that it keeps; then it takes nothing more.", valueName: "mib")
    )
    var size = 10_240

    func run() async throws {
        guard (1...5).contains(replicas), (1...(1 << 30)).contains(size) else {
            throw ReportError(.usage, "--replicas is 1 to 5, --size at least 1")
        }
        let stream = try JetStream(try nats.address(), name: nats.stream, recipient: nil)
        let isNew = try await stream.make(replicas: replicas, maximumByteCount: size << 20)
        Output.line(
            isNew
                ? Wording.pick("the stream \(nats.stream) was made", "已建立流 \(nats.stream)")
                : Wording.pick(
                    "the stream \(nats.stream) is there already; nothing was changed",
                    "流 \(nats.stream) 已存在，未作改动"
                )
        )
    }
}

import ArgumentParser
import ReportCommands
import ReportModel
import ReportNATS
import ReportPipe

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what waits in the stream, and for whom.",
        discussion: "What a node's peers have signed for, reportctl status shows."
    )

    @OptionGroup var nats: NATSOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json])
        let stream = try JetStream(try nats.address(), name: nats.stream, recipient: nil)
        let counts = try await stream.counts(of: ">").sorted { $0.key < $1.key }
        let rows = counts.compactMap { text, count in PipeSubject(text).map { ($0, count) } }
        if format == .json {
            let items = rows.map { subject, count -> JSONValue in
                [
                    "for": .string(subject.recipient.description),
                    "from": .string(subject.sender.description),
                    "kind": .string(subject.kind.rawValue), "messages": .integer(count),
                ]
            }
            return Output.line(JSONValue.object(["items": .array(items)]).canonicalText)
        }
        var table = TextTable(
            [
                Wording.pick("for", "收方公钥"), Wording.pick("from", "发方公钥"),
                Wording.pick("messages", "消息数"), Wording.pick("what", "内容"),
            ],
            rightAligned: [2]
        )
        for (subject, count) in rows {
            table.append([
                String(subject.recipient.key.hex.prefix(16)),
                String(subject.sender.key.hex.prefix(16)), String(count), Self.words(subject.kind),
            ])
        }
        if rows.isEmpty {
            Output.line(Wording.pick("nothing waits", "没有等待的消息"))
        } else {
            table.lines(width: nil).forEach(Output.line)
        }
    }

    private static func words(_ kind: PipeSubject.Kind) -> String {
        switch kind {
        case .entries: Wording.pick("entries", "记录")
        case .acknowledgements: Wording.pick("acknowledgements", "回执")
        case .positions: Wording.pick("positions", "位置")
        }
    }
}

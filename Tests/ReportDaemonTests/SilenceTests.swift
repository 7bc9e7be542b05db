import NIOCore
import NIOPosix
import ReportAuthority
import ReportClient
import ReportModel
import ReportTLS
import Testing

@testable import ReportDaemon

@Suite("A node that takes connections and says nothing")
struct SilenceTests {
    private static let brief = AnswerPatience(
        first: .milliseconds(300),
        question: .milliseconds(300)
    )
    private let folder = TestFolder()

    /// Listens on loopback and answers each line as told.
    private func listen(
        _ answer: @escaping @Sendable (String) -> ScriptedNode.Answer
    ) async throws -> any Channel {
        try await bootstrap(answer).bind(host: "127.0.0.1", port: 0).get()
    }

    private func bootstrap(
        _ answer: @escaping @Sendable (String) -> ScriptedNode.Answer
    ) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptedNode(answer))
                }
            }
    }

    private func address(_ listener: any Channel) throws -> String {
        "127.0.0.1:\(try #require(listener.localAddress?.port))"
    }

    /// The error of something that fails.
    private func error(_ body: () async throws(ReportError) -> Void) async -> ReportError? {
        do throws(ReportError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("is given up, over TCP and at a socket, with what to do; exit code 10")
    func silent() async throws {
        let path = folder.full("node.sock")
        let socket = try await bootstrap { _ in .nothing }.bind(unixDomainSocketPath: path).get()
        let listener = try await listen { _ in .nothing }
        for place in [try address(listener), "unix:\(path)"] {
            let found = await error { () throws(ReportError) in
                _ = try await NodeService.connect(to: place, patience: Self.brief)
            }
            #expect(found?.code == .timedOut)
            #expect(found?.code.exitCode == 10)
            #expect(found?.message.contains("does not answer") == true)
            #expect(found?.hint?.contains("systemctl restart reportd") == true)
        }
        try await listener.close()
        try await socket.close()
    }

    @Test("is given up under TLS as well")
    func silentUnderTLS() async throws {
        let listener = try await listen { _ in .nothing }
        let place = try address(listener)
        let secure = SecureAccess(identity: try identity(), node: NodeKey().id)
        let found = await error { () throws(ReportError) in
            _ = try await NodeService.connect(to: place, secure: secure, patience: Self.brief)
        }
        #expect(found?.code == .timedOut, "\(found as Any)")
        #expect(found?.message.contains(place) == true)
        try await listener.close()
    }

    private func identity() throws -> TLSIdentity {
        let authority = try Authority.create(in: folder.full("authority"), name: "财政局")
        let key = NodeKey()
        let held = try authority.issue(to: key.id, name: "甲", kind: .client)
        return try TLSIdentity(
            certificate: Array(PEM.text("CERTIFICATE", held.bytes).utf8),
            authority: Array(authority.pem.utf8),
            key: key,
            place: "甲"
        )
    }

    @Test("a question that meets with silence is given up; work and slow answers are waited for")
    func later() async throws {
        let listener = try await listen { line in
            switch line.prefix(while: { $0 != " " }) {
            case "PING": .text("pong", after: .zero, pieces: 1)
            case "DU": .nothing
            // Three times as long as a question may be silent, in one piece or in many.
            case "PEER": .json("{}", after: .milliseconds(900), pieces: 1)
            case "STATUS": .json(#"{"name":"甲"}"#, after: .milliseconds(100), pieces: 12)
            default: .ignored
            }
        }
        let place = try address(listener)
        let service = try await NodeService.connect(to: place, patience: Self.brief)
        _ = try await service.perform(.peer(.list))
        #expect(try await service.status()["name"] == "甲")
        let found = await error { () throws(ReportError) in
            _ = try await service.answer(.diskUse(EmptyQuery()))
        }
        #expect(found?.code == .timedOut)
        await service.close()
        try await listener.close()
    }

    @Test("the doctor tells it as a fault of the node, and none of its port")
    func doctor() async throws {
        folder.makeFolder("store")
        let socket = try await bootstrap { _ in .nothing }
            .bind(unixDomainSocketPath: folder.full("store/node.sock")).get()
        let listener = try await listen { _ in .nothing }
        folder.write(
            "node: {name: 甲}\nstore: \(folder.full("store"))\nlisten: \(try address(listener))\n",
            to: "reportd.yaml"
        )
        let file = folder.full("reportd.yaml")
        let configuration = try NodeConfiguration(file: file)
        var patient = Patient(configuration, file: file)
        patient.patience = Self.brief
        await patient.ask(configuration)
        #expect(patient.status == nil)
        let found = await ServiceCheck.examine(patient)
        #expect(found.map(\.code) == [.timedOut])
        #expect(found.map(\.level) == [.fault])
        #expect(Diagnosis.exitCode(of: found) == 10)
        #expect(await PortCheck.examine(patient).map(\.level) == [.ok])
        try await socket.close()
        // Somebody else at its address, and no node.
        patient.silence = nil
        await patient.ask(configuration)
        #expect(patient.silence == nil)
        let stopped = await ServiceCheck.examine(patient)
        #expect(stopped.map(\.code) == [.unreachable])
        #expect(await PortCheck.examine(patient).map(\.level) == [.fault])
        try await listener.close()
    }
}

/// A node that answers each line as a test says.
private final class ScriptedNode: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Answer: Sendable {
        /// Silence from now on.
        case nothing
        /// No line of its own, such as a payload.
        case ignored
        case text(String, after: TimeAmount, pieces: Int)
        case json(String, after: TimeAmount, pieces: Int)
    }

    private let answer: @Sendable (String) -> Answer
    private var line = ""

    init(_ answer: @escaping @Sendable (String) -> Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        line += String(buffer: unwrapInboundIn(data))
        while let end = line.firstIndex(of: "\n") {
            let first = String(line[..<end])
            line.removeSubrange(...end)
            switch answer(first) {
            case .nothing, .ignored: break
            case .text(let text, let delay, let pieces):
                write("text/plain", text, delay, pieces, context)
            case .json(let text, let delay, let pieces):
                write("application/json", text, delay, pieces, context)
            }
        }
        // The payload of a command has no line feed behind it.
        if line.hasPrefix("{") { line = "" }
    }

    /// Writes a reply in pieces, each a delay after the one before.
    private func write(
        _ media: String,
        _ text: String,
        _ delay: TimeAmount,
        _ pieces: Int,
        _ context: ChannelHandlerContext
    ) {
        let bytes = Array("+OK \(media) \(text.utf8.count)\n\(text)\n".utf8)
        let channel = context.channel
        for piece in 0..<pieces {
            let range = bytes.count * piece / pieces..<bytes.count * (piece + 1) / pieces
            let part = ByteBuffer(bytes: bytes[range])
            context.eventLoop.scheduleTask(in: delay * (piece + 1)) {
                channel.writeAndFlush(part, promise: nil)
            }
        }
    }
}

import Logging
import NIOCore
import NIOEmbedded
import ReportIntake
import ReportModel
import ReportStore
import ReportWire
import Testing

@testable import ReportDaemon

/// Time is virtual here: nothing waits, and nothing fails because a machine is slow.
@Suite("What ends a client that sends or reads too slowly")
struct ConnectionTimerTests {
    private let folder = TestFolder()
    private let store: Store
    private let refusals = RefusalLog(Logger(label: "test"))

    init() throws {
        store = try Store.open(
            directory: folder.full("store"),
            options: Store.Options(nodeName: "甲", mapByteCount: 1 << 28)
        )
        folder.write("node: {name: 甲}\nstore: \(folder.full("store"))\n", to: "reportd.yaml")
    }

    /// A connection of this machine.
    private func connection() throws -> EmbeddedChannel {
        let configuration = try NodeConfiguration(file: folder.full("reportd.yaml"))
        let key = NodeKey()
        let access = try Access(configuration, key: key)
        let workers = WorkerPool(path: "/bin/false")
        let answerer = RequestAnswerer(
            store: store,
            fastGet: FastGet(store: store),
            intake: Intake(store: store, workers: workers),
            workers: workers,
            roster: nil,
            access: access,
            verifyStore: { _ throws(ReportError) in
                throw ReportError(.internal, "nothing is verified here")
            },
            telemetry: Telemetry(),
            nodeStatus: { [:] }
        )
        let services = ConnectionServices(
            answerer: answerer,
            access: access,
            key: key,
            connections: Connections(),
            refusals: refusals,
            enrolment: nil,
            acceptPeer: { _, _, _, _ in nil }
        )
        let channel = EmbeddedChannel(
            handler: ConnectionHandler(
                services: services,
                authority: .anyone,
                entrance: nil,
                budget: PayloadBudget()
            )
        )
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 7323)).wait()
        return channel
    }

    private func said(by channel: EmbeddedChannel) throws -> String {
        channel.embeddedEventLoop.run()
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            text += String(buffer: buffer)
        }
        return text
    }

    @Test("a payload that stops half-way ends with an error after thirty seconds")
    func payloadStops() throws {
        let channel = try connection()
        try channel.writeInbound(ByteBuffer(string: "PING\nPUT 1000000 name=a.txt\nhalf"))
        #expect(try said(by: channel) == "+OK text/plain 4\npong\n")
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(try said(by: channel) == "")
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(
            try said(by: channel) == "-ERR timed-out the bytes that were announced do not come\n"
        )
        channel.embeddedEventLoop.advanceTime(by: ServerLimits.lingerTime)
        #expect(!channel.isActive)
    }

    @Test("a payload that comes slowly but steadily is waited for, one that drips is not")
    func payloadComes() throws {
        let channel = try connection()
        try channel.writeInbound(ByteBuffer(string: "PUT 1000000 name=a.txt\n"))
        let steady = ByteBuffer(repeating: 0x41, count: ServerLimits.leastPayloadByteCount)
        for _ in 0..<10 {
            try channel.writeInbound(steady)
            channel.embeddedEventLoop.advanceTime(by: ServerLimits.payloadInterval)
            #expect(try said(by: channel) == "")
        }
        for _ in 0..<30 {
            try channel.writeInbound(ByteBuffer(repeating: 0x41, count: 1))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(try said(by: channel).hasPrefix("-ERR timed-out "))
    }

    private func setWritable(_ isWritable: Bool, _ channel: EmbeddedChannel) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    @Test("a client that does not read its replies is cut off, and the log says so")
    func readerStops() throws {
        let channel = try connection()
        setWritable(false, channel)
        channel.embeddedEventLoop.advanceTime(by: ServerLimits.readingInterval)
        #expect(channel.isActive, "the first look only notes what waits")
        try channel.writeInbound(ByteBuffer(string: "PING\n"))
        #expect(try said(by: channel) == "", "its requests wait meanwhile")
        channel.embeddedEventLoop.advanceTime(by: ServerLimits.readingInterval)
        #expect(!channel.isActive)
        #expect(refusals.total == 1)
    }

    @Test("a client that reads in the end is served on")
    func readerGoesOn() throws {
        let channel = try connection()
        for _ in 0..<10 {
            setWritable(false, channel)
            channel.embeddedEventLoop.advanceTime(by: ServerLimits.readingInterval)
            try channel.writeInbound(ByteBuffer(string: "PING\n"))
            setWritable(true, channel)
            #expect(try said(by: channel) == "+OK text/plain 4\npong\n")
        }
        #expect(channel.isActive)
        #expect(refusals.total == 0)
    }
}

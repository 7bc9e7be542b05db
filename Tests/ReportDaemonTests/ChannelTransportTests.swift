import NIOCore
import NIOEmbedded
import ReportModel
import ReportTestKit
import ReportWire
import Testing

@testable import ReportDaemon

@Suite("Messages of a peer that wait")
struct ChannelTransportTests {
    @Test("a peer that sends more than a window before the first is looked at is cut off")
    func flood() async throws {
        var log = try ForgedLog(key: NodeKey())
        log.add(try Samples.filing())
        let batch = log.batch()
        let transport = ChannelTransport(
            channel: EmbeddedChannel(),
            gate: PeerGate(isOpen: true),
            waitingByteCount: 2 * batch.encodedByteCount
        )
        #expect(transport.received(.batch(batch)))
        #expect(transport.received(.batch(batch)))
        // What was taken from the queue counts no longer.
        #expect(try await transport.receive() == .batch(batch))
        #expect(transport.received(.batch(batch)))
        #expect(transport.received(.ping(1)))
        #expect(!transport.received(.batch(batch)))
        await #expect(throws: ReportError.self) { _ = try await transport.receive() }
    }

    @Test("pings are answered without waiting as long as the peer reads, and everything else waits")
    func post() throws {
        let channel = EmbeddedChannel()
        defer { _ = try? channel.finish() }
        let transport = ChannelTransport(channel: channel, gate: PeerGate(isOpen: true))
        #expect(transport.post(.pong(7)) && transport.post(.ping(8)))
        var written: [String] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            written.append(String(buffer: buffer))
        }
        #expect(written == ["PONG 7\n", "PING 8\n"])
        #expect(!transport.post(.bye))
        channel.isWritable = false
        #expect(!transport.post(.pong(9)))
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
    }
}

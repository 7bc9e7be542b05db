import Glibc
import NIOCore
import NIOEmbedded
import NIOPosix
import NIOSSL
import ReportAuthority
import ReportModel
import ReportTLS
import Synchronization
import Testing

@Suite struct HandshakeTests {
    private let place: TestAuthority

    init() throws { place = try TestAuthority() }

    /// Connects to a server with an identity and returns the certificate that it shows.
    private func connect(
        _ client: TLSClient,
        to server: TLSIdentity
    ) async throws -> PeerCertificate {
        let context = try server.serverContext()
        return try await connect(client) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLServerHandler(context: context)
                )
            }
        }
    }

    /// Connects to somebody who does something with the connection.
    private func connect(
        _ client: TLSClient,
        accepting: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> PeerCertificate {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer(accepting)
            .bind(host: "127.0.0.1", port: 0).get()
        defer { listener.close(promise: nil) }
        let address = try #require(listener.localAddress)
        let (channel, shown) = try await ClientBootstrap(
            group: .singletonMultiThreadedEventLoopGroup
        )
        .connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
                (channel, try client.addHandlers(to: channel))
            }
        }
        defer { channel.close(promise: nil) }
        return try await shown.get()
    }

    @Test("certificates with Ed25519 keys stand under TLS 1.3, and their key is the node's")
    func ed25519() async throws {
        let city = try place.identity("湛江市")
        let county = try place.identity("麻章区")
        let shown = try await connect(TLSClient(context: county.clientContext()), to: city)
        #expect(shown.node == city.key.id)
        #expect(shown.fingerprint == city.channelBinding)
    }

    @Test("a server of another authority is refused by the chain")
    func otherAuthority() async throws {
        let other = try TestAuthority().identity("湛江市")
        let county = try place.identity("麻章区")
        await #expect(throws: ReportError.self) {
            _ = try await connect(TLSClient(context: county.clientContext()), to: other)
        }
    }

    @Test("a client's certificate does not make a server, and an expired one neither")
    func wrongPurpose() async throws {
        let client = try place.identity("审核员", kind: .client)
        let old = try place.identity("过期", days: 10, at: Timestamp.now.days(-11))
        let county = try place.identity("麻章区")
        for server in [client, old] {
            await #expect(throws: ReportError.self) {
                _ = try await connect(TLSClient(context: county.clientContext()), to: server)
            }
        }
    }

    @Test("a server that speaks no TLS is told as one, in a sentence")
    func noTLS() async throws {
        let client = TLSClient(context: try place.identity("麻章区").clientContext())
        do {
            _ = try await connect(client) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PlainGreeting())
                }
            }
            Issue.record("there is no TLS")
        } catch {
            #expect((error as? ReportError)?.message == TLSClient.noTLS.message, "\(error)")
        }
    }

    @Test("a check of one's own says why it refuses")
    func ownCheck() async throws {
        let city = try place.identity("湛江市")
        let check: TLSClient.Check = { _ throws(ReportError) in
            throw ReportError(.notAllowed, "not this one")
        }
        let client = TLSClient(context: try TLSIdentity.strangerContext(), check: check)
        let error = await #expect(throws: ReportError.self) {
            _ = try await connect(client, to: city)
        }
        #expect(error?.message == "not this one")
    }

    @Test(
        "a connection that breaks during the handshake is lost; the other side's TLS is not to blame"
    )
    func lostConnection() async throws {
        let client = TLSClient(context: try place.identity("麻章区").clientContext())
        do {
            _ = try await connect(client) { channel in channel.close() }
            Issue.record("TLS stood")
        } catch let error as ReportError {
            #expect(error.code == .unreachable)
            #expect(error.message == "the connection was lost before TLS stood")
        }
    }

    @Test("every form in which a loss shows itself is told as a loss")
    func formsOfLoss() throws {
        let client = TLSClient(context: try place.identity("麻章区").clientContext())
        let forms: [any Error] = [
            IOError(errnoCode: ECONNRESET, reason: "read"),
            ChannelError.ioOnClosedChannel,
            NIOSSLError.uncleanShutdown,
            NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])),
        ]
        for form in forms {
            let broken = EmbeddedChannel()
            let future = try client.addHandlers(to: broken)
            broken.pipeline.fireErrorCaught(form)
            let told = Mutex<ReportError?>(nil)
            future.whenFailure { error in told.withLock { $0 = error as? ReportError } }
            let error = told.withLock { $0 }
            #expect(error?.code == .unreachable)
            #expect(error?.message == "the connection was lost before TLS stood")
        }
    }
}

/// A server that speaks first, and no TLS.
private final class PlainGreeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        let greeting = ByteBuffer(string: "-ERR usage no TLS here\n")
        context.writeAndFlush(wrapOutboundOut(greeting), promise: nil)
    }
}

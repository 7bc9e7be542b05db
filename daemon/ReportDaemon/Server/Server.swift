import Logging
import NIOCore
import NIOPosix
import ReportModel
import ReportWire
import Synchronization

/// The TCP server of a node: one port for clients and peers.
final class Server: Sendable {
    private let channel: any Channel

    private init(channel: any Channel) { self.channel = channel }

    /// The address that clients connect to.
    var address: SocketAddress? { channel.localAddress }

    /// Binds the address and begins to answer.
    /// - Parameters:
    ///   - group: the threads.
    ///   - listen: a loopback address.
    ///   - answerer: what is needed to answer requests.
    ///   - acceptPeer: begins a session of a peer.
    /// - Returns: the server, which answers already.
    /// - Throws: ``ReportError`` `not-allowed` for an address that is not loopback, `usage` when it
    ///   cannot be bound.
    static func start(
        group: any EventLoopGroup,
        listen: ListenAddress,
        answerer: RequestAnswerer,
        acceptPeer: @escaping @Sendable (Hello, PeerGate, any Channel) -> (any PeerInbound)?
    ) async throws(ReportError) -> Server {
        let budget = PayloadBudget()
        let count = ConnectionCount()
        do {
            let address = try SocketAddress.makeAddressResolvingHost(listen.host, port: listen.port)
            guard address.isLoopback else {
                throw ReportError(
                    .notAllowed,
                    "listen: \(listen.host) is not a loopback address, and this version has no TLS",
                    hint: "use 127.0.0.1 or ::1"
                )
            }
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: ServerLimits.backlog)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.maxMessagesPerRead, value: 4)
                .childChannelOption(
                    .writeBufferWaterMark,
                    value: .init(
                        low: ServerLimits.outputLowWatermark,
                        high: ServerLimits.outputHighWatermark
                    )
                )
                .childChannelInitializer { channel in
                    guard count.enter() else { return channel.close() }
                    channel.closeFuture.whenComplete { _ in count.leave() }
                    return channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            ConnectionHandler(
                                answerer: answerer,
                                budget: budget,
                                acceptPeer: acceptPeer
                            )
                        )
                    }
                }
                .bind(to: address)
                .get()
            return Server(channel: channel)
        } catch let error as ReportError {
            throw error
        } catch {
            throw ReportError(
                .usage,
                "cannot listen at \(listen.host):\(listen.port): \(error)",
                hint: "another program may use this port"
            )
        }
    }

    /// Stops taking connections.
    func stop() async { try? await channel.close() }
}

/// Where a node listens.
struct ListenAddress: Hashable, Sendable {
    var host: String
    var port: Int
}

extension SocketAddress {
    /// Whether only this machine can reach it.
    var isLoopback: Bool {
        guard let text = ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.")
    }
}

/// How many connections there are.
private final class ConnectionCount: Sendable {
    private let count = Atomic(0)

    func enter() -> Bool {
        let (_, new) = count.add(1, ordering: .relaxed)
        guard new <= ServerLimits.maximumConnectionCount else {
            count.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    func leave() { count.subtract(1, ordering: .relaxed) }
}

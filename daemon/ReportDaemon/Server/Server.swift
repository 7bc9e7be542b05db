import Logging
import NIOCore
import NIOPosix
import ReportModel
import ReportWire
import Synchronization

/// The TCP server of a node: one port for clients and peers.
final class Server: Sendable {
    private let channel: any Channel
    private let connections: Connections

    private init(channel: any Channel, connections: Connections) {
        self.channel = channel
        self.connections = connections
    }

    /// The address that clients connect to.
    var address: SocketAddress? { channel.localAddress }

    /// Binds the address and begins to answer.
    /// - Parameters:
    ///   - group: the threads.
    ///   - listen: a loopback address.
    ///   - answerer: what is needed to answer requests.
    ///   - acceptPeer: begins a session of a peer.
    /// - Returns: the server, listening.
    /// - Throws: ``ReportError`` `not-allowed` for an address that is not loopback, `usage` when it
    ///   cannot be bound.
    static func start(
        group: any EventLoopGroup,
        listen: ListenAddress,
        answerer: RequestAnswerer,
        acceptPeer: @escaping @Sendable (Hello, PeerGate, any Channel) -> (any PeerInbound)?
    ) async throws(ReportError) -> Server {
        let budget = PayloadBudget()
        let connections = Connections()
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
                    guard connections.add(channel) else { return channel.close() }
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
            return Server(channel: channel, connections: connections)
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
    func close() async { try? await channel.close() }

    /// Closes each connection once its request under way is answered, or when the time is over.
    func drain() async {
        let channels = connections.all
        for channel in channels {
            channel.pipeline.fireUserInboundEventTriggered(ServerIsStopping())
        }
        await withDiscardingTaskGroup { group in
            group.addTask {
                try? await Task.sleep(for: ServerLimits.drainLimit)
                for channel in channels { channel.close(promise: nil) }
            }
            for channel in channels { try? await channel.closeFuture.get() }
            group.cancelAll()
        }
    }
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

/// Told to every connection when the node stops.
struct ServerIsStopping: Sendable {}

/// The connections that there are.
private final class Connections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    var all: [any Channel] { channels.withLock { Array($0.values) } }

    /// Keeps a connection until it is closed; false when there are too many.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isTaken = channels.withLock { channels in
            guard channels.count < ServerLimits.maximumConnectionCount else { return false }
            channels[id] = channel
            return true
        }
        guard isTaken else { return false }
        channel.closeFuture.whenComplete { _ in
            self.channels.withLock { $0[id] = nil }
        }
        return true
    }
}

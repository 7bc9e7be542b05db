import Glibc
import NIOCore
import NIOPosix
import ReportModel
import ReportWire
import Synchronization

/// The server of a node: one port for clients and peers, and a socket for this machine's administrators.
final class Server: Sendable {
    private let channels: [any Channel]
    private let connections: Connections
    private let socketPath: String?

    private init(channels: [any Channel], connections: Connections, socketPath: String?) {
        self.channels = channels
        self.connections = connections
        self.socketPath = socketPath
    }

    /// The address that clients connect to.
    var address: SocketAddress? { channels.first?.localAddress }

    /// Binds the addresses and begins to answer.
    /// - Parameters:
    ///   - group: the threads.
    ///   - listen: a loopback address.
    ///   - socketPath: where the socket of administrators goes; nil: there is none.
    ///   - answerer: what is needed to answer requests.
    ///   - acceptPeer: begins a session of a peer.
    /// - Returns: the server, which answers already.
    /// - Throws: ``ReportError`` `not-allowed` for an address that is not loopback, `usage` when one
    ///   cannot be bound.
    static func start(
        group: any EventLoopGroup,
        listen: ListenAddress,
        socketPath: String?,
        answerer: RequestAnswerer,
        acceptPeer: @escaping @Sendable (Hello, PeerGate, any Channel) -> (any PeerInbound)?
    ) async throws(ReportError) -> Server {
        let budget = PayloadBudget()
        let connections = Connections()
        func bootstrap(_ authority: ClientAuthority) -> ServerBootstrap {
            Self.bootstrap(group, connections) {
                ConnectionHandler(
                    answerer: answerer,
                    authority: authority,
                    budget: budget,
                    acceptPeer: acceptPeer
                )
            }
        }
        var channels: [any Channel] = []
        do {
            let address = try SocketAddress.makeAddressResolvingHost(listen.host, port: listen.port)
            guard address.isLoopback else {
                throw ReportError(
                    .notAllowed,
                    "listen: \(listen.host) is not a loopback address, and this version has no TLS",
                    hint: "use 127.0.0.1 or ::1"
                )
            }
            let tcp = bootstrap(.anyone)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            channels.append(try await tcp.bind(to: address).get())
            if let socketPath {
                let local = bootstrap(.administrator)
                    .bind(unixDomainSocketPath: socketPath, cleanupExistingSocketFile: true)
                channels.append(try await local.get())
                // The store's folder lets nobody else in; this says so once more.
                chmod(socketPath, 0o600)
            }
            return Server(channels: channels, connections: connections, socketPath: socketPath)
        } catch {
            for channel in channels { try? await channel.close() }
            if let known = error as? ReportError { throw known }
            let place = channels.isEmpty ? "\(listen.host):\(listen.port)" : socketPath ?? ""
            throw ReportError(
                .usage,
                "cannot listen at \(place): \(error)",
                hint: "another program may use it"
            )
        }
    }

    private static func bootstrap(
        _ group: any EventLoopGroup,
        _ connections: Connections,
        _ makeHandler: @escaping @Sendable () -> ConnectionHandler
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: ServerLimits.backlog)
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
                    try channel.pipeline.syncOperations.addHandler(makeHandler())
                }
            }
    }

    /// Stops taking connections.
    func close() async {
        for channel in channels { try? await channel.close() }
        if let socketPath { unlink(socketPath) }
    }

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

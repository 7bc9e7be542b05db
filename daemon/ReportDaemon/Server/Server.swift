import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import ReportModel
import ReportWire

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

    /// The addresses that clients connect to, for the log.
    var addresses: String {
        channels.compactMap { $0.localAddress }.filter { $0.ipAddress != nil }.map { "\($0)" }
            .joined(separator: " ")
    }

    /// Binds the addresses and begins to answer.
    /// - Parameters:
    ///   - group: the threads.
    ///   - listeners: where, and whether under TLS.
    ///   - socketPath: where the socket of administrators goes; nil: there is none.
    ///   - services: what all connections share.
    /// - Returns: the server, which answers already.
    /// - Throws: ``ReportError`` `not-allowed` for an address that is not loopback without TLS, `usage`
    ///   when one cannot be bound.
    static func start(
        group: any EventLoopGroup,
        listeners: [NodeConfiguration.Listener],
        socketPath: String?,
        services: ConnectionServices
    ) async throws(ReportError) -> Server {
        let budget = PayloadBudget()
        var channels: [any Channel] = []
        var place = ""
        do {
            for listener in listeners {
                let host = listener.address.host
                place = "\(host):\(listener.address.port)"
                let address = try SocketAddress.makeAddressResolvingHost(
                    host,
                    port: listener.address.port
                )
                let isSecure = try Self.usesTLS(listener, address, services.access)
                let tcp = bootstrap(group, services) { channel in
                    try Self.addHandlers(
                        to: channel,
                        isSecure ? .stranger : .anyone,
                        services,
                        budget
                    )
                }
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                channels.append(try await tcp.bind(to: address).get())
            }
            if let socketPath {
                place = socketPath
                let local = bootstrap(group, services) { channel in
                    try Self.addHandlers(to: channel, .administrator, services, budget)
                }
                .bind(unixDomainSocketPath: socketPath, cleanupExistingSocketFile: true)
                channels.append(try await local.get())
                // The store's folder lets nobody else in; this says so once more.
                chmod(socketPath, 0o600)
            }
            return Server(
                channels: channels,
                connections: services.connections,
                socketPath: socketPath
            )
        } catch {
            for channel in channels { try? await channel.close() }
            if let known = error as? ReportError { throw known }
            throw ReportError(
                .usage,
                "cannot listen at \(place): \(error)",
                hint: "another program may use it"
            )
        }
    }

    /// Whether a listener is under TLS; one that others can reach must be.
    private static func usesTLS(
        _ listener: NodeConfiguration.Listener,
        _ address: SocketAddress,
        _ access: Access
    ) throws(ReportError) -> Bool {
        let host = listener.address.host
        let usesTLS = listener.usesTLS ?? !address.isLoopback
        guard usesTLS || address.isLoopback else {
            throw ReportError(
                .notAllowed,
                "listen: \(host) can be reached by other machines, so it is not served without TLS",
                hint: "leave out tls: false"
            )
        }
        guard !usesTLS || access.secure != nil else {
            throw ReportError(
                .notAllowed,
                "listen: \(host) needs TLS, and tls.folder is not configured",
                hint:
                    "reportctl pki init and issue make an authority and a certificate (docs/operations.md, "
                    + "Connect a county to its city); or listen at 127.0.0.1 only"
            )
        }
        return usesTLS
    }

    /// Makes the pipeline of one connection; false: it is not taken.
    private static func addHandlers(
        to channel: any Channel,
        _ authority: ClientAuthority,
        _ services: ConnectionServices,
        _ budget: PayloadBudget
    ) throws -> Bool {
        let isSecure = authority == .stranger
        if let refusal = services.connections.add(channel, authority) {
            services.refusals.note(refusal, address: channel.remoteAddress)
            return false
        }
        var entrance: SecureEntrance?
        if isSecure {
            guard let secure = services.access.secure else { return false }
            entrance = SecureEntrance(secure)
            // Every certificate is taken here and judged once the handshake is over, so that its holder
            // can be told what is wrong with it.
            let handler = NIOSSLServerHandler(
                context: secure.server,
                customVerificationCallback: { _, result in result.succeed(.certificateVerified) }
            )
            let plain = PlainTextHandler(services.refusals)
            try channel.pipeline.syncOperations.addHandlers([plain, handler])
        }
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(
                services: services,
                authority: authority,
                entrance: entrance,
                budget: budget
            )
        )
        return true
    }

    private static func bootstrap(
        _ group: any EventLoopGroup,
        _ services: ConnectionServices,
        _ addHandlers: @escaping @Sendable (any Channel) throws -> Bool
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
                do {
                    guard try addHandlers(channel) else { return channel.close() }
                    return channel.eventLoop.makeSucceededVoidFuture()
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }
    }

    /// Tells every connection that grants or certificates were read anew.
    func accessHasChanged() {
        for channel in connections.all {
            channel.pipeline.fireUserInboundEventTriggered(AccessHasChanged())
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
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    var host: String
    var port: Int

    /// `HOST:PORT`, with brackets around an IPv6 address.
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
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

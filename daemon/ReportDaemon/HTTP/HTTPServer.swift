import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import ReportModel
import Synchronization

/// A small HTTP server for this machine alone: health, readiness and metrics.
///
/// It has a thread of its own, so that it can say that the other threads do not answer.
final class HTTPServer: Sendable {
    /// Answers a path.
    typealias Respond = @Sendable (_ path: String) async -> HTTPAnswer

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let socketPath: String?

    private init(
        group: MultiThreadedEventLoopGroup,
        channel: any Channel,
        socketPath: String?
    ) {
        self.group = group
        self.channel = channel
        self.socketPath = socketPath
    }

    /// Where it listens, for the log.
    var address: String { socketPath ?? channel.localAddress.map { "\($0)" } ?? "" }

    /// Its port; nil at a socket.
    var port: Int? { channel.localAddress?.port }

    /// Its own event loop.
    var loop: any EventLoop { channel.eventLoop }

    /// Binds the place and begins to answer.
    /// - Parameters:
    ///   - place: a loopback address or a socket.
    ///   - answerTimeout: time for an answer to be made.
    ///   - respond: answers a path.
    /// - Returns: the server.
    /// - Throws: ``ReportError`` `not-allowed` when others could reach the place, `usage` when it
    ///   cannot be bound.
    static func start(
        at place: WatchSettings.Place,
        answerTimeout: TimeAmount = HTTPLimits.answerTimeout,
        respond: @escaping Respond
    ) async throws(ReportError) -> HTTPServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let counter = ConnectionCount()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 16)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                guard counter.enter(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    var limits = NIOHTTPDecoderLimitConfiguration()
                    limits.maxHeaderFieldSize = HTTPLimits.maximumFieldByteCount
                    limits.maxHeaderListSize = HTTPLimits.maximumHeaderByteCount
                    limits.maxHeaderFieldCount = HTTPLimits.maximumHeaderCount
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(
                        withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
                        withDecoderLimitConfiguration: limits
                    )
                    try pipeline.addHandler(HTTPHandler(respond, answerTimeout))
                }
            }
        do {
            switch place {
            case .address(let listen):
                let address = try SocketAddress.makeAddressResolvingHost(
                    listen.host,
                    port: listen.port
                )
                guard address.isLoopback else { throw WatchSettings.refusal(listen.host) }
                let channel = try await bootstrap.bind(to: address).get()
                return HTTPServer(group: group, channel: channel, socketPath: nil)
            case .socket(let path):
                let channel = try await bootstrap.bind(
                    unixDomainSocketPath: path,
                    cleanupExistingSocketFile: true
                ).get()
                // The monitoring program may be of the node's group.
                chmod(path, 0o660)
                return HTTPServer(group: group, channel: channel, socketPath: path)
            }
        } catch {
            try? await group.shutdownGracefully()
            if let known = error as? ReportError { throw known }
            throw ReportError(
                .usage,
                "http: cannot listen at \(place): \(error)",
                hint: "another program may use it; choose another port, or take the setting out"
            )
        }
    }

    /// Stops answering.
    func close() async {
        try? await channel.close()
        if let socketPath { unlink(socketPath) }
        try? await group.shutdownGracefully()
    }
}

/// How many connections there are.
private final class ConnectionCount: Sendable {
    private let count = Mutex(0)

    /// Counts a connection until it is closed; false when there are too many.
    func enter(_ channel: any Channel) -> Bool {
        let isTaken = count.withLock { count in
            guard count < HTTPLimits.maximumConnectionCount else { return false }
            count += 1
            return true
        }
        guard isTaken else { return false }
        channel.closeFuture.whenComplete { _ in self.count.withLock { $0 -= 1 } }
        return true
    }
}

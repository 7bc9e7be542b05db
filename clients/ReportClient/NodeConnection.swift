import NIOCore
import NIOPosix
import ReportModel
import ReportTLS
import ReportWire
import Synchronization

/// One TCP connection to a node: requests go out in order, replies come back in the same order.
final class NodeConnection: Sendable {
    /// Time within which a connection must stand.
    static let connectTimeout = TimeAmount.seconds(5)
    /// Time within which TLS must stand, the key be proved, and a certificate be given.
    static let enrolmentTimeout = TimeAmount.seconds(60)

    private let channel: any Channel
    private let handler: NIOLoopBound<ReplyHandler>
    private let group: MultiThreadedEventLoopGroup

    private init(
        channel: any Channel,
        handler: NIOLoopBound<ReplyHandler>,
        group: MultiThreadedEventLoopGroup
    ) {
        self.channel = channel
        self.handler = handler
        self.group = group
    }

    /// Connects.
    /// - Throws: ``ReportError`` `unreachable` that says where nobody answered.
    static func open(host: String, port: Int) async throws(ReportError) -> NodeConnection {
        try await open(at: "\(host):\(port)") { bootstrap in
            let bootstrap = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // An address needs no resolver, and so no thread for it.
            guard let address = try? SocketAddress(ipAddress: host, port: port) else {
                return try await bootstrap.connect(
                    host: host,
                    port: port,
                    channelInitializer: initialize
                )
            }
            return try await bootstrap.connect(to: address, channelInitializer: initialize)
        }
    }

    /// Connects under TLS and proves the client's key.
    /// - Throws: ``ReportError`` `unreachable`, or `not-allowed` when one side refuses the other.
    static func open(
        host: String,
        port: Int,
        secure: SecureAccess
    ) async throws(ReportError) -> NodeConnection {
        let client = TLSClient(context: try secure.identity.clientContext(), check: secure.check)
        let (connection, certificate) = try await open(
            host: host,
            port: port,
            client: client,
            greets: true
        )
        let handshake = InitiatorHandshake(
            role: .client,
            key: secure.identity.key,
            pinned: secure.node,
            channelBinding: certificate.fingerprint
        )
        do throws(ReportError) {
            guard certificate.node == secure.node else {
                throw ReportError(
                    .notAllowed,
                    "the node at \(host):\(port) has the key \(certificate.node?.description ?? "-"), "
                        + "not the expected one",
                    hint: "compare the keys before anything else"
                )
            }
            try secure.checkRevocation(of: certificate)
            try await connection.greet(handshake)
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    /// Connects under TLS; nothing is said yet.
    /// - Returns: the connection and the certificate that the node showed.
    static func open(
        host: String,
        port: Int,
        client: TLSClient,
        greets: Bool = false
    ) async throws(ReportError) -> (NodeConnection, PeerCertificate) {
        let shown = Mutex<EventLoopFuture<PeerCertificate>?>(nil)
        let connection = try await open(at: "\(host):\(port)") { bootstrap in
            let (channel, handler, future) =
                try await bootstrap
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let future = try client.addHandlers(to: channel)
                        if greets {
                            try channel.pipeline.syncOperations.addHandler(GreetingHandler())
                        }
                        let handler = ReplyHandler()
                        try channel.pipeline.syncOperations.addHandler(handler)
                        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
                        return (channel, bound, future)
                    }
                }
            shown.withLock { $0 = future }
            return (channel, handler)
        }
        let deadline = connection.closes(in: enrolmentTimeout)
        do {
            guard let certificate = try await shown.withLock({ $0 })?.get() else {
                throw ReportError(.internal, "no TLS")
            }
            deadline.cancel()
            return (connection, certificate)
        } catch {
            // Before the loop is shut down, which takes no more orders.
            deadline.cancel()
            await connection.close()
            throw error as? ReportError ?? ReportError(.unreachable, "no TLS: \(error)")
        }
    }

    /// Proves the client's key.
    private func greet(_ handshake: InitiatorHandshake) async throws(ReportError) {
        let (channel, handler) = (channel, handler)
        let deadline = closes(in: Self.enrolmentTimeout)
        defer { deadline.cancel() }
        let reply: Reply
        do {
            reply = try await channel.eventLoop.flatSubmit {
                let greeted = channel.eventLoop.makePromise(of: Void.self)
                let replied = channel.eventLoop.makePromise(of: Reply.self)
                // Before anything is said: the answer to AUTH must find who waits for it.
                handler.value.expect { result in
                    replied.completeWith(result.mapError { $0 as any Error })
                    return false
                }
                do {
                    let context = try channel.pipeline.syncOperations.context(
                        handlerType: GreetingHandler.self
                    )
                    (context.handler as? GreetingHandler)?.begin(handshake, context, greeted)
                } catch {
                    greeted.fail(error)
                }
                return greeted.futureResult.flatMap { replied.futureResult }
            }.get()
        } catch {
            throw error as? ReportError
                ?? ReportError(.unreachable, "the node closed the connection")
        }
        if case .error(let code, let message) = reply { throw ReportError(code, message) }
    }

    /// Connects to the socket in the folder of a running node's store.
    /// - Throws: ``ReportError`` `unreachable`.
    static func open(socket path: String) async throws(ReportError) -> NodeConnection {
        try await open(at: path) { bootstrap in
            try await bootstrap.connect(
                unixDomainSocketPath: path,
                channelInitializer: initialize
            )
        }
    }

    private static func open(
        at place: String,
        connect: (sending ClientBootstrap) async throws -> (any Channel, NIOLoopBound<ReplyHandler>)
    ) async throws(ReportError) -> NodeConnection {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let bootstrap = ClientBootstrap(group: group).connectTimeout(connectTimeout)
            let (channel, handler) = try await connect(bootstrap)
            return NodeConnection(channel: channel, handler: handler, group: group)
        } catch {
            group.shutdownGracefully { _ in }
            throw ReportError(
                .unreachable,
                "no node answers at \(place)",
                hint: "start reportd there, or name another place with --node or --store"
            )
        }
    }

    @Sendable
    private static func initialize(
        _ channel: any Channel
    ) -> EventLoopFuture<(any Channel, NIOLoopBound<ReplyHandler>)> {
        channel.eventLoop.makeCompletedFuture {
            let handler = ReplyHandler()
            try channel.pipeline.syncOperations.addHandler(handler)
            return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }
    }

    /// Cuts the connection when the time is over, unless it is cancelled.
    private func closes(in time: TimeAmount) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: time) { [channel] in channel.close(promise: nil) }
    }

    /// Sends a request and waits for its one reply; those about certificates have a deadline.
    func request(
        _ request: Request,
        payload: [UInt8]? = nil
    ) async throws(ReportError) -> Reply {
        let message = try Self.message(request, payload: payload)
        let deadline: Scheduled<Void>? =
            switch request {
            case .renew, .join: closes(in: Self.enrolmentTimeout)
            default: nil
            }
        defer { deadline?.cancel() }
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Reply, ReportError>, Never>) in
            send(message) { reply in
                continuation.resume(returning: reply)
                return false
            }
        }
        return try result.get()
    }

    /// Sends a request with several replies; `onReply` returns false when it wants no more.
    func stream(
        _ request: Request,
        onReply: @escaping @Sendable (Reply) -> Bool
    ) async throws(ReportError) {
        let message = try Self.message(request, payload: nil)
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<ReportError?, Never>) in
                send(message) { result in
                    switch result {
                    case .success(let reply):
                        if onReply(reply) { return true }
                        continuation.resume(returning: nil)
                    case .failure(let error):
                        continuation.resume(returning: error)
                    }
                    return false
                }
            }
        } onCancel: {
            channel.close(promise: nil)
        }
        if let failure { throw failure }
    }

    private func send(
        _ message: ByteBuffer,
        onReply: @escaping @Sendable (Result<Reply, ReportError>) -> Bool
    ) {
        channel.eventLoop.execute { [channel, handler] in
            handler.value.expect(onReply)
            channel.writeAndFlush(message, promise: nil)
        }
    }

    private static func message(
        _ request: Request,
        payload: [UInt8]?
    ) throws(ReportError) -> ByteBuffer {
        do throws(WireError) {
            var message = try request.encoded()
            if let payload { message.writeBytes(payload) }
            return message
        } catch {
            throw error.reportError
        }
    }

    /// Closes the connection; its thread ends by itself soon afterwards.
    func close() async {
        try? await channel.close()
        group.shutdownGracefully { _ in }
    }
}

/// Gives each reply to the request that waits longest.
private final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias Callback = @Sendable (Result<Reply, ReportError>) -> Bool

    private let processor = NIOSingleStepByteToMessageProcessor(
        ReplyDecoder(),
        maximumBufferSize: WireLimits.maximumReplyByteCount + WireLimits.maximumLineByteCount
    )
    private var waiting = CircularBuffer<Callback>()
    private var isClosed = false

    func expect(_ callback: @escaping Callback) {
        if isClosed {
            _ = callback(.failure(Self.gone))
        } else {
            waiting.append(callback)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try processor.process(buffer: unwrapInboundIn(data)) { reply in
                guard let callback = waiting.first else { return }
                if !callback(.success(reply)) { waiting.removeFirst() }
            }
        } catch {
            fail(ReportError(.internal, "the node's reply is not understood: \(error)"))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(Self.gone)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(ReportError(.unreachable, "the connection to the node broke: \(error)"))
        context.close(promise: nil)
    }

    private func fail(_ error: ReportError) {
        isClosed = true
        let callbacks = waiting
        waiting.removeAll()
        for callback in callbacks { _ = callback(.failure(error)) }
    }

    private static var gone: ReportError {
        ReportError(.unreachable, "the node closed the connection")
    }
}

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

    private let channel: any Channel
    private let handler: NIOLoopBound<ReplyHandler>
    private let group: MultiThreadedEventLoopGroup
    private let patience: AnswerPatience

    private init(
        channel: any Channel,
        handler: NIOLoopBound<ReplyHandler>,
        group: MultiThreadedEventLoopGroup,
        patience: AnswerPatience
    ) {
        self.channel = channel
        self.handler = handler
        self.group = group
        self.patience = patience
    }

    /// Connects, and waits until the node answers at all.
    /// - Throws: ``ReportError`` `unreachable` that says where nobody answered, `timed-out` when somebody took
    ///   the connection and says nothing.
    static func open(
        host: String,
        port: Int,
        patience: AnswerPatience
    ) async throws(ReportError) -> NodeConnection {
        let place = "\(host):\(port)"
        let connection = try await open(at: place, patience) { bootstrap in
            let bootstrap = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // An address needs no resolver, and so no thread for it.
            guard let address = try? SocketAddress(ipAddress: host, port: port) else {
                return try await bootstrap.connect(host: host, port: port) { channel in
                    initialize(channel, place)
                }
            }
            return try await bootstrap.connect(to: address) { initialize($0, place) }
        }
        try await connection.awaitFirstAnswer()
        return connection
    }

    /// Connects under TLS and proves the client's key.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out` when the node says nothing, or `not-allowed` when one
    ///   side refuses the other.
    static func open(
        host: String,
        port: Int,
        secure: SecureAccess,
        patience: AnswerPatience
    ) async throws(ReportError) -> NodeConnection {
        let client = TLSClient(context: try secure.identity.clientContext(), check: secure.check)
        let (connection, certificate) = try await open(
            host: host,
            port: port,
            client: client,
            patience: patience,
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
        patience: AnswerPatience,
        greets: Bool = false
    ) async throws(ReportError) -> (NodeConnection, PeerCertificate) {
        let place = "\(host):\(port)"
        let shown = Mutex<EventLoopFuture<PeerCertificate>?>(nil)
        let connection = try await open(at: place, patience) { bootstrap in
            let (channel, handler, future) =
                try await bootstrap
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let future = try client.addHandlers(to: channel)
                        if greets {
                            let handler = GreetingHandler(place, patience.first)
                            try channel.pipeline.syncOperations.addHandler(handler)
                        }
                        let handler = ReplyHandler(place)
                        try channel.pipeline.syncOperations.addHandler(handler)
                        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
                        return (channel, bound, future)
                    }
                }
            shown.withLock { $0 = future }
            return (channel, handler)
        }
        let isLate = Mutex(false)
        let channel = connection.channel
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(patience.first)) {
            isLate.withLock { $0 = true }
            channel.close(promise: nil)
        }
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
            if isLate.withLock({ $0 }) { throw AnswerPatience.silence(at: place, patience.first) }
            throw error as? ReportError ?? ReportError(.unreachable, "no TLS: \(error)")
        }
    }

    /// Proves the client's key.
    private func greet(_ handshake: InitiatorHandshake) async throws(ReportError) {
        let (channel, handler) = (channel, handler)
        // From HELLO on, which the greeting itself waits for.
        let limit = patience.first * 2
        let reply: Reply
        do {
            reply = try await channel.eventLoop.flatSubmit {
                let greeted = channel.eventLoop.makePromise(of: Void.self)
                let replied = channel.eventLoop.makePromise(of: Reply.self)
                // Before anything is said: the answer to AUTH must find who waits for it.
                handler.value.expect(within: limit) { result in
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

    /// Connects to the socket in the folder of a running node's store, and waits until the node answers at all.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out`.
    static func open(
        socket path: String,
        patience: AnswerPatience
    ) async throws(ReportError) -> NodeConnection {
        let connection = try await open(at: path, patience) { bootstrap in
            try await bootstrap.connect(unixDomainSocketPath: path) { initialize($0, path) }
        }
        try await connection.awaitFirstAnswer()
        return connection
    }

    private static func open(
        at place: String,
        _ patience: AnswerPatience,
        connect: (sending ClientBootstrap) async throws -> (any Channel, NIOLoopBound<ReplyHandler>)
    ) async throws(ReportError) -> NodeConnection {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let bootstrap = ClientBootstrap(group: group).connectTimeout(connectTimeout)
            let (channel, handler) = try await connect(bootstrap)
            return NodeConnection(
                channel: channel,
                handler: handler,
                group: group,
                patience: patience
            )
        } catch {
            group.shutdownGracefully { _ in }
            throw ReportError(
                .unreachable,
                "no node answers at \(place)",
                hint: "start it there (systemctl start reportd), or name another place with "
                    + "--node or --store"
            )
        }
    }

    private static func initialize(
        _ channel: any Channel,
        _ place: String
    ) -> EventLoopFuture<(any Channel, NIOLoopBound<ReplyHandler>)> {
        channel.eventLoop.makeCompletedFuture {
            let handler = ReplyHandler(place)
            try channel.pipeline.syncOperations.addHandler(handler)
            return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }
    }

    /// Asks for a sign of life: the kernel takes connections for a node that hangs as well, and only after one
    /// may work be waited for as long as it takes.
    private func awaitFirstAnswer() async throws(ReportError) {
        do throws(ReportError) {
            let reply = try await ask(.ping, payload: nil, within: patience.first)
            if case .error(let code, let message) = reply {
                throw Reply.reportError(code, message: message)
            }
        } catch {
            await close()
            throw error
        }
    }

    /// Sends a request and waits for its one reply.
    /// - Throws: ``ReportError`` `timed-out` when a question meets with silence.
    func request(
        _ request: Request,
        payload: [UInt8]? = nil
    ) async throws(ReportError) -> Reply {
        try await ask(request, payload: payload, within: patience.limit(for: request))
    }

    private func ask(
        _ request: Request,
        payload: [UInt8]?,
        within limit: Duration?
    ) async throws(ReportError) -> Reply {
        let message = try Self.message(request, payload: payload)
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Reply, ReportError>, Never>) in
            send(message, within: limit) { reply in
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
        let limit = patience.limit(for: request)
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<ReportError?, Never>) in
                send(message, within: limit) { result in
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
        within limit: Duration?,
        onReply: @escaping @Sendable (Result<Reply, ReportError>) -> Bool
    ) {
        channel.eventLoop.execute { [channel, handler] in
            handler.value.expect(within: limit, onReply)
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

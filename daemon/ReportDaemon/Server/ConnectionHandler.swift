import NIOCore
import ReportModel
import ReportWire
import Synchronization

/// One connection at the server: a shell around the decoder and ``RequestAnswerer``.
///
/// Requests are answered in order. What memory can answer is answered at once on the event loop;
/// everything else runs in a task while reading waits, so a client that asks faster than it is
/// answered, or does not read its replies, costs nothing but its socket.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answerer: RequestAnswerer
    private let acceptPeer: @Sendable (Hello, PeerGate, any Channel) -> (any PeerInbound)?
    private let processor: NIOSingleStepByteToMessageProcessor<RequestDecoder>
    private let gate = PeerGate()
    private let ending = EndSignal()
    private var pending = CircularBuffer<RequestFrame>()
    private var output = ByteBuffer()
    private var task: Task<Void, Never>?
    private var peer: (any PeerInbound)?
    private var isWatching = false
    private var isClosing = false
    private var isOutputClosed = false
    private var isStopping = false
    private var isReadingPaused = false
    private var idleCheck: Scheduled<Void>?
    private var lastActivity = NIODeadline.now()

    /// Makes a handler.
    /// - Parameters:
    ///   - answerer: what is needed to answer requests.
    ///   - budget: bytes that payloads of all connections may hold together.
    ///   - acceptPeer: begins a session of a peer; nil when none is wanted.
    init(
        answerer: RequestAnswerer,
        budget: PayloadBudget,
        acceptPeer: @escaping @Sendable (Hello, PeerGate, any Channel) -> (any PeerInbound)?
    ) {
        self.answerer = answerer
        self.acceptPeer = acceptPeer
        processor = NIOSingleStepByteToMessageProcessor(
            RequestDecoder(gate: gate, budget: budget)
        )
    }

    func channelActive(context: ChannelHandlerContext) {
        scheduleIdleCheck(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastActivity = .now()
        guard !isClosing, !isStopping else { return }
        // The decoder does not throw: faults are frames.
        try? processor.process(buffer: unwrapInboundIn(data)) { pending.append($0) }
        drain(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { drain(context) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping {
            stop(context)
        } else if case .some(ChannelEvent.inputClosed) = event as? ChannelEvent {
            try? processor.finishProcessing(seenEOF: true) { pending.append($0) }
            ending.set()
            if isOutputClosed { context.close(promise: nil) }
            peer?.inputClosed()
            drain(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        task?.cancel()
        peer?.closed()
        idleCheck?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Answers what waits, until something takes longer or the client must read first.
    private func drain(_ context: ChannelHandlerContext) {
        while task == nil, !isClosing, context.channel.isWritable, !pending.isEmpty {
            serve(pending.removeFirst(), context)
            if output.readableBytes >= ServerLimits.outputBurstByteCount { flush(context) }
        }
        flush(context)
        setReading(
            context,
            paused: pending.count > ServerLimits.maximumPendingFrameCount
                || (task != nil && !isWatching && pending.count > 0)
        )
        if ending.isSet, task == nil, pending.isEmpty, peer == nil { close(context) }
    }

    private func serve(_ frame: RequestFrame, _ context: ChannelHandlerContext) {
        switch frame {
        case .failure(let error) where peer != nil:
            peer?.failed(error)
        case .failure(let error):
            Reply.error(error.reportError).write(to: &output)
            if error.isFinal { close(context) }
        case .peer(let message):
            serve(message, context)
        case .request(let request, let payload):
            serve(request, payload, context)
        }
    }

    private func serve(
        _ request: Request,
        _ payload: Payload?,
        _ context: ChannelHandlerContext
    ) {
        if isWatching {
            Reply.error(.usage, message: "a watch is the last request of its connection")
                .write(to: &output)
            return close(context)
        }
        switch request {
        case .ping: Reply.text("pong").write(to: &output)
        case .quit:
            Reply.text("bye").write(to: &output)
            close(context)
        case .get(let get) where answerer.fastGet(get, &output): break
        case .watch(let lookup, let position): watch(lookup, from: position, context)
        case .verify: verify(context)
        default: answer(request, payload, context)
        }
    }

    private func answer(
        _ request: Request,
        _ payload: Payload?,
        _ context: ChannelHandlerContext
    ) {
        let bytes = payload.map { Array($0.bytes.readableBytesView) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task { [answerer] in
            let reply = await answerer.answer(request, payload: bytes)
            eventLoop.execute {
                let (handler, context) = bound.value
                withExtendedLifetime(payload) {}
                reply.write(to: &handler.output)
                handler.finishTask(context)
            }
        }
    }

    private func verify(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task { [answerer] in
            await answerer.verify { reply in
                eventLoop.execute {
                    let (handler, context) = bound.value
                    reply.write(to: &handler.output)
                    handler.flush(context)
                }
            }
            eventLoop.execute {
                let (handler, context) = bound.value
                handler.finishTask(context)
            }
        }
    }

    private func watch(
        _ lookup: String?,
        from position: UInt64?,
        _ context: ChannelHandlerContext
    ) {
        isWatching = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let channel = context.channel
        task = Task { [answerer, ending] in
            do {
                try await answerer.watch(lookup, from: position, ending: ending) { reply in
                    var buffer = channel.allocator.buffer(capacity: 1024)
                    reply.write(to: &buffer)
                    try await channel.writeAndFlush(buffer).get()
                }
            } catch {
                let known = error as? ReportError
                eventLoop.execute {
                    let (handler, _) = bound.value
                    Reply.error(known ?? ReportError(.internal, "the watch ended"))
                        .write(to: &handler.output)
                }
            }
            eventLoop.execute {
                let (handler, context) = bound.value
                handler.task = nil
                handler.close(context)
            }
        }
    }

    private func serve(_ message: PeerMessage, _ context: ChannelHandlerContext) {
        if let peer {
            peer.received(message)
        } else if case .hello(let hello) = message,
            let peer = acceptPeer(hello, gate, context.channel)
        {
            self.peer = peer
            peer.received(message)
        } else {
            Reply.error(.notAllowed, message: "no peers are taken here").write(to: &output)
            close(context)
        }
    }

    private func finishTask(_ context: ChannelHandlerContext) {
        task = nil
        lastActivity = .now()
        if isStopping { return close(context) }
        drain(context)
    }

    /// Closes once the request under way is answered; peers are ended by their hub.
    private func stop(_ context: ChannelHandlerContext) {
        guard peer == nil else { return }
        pending.removeAll()
        isStopping = true
        if task == nil || isWatching { close(context) }
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        // An idle connection holds no buffer.
        let buffer = output
        output = ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Closes after the last reply: first the sending side, so that a client that still sends can
    /// read why, then the rest.
    private func close(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        task?.cancel()
        pending.removeAll()
        setReading(context, paused: false)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(output), promise: written)
        output = ByteBuffer()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            guard !handler.ending.isSet, !handler.isStopping else {
                return context.close(promise: nil)
            }
            handler.isOutputClosed = true
            context.close(mode: .output, promise: nil)
            context.eventLoop.scheduleTask(in: ServerLimits.lingerTime) {
                bound.value.1.close(promise: nil)
            }
        }
    }

    private func setReading(_ context: ChannelHandlerContext, paused: Bool) {
        guard paused != isReadingPaused else { return }
        isReadingPaused = paused
        context.channel.setOption(.autoRead, value: !paused).whenComplete { _ in }
    }

    private func scheduleIdleCheck(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        idleCheck = context.eventLoop.scheduleTask(in: ServerLimits.idleTimeout) {
            let (handler, context) = bound.value
            let isIdle =
                handler.task == nil && handler.peer == nil
                && NIODeadline.now() - handler.lastActivity >= ServerLimits.idleTimeout
            // One that does not even read its last reply is cut off.
            if isIdle, handler.isClosing { return context.close(promise: nil) }
            if isIdle { handler.close(context) }
            handler.scheduleIdleCheck(context)
        }
    }
}

/// Where the messages of a peer go once it said `HELLO`.
protocol PeerInbound: Sendable {
    /// Takes a message.
    func received(_ message: PeerMessage)
    /// What arrived is no message; told after the messages before it.
    func failed(_ error: any Error)
    /// The other side closed its sending side.
    func inputClosed()
    /// The connection is gone.
    func closed()
}

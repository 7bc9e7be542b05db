import NIOCore
import NIOTLS
import ReportModel
import ReportSync
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

    let services: ConnectionServices
    /// Who the client is, as far as it has proved it.
    var authority: ClientAuthority
    /// What was shown under TLS; nil without.
    var entrance: SecureEntrance?
    /// The handshake of a client, while it is under way.
    var acceptor: AcceptorHandshake?
    var authenticationDeadline: Scheduled<Void>?
    /// Whether the client may read every record, so that the short ways are open.
    var mayReadAll: Bool
    var answerer: RequestAnswerer { services.answerer }
    private let loopOutput = LoopOutput.ofThisThread
    private let requestCounts = RequestCounts.ofThisThread
    let gate = PeerGate()
    let ending = EndSignal()
    private(set) var decoder: RequestDecoder
    /// What has arrived and is not decoded yet.
    private var input = ByteBuffer()
    var output = ByteBuffer()
    var task: Task<Void, Never>?
    private(set) var peer: (any PeerInbound)?
    var isWatching = false
    /// The grant that a watch began with.
    private(set) var watchedGrant: Grant?
    private(set) var isClosing = false
    private var isOutputClosed = false
    private(set) var isStopping = false
    private(set) var isReadingPaused = false
    private(set) var isWritable = true
    private var isWriteAwaited = false
    /// Set while a write is awaited.
    private var context: ChannelHandlerContext?
    var idleCheck: Scheduled<Void>?
    private(set) var lastActivity = NIODeadline.now()
    /// Set while replies wait for a client that does not read.
    var readingCheck: Scheduled<Void>?
    /// Set while a payload is under way.
    var payloadCheck: Scheduled<Void>?
    private(set) var arrivedByteCount = 0
    /// Bytes of large replies that are not handed to the channel yet.
    private var heldReplyByteCount = 0

    /// Makes a handler.
    /// - Parameters:
    ///   - services: what all connections share.
    ///   - authority: what clients of this address may do before they prove a key.
    ///   - entrance: what TLS needs; nil without TLS.
    ///   - budget: bytes that payloads of all connections may hold together.
    init(
        services: ConnectionServices,
        authority: ClientAuthority,
        entrance: SecureEntrance?,
        budget: PayloadBudget
    ) {
        self.services = services
        self.authority = authority
        self.entrance = entrance
        mayReadAll = authority.mayReadAll(services.access.grants)
        decoder = RequestDecoder(
            gate: gate,
            budget: budget,
            takesPayloadsOfStrangers: authority != .stranger
        )
        decoder.mayTakePayload = { [unowned self] request in
            (try? self.authority.scope(of: request, services.access)) != nil
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        scheduleIdleCheck(context)
        if entrance != nil { scheduleAuthentication(context) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // One that is being closed, or that still sends after that, is not kept by what it sends.
        guard !isClosing, !isStopping else { return }
        lastActivity = .now()
        var arrived = unwrapInboundIn(data)
        if arrivedByteCount == 0, entrance == nil, PlainTextHandler.isHandshake(arrived) {
            return refuse(PlainTextHandler.reverse, context)
        }
        arrivedByteCount &+= arrived.readableBytes
        peer?.arrived(byteCount: arrived.readableBytes)
        if input.readableBytes == 0 { input = arrived } else { input.writeBuffer(&arrived) }
        drain(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // Kept: asking the channel costs more than answering a request from memory.
        isWritable = context.channel.isWritable
        if isWritable {
            readingCheck?.cancel()
            readingCheck = nil
            drain(context)
        } else if readingCheck == nil {
            scheduleReadingCheck(context, pending: .max)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping {
            stop(context)
        } else if case .some(ChannelEvent.inputClosed) = event as? ChannelEvent {
            ending.set()
            drain(context)
            peer?.inputClosed()
            if isOutputClosed { context.close(promise: nil) }
        } else if case .handshakeCompleted? = event as? TLSUserEvent {
            judge(context)
        } else if event is PlainTextWasRefused {
            isClosing = true
        } else if event is AccessHasChanged {
            checkAgain(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        output = ByteBuffer()
        task?.cancel()
        peer?.closed()
        idleCheck?.cancel()
        readingCheck?.cancel()
        payloadCheck?.cancel()
        services.replies.giveBack(heldReplyByteCount)
        heldReplyByteCount = 0
        authenticationDeadline?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if entrance?.isPending == true, !isClosing {
            services.refusals.note(TLSFault.text(error), address: context.remoteAddress)
        }
        context.close(promise: nil)
    }

    /// Answers what has arrived, until something takes longer or the client must read first.
    private func drain(_ context: ChannelHandlerContext) {
        while task == nil || isWatching, !isClosing, peer != nil || isWritable {
            if !answerLines() {
                guard let frame = nextFrame() else { break }
                serve(frame, context)
            }
            if output.readableBytes >= ServerLimits.outputBurstByteCount { flush(context) }
        }
        writeLater(context)
        // What NIO lent goes back to it; what waits keeps no room for what was answered.
        if input.readableBytes == 0 {
            input = ByteBuffer()
        } else if input.readerIndex > input.readableBytes {
            input.discardReadBytes()
        }
        let isWaiting = task != nil && !isWatching || peer == nil && !isWritable
        setReading(context, paused: isWaiting && input.readableBytes > 0)
        if ending.isSet, task == nil, input.readableBytes == 0, peer == nil { close(context) }
        if decoder.isWithinPayload, payloadCheck == nil, !isClosing {
            schedulePayloadCheck(context)
        }
    }

    /// Answers the whole keys in front straight from the store's map; false: there are none.
    private func answerLines() -> Bool {
        guard input.readableBytes > 0, mayReadAll, peer == nil, !isWatching, decoder.isBetweenLines
        else {
            return false
        }
        if output.capacity == 0 { output = loopOutput.take() }
        let count = answerer.fastGet.answerLines(&input, &output)
        guard count > 0 else { return false }
        requestCounts.countGets(count)
        decoder.passedLines()
        return true
    }

    private func nextFrame() -> RequestFrame? {
        if input.readableBytes > 0, let frame = decoder.decode(buffer: &input) { return frame }
        return ending.isSet ? decoder.decodeLast(buffer: &input, seenEOF: true) : nil
    }

    private func serve(_ frame: RequestFrame, _ context: ChannelHandlerContext) {
        switch frame {
        case .failure(let error) where peer != nil:
            peer?.failed(error)
        case .failure(let error):
            Reply.error(error.reportError).write(to: &output)
            if error.isFinal || authority == .stranger { close(context) }
        case .peer(let message):
            serve(message, context)
        case .request(let request, let payload):
            requestCounts.count(request.verb)
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
        if authority == .stranger { return serveStranger(request, context) }
        switch request {
        case .ping: Reply.text("pong").write(to: &output)
        case .quit:
            Reply.text("bye").write(to: &output)
            close(context)
        case .get(let get) where mayReadAll && answerer.fastGet.answer(get, &output): break
        case .watch(let lookup, let position):
            // Before the scope is made: a grant that changes in between ends the watch.
            if case .key(let node, _) = authority { watchedGrant = services.access.grants[node] }
            guard let scope = scope(of: request, lookup: lookup) else { return }
            watch(lookup, from: position, scope, context)
        case .verify:
            guard scope(of: request, lookup: nil) != nil else { return }
            verify(context)
        case .renew: renew(context)
        case .join:
            Reply.error(.notAllowed, message: "JOIN is the first line of a connection under TLS")
                .write(to: &output)
        default: answer(request, payload, context)
        }
    }

    /// Writes a reply; large ones of all connections together have a ceiling.
    func write(_ reply: Reply) {
        let start = output.writerIndex
        reply.write(to: &output)
        let count = output.writerIndex - start
        guard count >= ServerLimits.outputBurstByteCount else { return }
        guard services.replies.take(count) else {
            output.moveWriterIndex(to: start)
            return Reply.error(
                ReportError(
                    .noSpace,
                    "too many large replies wait to be read",
                    hint: "try again in a moment"
                )
            ).write(to: &output)
        }
        heldReplyByteCount += count
    }

    private func serve(_ message: PeerMessage, _ context: ChannelHandlerContext) {
        if let peer {
            guard !peer.received(message) else { return }
            // Its session says why and closes; what else has arrived is not even decoded.
            isClosing = true
            input = ByteBuffer()
            return
        }
        switch message {
        case .hello(let hello): serve(hello, context)
        case .auth(let signature) where acceptor != nil: finishClient(signature, context)
        default: refuse(ReportError(.usage, "HELLO comes first"), context)
        }
    }

    /// Hands a peer's connection over to its session.
    func begin(_ hello: Hello, _ context: ChannelHandlerContext) {
        let binding = entrance?.channelBinding ?? .zero
        guard let peer = services.acceptPeer(hello, gate, context.channel, binding) else {
            return refuse(ReportError(.notAllowed, "no peers are taken here"), context)
        }
        self.peer = peer
        _ = peer.received(.hello(hello))
    }

    func finishTask(_ context: ChannelHandlerContext) {
        task = nil
        lastActivity = .now()
        if isStopping { return close(context) }
        drain(context)
    }

    /// Closes once the request under way is answered; peers are ended by their hub.
    private func stop(_ context: ChannelHandlerContext) {
        guard peer == nil else { return }
        input = ByteBuffer()
        isStopping = true
        if task == nil || isWatching { close(context) }
    }

    /// Has what is to be said written at the end of this turn of the event loop.
    private func writeLater(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0, !isWriteAwaited else { return }
        isWriteAwaited = true
        self.context = context
        loopOutput.writeLater(self, on: context.eventLoop)
    }

    /// Writes what ``writeLater(_:)`` announced.
    func writeNow() {
        isWriteAwaited = false
        if let context = context.take() { flush(context) }
    }

    func flush(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        // An idle connection holds no buffer.
        let buffer = output
        output = ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(buffer), promise: releaseAfterWrite(context))
        loopOutput.give(buffer)
    }

    /// What gives the bytes of large replies back once they are written; nil when there are none.
    private func releaseAfterWrite(_ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
        guard heldReplyByteCount > 0 else { return nil }
        let count = heldReplyByteCount
        heldReplyByteCount = 0
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { [replies = services.replies] _ in
            replies.giveBack(count)
        }
        return promise
    }

    /// Closes after the last reply: first the sending side, so that a client that still sends can
    /// read why, then the rest.
    func close(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        task?.cancel()
        input = ByteBuffer()
        setReading(context, paused: false)
        let written = releaseAfterWrite(context) ?? context.eventLoop.makePromise(of: Void.self)
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

    /// Closes at once, with nothing written.
    func cut(_ context: ChannelHandlerContext) {
        isClosing = true
        task?.cancel()
        context.close(mode: .all, promise: nil)
    }

    private func setReading(_ context: ChannelHandlerContext, paused: Bool) {
        guard paused != isReadingPaused else { return }
        isReadingPaused = paused
        context.channel.setOption(.autoRead, value: !paused).whenComplete { _ in }
    }

}

import NIOCore
import ReportModel
import ReportWire

/// Proves the client's key at the beginning of a connection; afterwards it lets everything pass.
///
/// Source: docs/protocol.md section 4.
final class GreetingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static var gone: ReportError {
        ReportError(.unreachable, "the node closed the connection")
    }

    private let processor = NIOSingleStepByteToMessageProcessor(
        PeerMessageDecoder(gate: PeerGate()),
        maximumBufferSize: WireLimits.maximumLineByteCount + 2
    )
    /// How the node is called in complaints.
    private let place: String
    /// Time for the node to answer `HELLO`.
    private let limit: Duration
    private var handshake: InitiatorHandshake?
    private var isOver = false
    private var isGone = false
    private var deadline: Scheduled<Void>?
    /// What the node said before this side did: why it refuses.
    private var early: ByteBuffer?
    private var promise: EventLoopPromise<Void>?

    /// Makes a handler.
    /// - Parameters:
    ///   - place: how the node is called in complaints.
    ///   - limit: time for the node to answer `HELLO`.
    init(_ place: String, _ limit: Duration) {
        self.place = place
        self.limit = limit
    }

    /// Says `HELLO`.
    /// - Parameters:
    ///   - handshake: the client's side of it.
    ///   - context: of this handler.
    ///   - promise: told when `AUTH` was sent, or why not; its answer is a reply.
    func begin(
        _ handshake: InitiatorHandshake,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>
    ) {
        self.handshake = handshake
        self.promise = promise
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(limit)) {
            let handler = bound.value
            handler.fail(AnswerPatience.silence(at: handler.place, handler.limit))
        }
        if let early { read(early, context) }
        early = nil
        if isGone { fail(Self.gone) }
        if !isOver { send(.hello(handshake.hello), context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return context.fireChannelRead(data) }
        var buffer = unwrapInboundIn(data)
        guard handshake == nil else { return read(buffer, context) }
        if early?.writeBuffer(&buffer) == nil { early = buffer }
        if early?.readableBytes ?? 0 > WireLimits.maximumLineByteCount {
            context.close(promise: nil)
        }
    }

    private func read(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        do {
            try processor.process(buffer: buffer) { message in
                try take(message, context)
            }
        } catch {
            let known =
                error as? ReportError
                ?? ReportError(.internal, "the node's greeting is not understood")
            fail(known)
            context.close(promise: nil)
        }
    }

    private func take(_ message: PeerMessage, _ context: ChannelHandlerContext) throws {
        switch message {
        case .hello(let hello):
            guard let handshake else { return }
            let signature = try handshake.authenticate(hello)
            isOver = true
            deadline?.cancel()
            send(.auth(signature: signature), context)
            promise?.succeed(())
            promise = nil
        case .failure(let code, let message): throw ReportError(code, message)
        default: throw ReportError(.internal, "the node's greeting is not understood")
        }
    }

    private func send(_ message: PeerMessage, _ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: 512)
        do {
            try message.write(to: &buffer)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        } catch {
            fail(ReportError(.internal, "the greeting cannot be written"))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isGone = true
        if promise != nil { fail(Self.gone) }
        context.fireChannelInactive()
    }

    private func fail(_ error: ReportError) {
        isOver = true
        deadline?.cancel()
        promise?.fail(error)
        promise = nil
    }
}

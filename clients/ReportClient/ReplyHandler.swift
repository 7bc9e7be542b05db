import NIOCore
import ReportModel
import ReportWire

/// Gives each reply to the request that waits longest, and ends the connection when its time is over.
final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias Callback = @Sendable (Result<Reply, ReportError>) -> Bool

    private struct Waiting {
        var callback: Callback
        /// How long the node may say nothing; nil: as long as its work takes.
        var limit: Duration?
    }

    private let processor = NIOSingleStepByteToMessageProcessor(
        ReplyDecoder(),
        maximumBufferSize: WireLimits.maximumReplyByteCount + WireLimits.maximumLineByteCount
    )
    /// How the node is called in complaints.
    private let place: String
    private var waiting = CircularBuffer<Waiting>()
    private var isClosed = false
    private var context: ChannelHandlerContext?
    /// When something came, or the request in front came there.
    private var silentSince = NIODeadline.now()
    private var timer: Scheduled<Void>?

    /// Makes a handler.
    /// - Parameter place: how the node is called in complaints.
    init(_ place: String) { self.place = place }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Lets a request wait for its replies.
    /// - Parameters:
    ///   - limit: how long the node may say nothing while the request is in front.
    ///   - callback: told each reply, or why there is none; returns whether it wants more.
    func expect(within limit: Duration?, _ callback: @escaping Callback) {
        guard !isClosed else {
            _ = callback(.failure(Self.gone))
            return
        }
        waiting.append(Waiting(callback: callback, limit: limit))
        if waiting.count == 1 { startWaiting() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        silentSince = .now()
        do {
            try processor.process(buffer: unwrapInboundIn(data)) { reply in
                guard let first = waiting.first else { return }
                guard !first.callback(.success(reply)) else { return }
                waiting.removeFirst()
                startWaiting()
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

    /// Begins the time of the request that has come to the front.
    private func startWaiting() {
        silentSince = .now()
        look()
    }

    /// Ends the connection when the request in front met with silence for its whole time, else looks again then.
    ///
    /// One look is under way at a time: what arrives only moves ``silentSince``.
    private func look() {
        guard timer == nil, !isClosed, let context, let limit = waiting.first?.limit else { return }
        let left = silentSince + TimeAmount(limit) - .now()
        guard left <= .zero else {
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            timer = context.eventLoop.scheduleTask(in: left) {
                bound.value.timer = nil
                bound.value.look()
            }
            return
        }
        fail(AnswerPatience.silence(at: place, limit))
        context.close(promise: nil)
    }

    private func fail(_ error: ReportError) {
        isClosed = true
        timer?.cancel()
        timer = nil
        let requests = waiting
        waiting.removeAll()
        for request in requests { _ = request.callback(.failure(error)) }
    }

    private static var gone: ReportError {
        ReportError(.unreachable, "the node closed the connection")
    }
}

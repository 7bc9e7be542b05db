import NIOCore
import NIOHTTP1

/// One connection of the HTTP server: `GET` and `HEAD`, no bodies, one request after the other.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let respond: HTTPServer.Respond
    private let answerTimeout: TimeAmount
    private var head: HTTPRequestHead?
    private var hasBody = false
    private var isAnswering = false
    private var deadline: Scheduled<Void>?
    private var task: Task<Void, Never>?

    init(_ respond: @escaping HTTPServer.Respond, _ answerTimeout: TimeAmount) {
        self.respond = respond
        self.answerTimeout = answerTimeout
    }

    func channelActive(context: ChannelHandlerContext) {
        schedule(context, in: HTTPLimits.requestTimeout) { $1.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        task?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            hasBody = false
        case .body:
            guard !hasBody, let head else { return }
            // What follows is not waited for: the answer goes out and the connection ends.
            hasBody = true
            answer(head, .text(.badRequest, "no body is taken here"), closes: true, context)
        case .end:
            guard !hasBody, let head else { return }
            serve(head, context)
        }
    }

    private func serve(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            let refusal = HTTPAnswer.text(.methodNotAllowed, "only GET and HEAD are answered")
            return answer(head, refusal, closes: true, context)
        }
        let path = head.uri.prefix { $0 != "?" && $0 != "#" }
        isAnswering = true
        schedule(context, in: answerTimeout) { handler, context in
            handler.task?.cancel()
            let late = HTTPAnswer.text(.serviceUnavailable, "the answer took too long")
            handler.answer(head, late, closes: true, context)
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task { [respond] in
            let made = await respond(String(path))
            eventLoop.execute {
                let (handler, context) = bound.value
                handler.answer(head, made, closes: !head.isKeepAlive, context)
            }
        }
    }

    /// Writes an answer, unless the request was answered already.
    private func answer(
        _ head: HTTPRequestHead,
        _ answer: HTTPAnswer,
        closes: Bool,
        _ context: ChannelHandlerContext
    ) {
        guard self.head != nil else { return }
        self.head = nil
        isAnswering = false
        var headers = HTTPHeaders([
            ("Content-Type", answer.mediaType), ("Content-Length", String(answer.body.count)),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
            ("Connection", closes ? "close" : "keep-alive"),
        ])
        if answer.status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
        let first = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(first)), promise: nil)
        if head.method != .HEAD {
            let body = context.channel.allocator.buffer(bytes: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        schedule(context, in: HTTPLimits.writeTimeout) { $1.close(promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            guard !closes else { return context.close(promise: nil) }
            guard !handler.isAnswering else { return }
            handler.schedule(context, in: HTTPLimits.requestTimeout) { $1.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Sets the only deadline of the connection.
    private func schedule(
        _ context: ChannelHandlerContext,
        in time: TimeAmount,
        _ body: @escaping (HTTPHandler, ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        let bound = NIOLoopBound((self, context, body), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) {
            let (handler, context, body) = bound.value
            body(handler, context)
        }
    }
}

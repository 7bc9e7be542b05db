import Failpoints
import NIOCore
import ReportModel
import ReportWire

/// Requests that take longer than a turn of the event loop: reading waits while one is under way.
extension ConnectionHandler {
    func answer(
        _ request: Request,
        _ payload: Payload?,
        _ context: ChannelHandlerContext
    ) {
        let bytes = payload.map { Array($0.bytes.readableBytesView) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task { [answerer = services.answerer, authority] in
            let reply = await answerer.answer(request, payload: bytes, authority: authority)
            eventLoop.execute {
                let (handler, context) = bound.value
                withExtendedLifetime(payload) {}
                request.giveReply {
                    handler.write(reply)
                    handler.finishTask(context)
                }
            }
        }
    }

    func verify(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task { [answerer = services.answerer] in
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

    func watch(
        _ lookup: String?,
        from position: UInt64?,
        _ scope: RequestScope,
        _ context: ChannelHandlerContext
    ) {
        isWatching = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let channel = context.channel
        task = Task { [answerer = services.answerer, ending] in
            do {
                try await answerer.watch(lookup, from: position, ending: ending, scope: scope) {
                    reply in
                    var buffer = channel.allocator.buffer(capacity: 1024)
                    reply.write(to: &buffer)
                    let deadline = eventLoop.scheduleTask(in: ServerLimits.watchReadingTimeout) {
                        channel.close(promise: nil)
                    }
                    defer { deadline.cancel() }
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
}

extension Request {
    /// Gives the reply; that to a filing is an acknowledgement, at which tests end the process.
    fileprivate func giveReply(_ give: () -> Void) {
        switch self {
        case .put, .putRecord: Failpoint.filingReply.around(give)
        default: give()
        }
    }
}

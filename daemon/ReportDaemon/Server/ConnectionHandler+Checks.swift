import NIOCore
import ReportModel
import ReportWire

/// What ends a connection that does nothing, reads nothing, or sends its payload too slowly.
extension ConnectionHandler {
    func scheduleIdleCheck(_ context: ChannelHandlerContext) {
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

    /// Cuts a client that reads too little of what waits for it.
    func scheduleReadingCheck(_ context: ChannelHandlerContext, pending: Int) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        readingCheck = context.eventLoop.scheduleTask(in: ServerLimits.readingInterval) {
            let (handler, context) = bound.value
            handler.readingCheck = nil
            guard !handler.isWritable, handler.peer == nil else { return }
            let left = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? .max
            guard left <= pending - ServerLimits.leastReadByteCount else {
                handler.services.refusals.note(
                    "replies were not read",
                    address: context.remoteAddress
                )
                return handler.cut(context)
            }
            handler.scheduleReadingCheck(context, pending: left)
        }
    }

    /// Ends the connection of a client that sends its payload too slowly.
    func schedulePayloadCheck(_ context: ChannelHandlerContext) {
        let before = arrivedByteCount
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        payloadCheck = context.eventLoop.scheduleTask(in: ServerLimits.payloadInterval) {
            let (handler, context) = bound.value
            handler.payloadCheck = nil
            guard handler.decoder.isWithinPayload, !handler.isClosing, !handler.isStopping else {
                return
            }
            let count = handler.arrivedByteCount &- before
            guard handler.isReadingPaused || count >= ServerLimits.leastPayloadByteCount else {
                Reply.error(.timedOut, message: "the bytes that were announced do not come")
                    .write(to: &handler.output)
                return handler.close(context)
            }
            handler.schedulePayloadCheck(context)
        }
    }
}

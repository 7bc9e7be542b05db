import NIOCore
import NIOPosix

/// What the connections of one event loop write in one turn of it.
///
/// Replies are written when every connection that had something to read was served: clients are then
/// woken once for many replies, as Redis does it. Buffers are used again: most replies are in the
/// kernel when the write returns. One that is not is left to its writer; `ByteBuffer` copies on write.
final class LoopOutput {
    // Unsafe only to the compiler: every thread sees its own value.
    private nonisolated(unsafe) static let variable = ThreadSpecificVariable<LoopOutput>()

    /// That of the calling thread; each event loop is one.
    static var ofThisThread: LoopOutput {
        if let output = variable.currentValue { return output }
        let output = LoopOutput()
        variable.currentValue = output
        return output
    }

    private var buffers: [ByteBuffer] = []
    private var byteCount = 0
    private var writers: [ConnectionHandler] = []

    private init() {}

    /// An empty buffer.
    func take() -> ByteBuffer {
        guard var buffer = buffers.popLast() else {
            return ByteBufferAllocator().buffer(capacity: ServerLimits.outputByteCount)
        }
        byteCount -= buffer.capacity
        buffer.clear()
        return buffer
    }

    /// Keeps a buffer that was handed to a writer.
    func give(_ buffer: ByteBuffer) {
        guard byteCount + buffer.capacity <= ServerLimits.maximumIdleOutputByteCount else { return }
        byteCount += buffer.capacity
        buffers.append(buffer)
    }

    /// Has a connection write what it has at the end of this turn.
    func writeLater(_ handler: ConnectionHandler, on eventLoop: any EventLoop) {
        writers.append(handler)
        guard writers.count == 1 else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.writeAll() }
    }

    private func writeAll() {
        let now = writers
        writers.removeAll(keepingCapacity: true)
        for handler in now { handler.writeNow() }
    }
}

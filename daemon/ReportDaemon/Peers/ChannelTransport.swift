import Failpoints
import NIOCore
import ReportModel
import ReportSync
import ReportWire
import Synchronization

/// A peer session's connection over NIO: messages in order, reading waits for the store.
final class ChannelTransport: PeerTransport, PeerInbound {
    /// Messages that wait before the socket is no longer read; batches are the large ones.
    static let maximumWaitingCount = 16
    /// Bytes of entries that wait, frames expanded; a sender has no right to more.
    ///
    /// A window, or the one batch that is larger.
    static let maximumWaitingByteCount = max(
        WireLimits.maximumUnacknowledgedByteCount,
        WireLimits.maximumBatchByteCount
    )

    private struct State {
        var messages = CircularBuffer<PeerMessage>()
        var byteCount = 0
        var waiter: CheckedContinuation<Result<PeerMessage?, any Error>, Never>?
        var failure: (any Error)?
        var isClosed = false
        var isPaused = false
    }

    private let channel: any Channel
    private let gate: PeerGate
    private let waitingByteCount: Int
    private let state = Mutex(State())
    private let arrivedCount = Atomic<UInt64>(0)

    /// Makes a transport over a connection whose decoder hands its messages to ``received(_:)``.
    init(
        channel: any Channel,
        gate: PeerGate,
        waitingByteCount: Int = ChannelTransport.maximumWaitingByteCount
    ) {
        self.channel = channel
        self.gate = gate
        self.waitingByteCount = waitingByteCount
    }

    /// Whether the other side is a process of this machine.
    var isWithinMachine: Bool { channel.remoteAddress?.isLoopback ?? false }

    func received(_ message: PeerMessage) -> Bool {
        let (pauses, isTooMuch) = state.withLock { state in
            if let waiter = state.waiter {
                state.waiter = nil
                waiter.resume(returning: .success(message))
                return (false, false)
            }
            guard !state.isClosed else { return (false, false) }
            state.byteCount += Self.byteCount(message)
            guard state.byteCount <= waitingByteCount else {
                state.messages.removeAll()
                return (false, true)
            }
            state.messages.append(message)
            guard state.messages.count >= Self.maximumWaitingCount, !state.isPaused else {
                return (false, false)
            }
            state.isPaused = true
            return (true, false)
        }
        if isTooMuch {
            end(ReportError(.usage, "more batches than may be unacknowledged"))
            return false
        }
        if pauses { setReading(false) }
        return true
    }

    /// What a message counts while it waits.
    private static func byteCount(_ message: PeerMessage) -> Int {
        switch message {
        case .batch(let batch, _): batch.encodedByteCount
        case .entries(let fetched): fetched.encodedByteCount
        default: 0
        }
    }

    func arrived(byteCount: Int) {
        arrivedCount.wrappingAdd(UInt64(clamping: byteCount), ordering: .relaxed)
    }

    var arrivedByteCount: UInt64 { arrivedCount.load(ordering: .relaxed) }

    /// The decoder found nonsense; told after the messages before it.
    func failed(_ error: any Error) { end(error) }

    func inputClosed() { end(nil) }

    func closed() { end(nil) }

    private func end(_ error: (any Error)?) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            state.failure = error
            guard let waiter = state.waiter else { return }
            state.waiter = nil
            waiter.resume(returning: error.map { .failure($0) } ?? .success(nil))
        }
    }

    func receive() async throws -> PeerMessage? {
        let result = await withCheckedContinuation {
            (waiter: CheckedContinuation<Result<PeerMessage?, any Error>, Never>) in
            let resumes = state.withLock { state in
                if !state.messages.isEmpty {
                    let message = state.messages.removeFirst()
                    state.byteCount -= Self.byteCount(message)
                    waiter.resume(returning: .success(message))
                } else if state.isClosed {
                    waiter.resume(returning: state.failure.map { .failure($0) } ?? .success(nil))
                } else {
                    state.waiter = waiter
                }
                guard state.isPaused, state.messages.count < Self.maximumWaitingCount / 4 else {
                    return false
                }
                state.isPaused = false
                return true
            }
            if resumes { setReading(true) }
        }
        return try result.get()
    }

    func send(_ message: PeerMessage) async throws {
        var buffer = channel.allocator.buffer(capacity: 512)
        try message.write(to: &buffer)
        let point: Failpoint? =
            switch message {
            case .batch: .peerBatch
            case .acknowledgement: .peerAcknowledgement
            default: nil
            }
        point?.pass(.before)
        try await channel.writeAndFlush(buffer).get()
        point?.pass(.after)
    }

    func post(_ message: PeerMessage) -> Bool {
        switch message {
        case .ping, .pong: break
        default: return false
        }
        // A peer that asks and does not read is not answered beyond what the connection holds.
        guard channel.isWritable else { return false }
        var buffer = channel.allocator.buffer(capacity: 64)
        guard (try? message.write(to: &buffer)) != nil else { return false }
        channel.writeAndFlush(buffer, promise: nil)
        return true
    }

    func openGate() { gate.open() }

    func close() async {
        end(nil)
        try? await channel.close().get()
    }

    private func setReading(_ isReading: Bool) {
        channel.setOption(.autoRead, value: isReading).whenComplete { _ in }
    }
}

/// Decodes what an upstream sends and hands it to the transport.
final class UpstreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let transport: ChannelTransport
    private let processor: NIOSingleStepByteToMessageProcessor<PeerMessageDecoder>

    init(transport: ChannelTransport, gate: PeerGate) {
        self.transport = transport
        processor = NIOSingleStepByteToMessageProcessor(
            PeerMessageDecoder(gate: gate),
            maximumBufferSize: WireLimits.maximumBatchByteCount + WireLimits.maximumLineByteCount
        )
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        transport.arrived(byteCount: bytes.readableBytes)
        do {
            try processor.process(buffer: bytes) { message in
                guard transport.received(message) else {
                    throw ReportError(.usage, "more batches than may be unacknowledged")
                }
            }
        } catch {
            transport.failed(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        transport.closed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        transport.failed(error)
        context.close(promise: nil)
    }
}

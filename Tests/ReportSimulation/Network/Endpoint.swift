import NIOCore
import ReportSync
import ReportWire
import Synchronization

/// One end of a connection, with the product's own encoder and decoder.
final class Endpoint: PeerTransport {
    /// Bytes under way before a writer has to wait, as the buffers of two sockets.
    static let bufferByteCount = 128 * 1024

    private struct Reset: Error {}

    private struct State {
        var arrived = ByteBuffer()
        var receiver: CheckedContinuation<Void, Never>?
        var senders: [CheckedContinuation<Void, Never>] = []
        var underWay = 0
        var isClosed = false
        var isOtherClosed = false
        var isDead = false
    }

    let wire: Wire
    let side: Int
    private let gate = PeerGate()
    private let decoder: Mutex<PeerMessageDecoder>
    private let state = Mutex(State())

    init(wire: Wire, side: Int) {
        self.wire = wire
        self.side = side
        decoder = Mutex(PeerMessageDecoder(gate: gate))
    }

    var node: Int { wire.nodes[side] }
    var peer: Int { wire.nodes[1 - side] }

    /// The process is gone: it neither sends nor hears anything any more.
    func die() {
        state.withLock { $0.isDead = true }
        wake()
    }

    // MARK: PeerTransport

    func receive() async throws -> PeerMessage? {
        while true {
            let message: PeerMessage? = try state.withLock { state in
                guard !state.isClosed, !state.isDead else { return nil }
                return try decoder.withLock { try $0.decode(buffer: &state.arrived) }
            }
            if let message {
                wire.world.heard(message, by: self)
                return message
            }
            if state.withLock({ $0.isClosed || $0.isOtherClosed || $0.isDead }) { return nil }
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isClosed || state.isOtherClosed || state.isDead { return true }
                    state.receiver = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        }
    }

    func send(_ message: PeerMessage) async throws {
        for message in wire.world.said(message, by: self) {
            if state.withLock({ $0.isClosed || $0.isOtherClosed || $0.isDead }) { throw Reset() }
            var buffer = ByteBuffer()
            try message.write(to: &buffer)
            wire.world.fold(buffer)
            state.withLock { $0.underWay += buffer.readableBytes }
            wire.carry(buffer, from: side)
        }
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                if state.isClosed || state.isOtherClosed || state.isDead
                    || state.underWay <= Self.bufferByteCount
                {
                    return true
                }
                state.senders.append(continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
    }

    func openGate() { gate.open() }

    func close() async {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed && !state.isDead
        }
        if isFirst { wire.close(from: side) }
        wake()
    }

    // MARK: What the wire does

    func take(_ piece: ByteBuffer) {
        var piece = piece
        let receiver = state.withLock { state in
            state.arrived.writeBuffer(&piece)
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.resume()
    }

    func carried(_ count: Int) {
        let senders = state.withLock { state in
            state.underWay -= count
            guard state.underWay <= Self.bufferByteCount else {
                return [CheckedContinuation<Void, Never>]()
            }
            defer { state.senders = [] }
            return state.senders
        }
        for sender in senders { sender.resume() }
    }

    func otherClosed() {
        state.withLock { $0.isOtherClosed = true }
        wake()
    }

    private func wake() {
        let (receiver, senders) = state.withLock { state in
            defer {
                state.receiver = nil
                state.senders = []
            }
            return (state.receiver, state.senders)
        }
        receiver?.resume()
        for sender in senders { sender.resume() }
    }
}

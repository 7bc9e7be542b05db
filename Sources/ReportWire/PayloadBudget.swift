public import NIOCore
import Synchronization

/// The bytes of payloads that all connections of a server may hold together.
public final class PayloadBudget: Sendable {
    private let limit: Int
    private let held = Mutex(0)

    /// Makes a budget.
    /// - Parameter limit: bytes of payloads under way at the same time.
    public init(limit: Int = WireLimits.maximumHeldPayloadByteCount) { self.limit = limit }

    /// Bytes held at present.
    public var heldByteCount: Int { held.withLock { $0 } }

    fileprivate func take(_ count: Int) -> Bool {
        held.withLock { held in
            guard count <= limit - held else { return false }
            held += count
            return true
        }
    }

    fileprivate func giveBack(_ count: Int) { held.withLock { $0 -= count } }
}

/// Part of a budget; given back when the last copy of the payload is gone.
final class PayloadReservation: Sendable {
    private let budget: PayloadBudget
    private let count = Mutex(0)

    init(_ budget: PayloadBudget) { self.budget = budget }

    func grow(by more: Int) -> Bool {
        guard budget.take(more) else { return false }
        count.withLock { $0 += more }
        return true
    }

    deinit { budget.giveBack(count.withLock { $0 }) }
}

/// The payload of a request; counts against its server's budget as long as a copy is alive.
public struct Payload: Hashable, Sendable {
    /// The bytes.
    public let bytes: ByteBuffer
    private let reservation: PayloadReservation?

    /// Makes a payload that counts nowhere.
    /// - Parameter bytes: the bytes.
    public init(bytes: ByteBuffer) { self.init(bytes: bytes, reservation: nil) }

    init(bytes: ByteBuffer, reservation: PayloadReservation?) {
        self.bytes = bytes
        self.reservation = reservation
    }

    /// Whether the bytes are equal.
    public static func == (left: Payload, right: Payload) -> Bool { left.bytes == right.bytes }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

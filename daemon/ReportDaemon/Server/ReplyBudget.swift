import Synchronization

/// Bytes of large replies that wait to be read, of all connections together.
final class ReplyBudget: Sendable {
    private let limit: Int
    private let held = Mutex(0)

    init(limit: Int = ServerLimits.maximumHeldReplyByteCount) { self.limit = limit }

    /// Takes room for a reply.
    /// - Returns: false when there is none; one reply alone always has room.
    func take(_ count: Int) -> Bool {
        held.withLock { held in
            guard held == 0 || count <= limit - held else { return false }
            held += count
            return true
        }
    }

    func giveBack(_ count: Int) { held.withLock { $0 -= count } }
}

/// Lets one check of the store run at a time.
final class VerifyTurn: Sendable {
    private let isTaken = Mutex(false)

    /// Takes the turn; false: a check is running.
    func take() -> Bool {
        isTaken.withLock { isTaken in
            guard !isTaken else { return false }
            isTaken = true
            return true
        }
    }

    func end() { isTaken.withLock { $0 = false } }
}

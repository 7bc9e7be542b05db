import Glibc
public import ReportModel
import Synchronization

/// From how much room on a warning is given, and writes are refused.
public struct DiskThresholds: Hashable, Sendable {
    /// Free bytes under which there is little room.
    public var lowByteCount: Int?
    /// Free bytes under which writes are refused.
    public var fullByteCount: Int?

    /// Makes thresholds.
    /// - Parameters:
    ///   - lowByteCount: free bytes under which there is little room; nil: 5 % of the file system,
    ///     at least 1 GiB, but never more than a quarter of it.
    ///   - fullByteCount: free bytes under which writes are refused; nil: 128 MiB, but never more
    ///     than a hundredth of the file system.
    public init(lowByteCount: Int? = nil, fullByteCount: Int? = nil) {
        self.lowByteCount = lowByteCount
        self.fullByteCount = fullByteCount
    }

    package func low(of byteCount: Int) -> Int {
        lowByteCount ?? min(max(byteCount / 20, 1 << 30), byteCount / 4)
    }

    package func full(of byteCount: Int) -> Int {
        fullByteCount ?? min(128 << 20, byteCount / 100)
    }
}

/// Refuses writes while the disk is nearly full, and by itself takes them again.
final class DiskGuard: Sendable {
    private let thresholds: DiskThresholds
    private let path: String
    private let isFull = Mutex(false)
    /// When there was last seen to be room for writes.
    private let roomSeen = Mutex<ContinuousClock.Instant?>(nil)
    /// How long that counts, so that thousands of writes a second do not each ask the system.
    private static let roomLifetime = Duration.milliseconds(20)

    init(path: String, thresholds: DiskThresholds) {
        self.path = path
        self.thresholds = thresholds
    }

    /// How things stand now.
    ///
    /// What was refused is taken again only when there is a quarter more room than where refusing
    /// began, so that writes do not come and go.
    var condition: DiskCondition? {
        guard let room = DiskRoom(of: path), room.byteCount > 0 else { return nil }
        let full = thresholds.full(of: room.byteCount)
        let isFull = isFull.withLock { isFull in
            isFull = room.freeByteCount < (isFull ? full + full / 4 : full)
            return isFull
        }
        let low = thresholds.low(of: room.byteCount)
        // Only a disk that is well away from being full need not be asked again at once.
        roomSeen.withLock { $0 = room.freeByteCount >= low ? .now : nil }
        return DiskCondition(
            level: isFull ? .full : room.freeByteCount < low ? .low : .ok,
            freeByteCount: room.freeByteCount,
            byteCount: room.byteCount
        )
    }

    /// Why a write is refused; nil when it is not.
    var refusal: ReportError? {
        let now = ContinuousClock.now
        if let seen = roomSeen.withLock({ $0 }), now - seen < Self.roomLifetime { return nil }
        guard let condition, condition.level == .full else { return nil }
        return ReportError(
            .noSpace,
            "the disk of the store is full: \(condition.freeByteCount >> 20) MiB are free",
            hint: "make room on \(path); writes are taken again by themselves, reads go on",
            details: ["free": .integer(condition.freeByteCount)]
        )
    }
}

extension Store {
    /// Room on the store's file system; nil when the system does not tell.
    public var diskCondition: DiskCondition? { diskGuard.condition }
}

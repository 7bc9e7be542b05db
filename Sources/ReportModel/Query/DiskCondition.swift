/// Room on the file system of a store.
public struct DiskCondition: Hashable, Sendable {
    /// How things stand.
    public enum Level: String, Hashable, Sendable {
        /// There is room.
        case ok
        /// There is little room: make some before writes are refused.
        case low
        /// Writes are refused until there is room again; reads go on.
        case full
    }

    /// How things stand.
    public var level: Level
    /// Bytes free for this user.
    public var freeByteCount: Int
    /// Bytes of the file system.
    public var byteCount: Int

    /// Makes a condition.
    /// - Parameters:
    ///   - level: how things stand.
    ///   - freeByteCount: bytes free for this user.
    ///   - byteCount: bytes of the file system.
    public init(level: Level, freeByteCount: Int, byteCount: Int) {
        self.level = level
        self.freeByteCount = freeByteCount
        self.byteCount = byteCount
    }

    /// The condition as an object.
    public var json: JSONValue {
        [
            "level": .string(level.rawValue), "free": .integer(freeByteCount),
            "bytes": .integer(byteCount),
        ]
    }
}

/// A log: 16 bytes that only the owner of its key can have made.
///
/// Source: docs/format.md, section on logs.
public struct LogID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Number of bytes.
    public static let byteCount = 16
    private let high: UInt64
    private let low: UInt64

    /// Takes 16 bytes; nil for any other number.
    /// - Parameter bytes: the identifier.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == LogID.byteCount else { return nil }
        var reader = ByteReader(Array(bytes)[...])
        guard let high = reader.integer(UInt64.self), let low = reader.integer(UInt64.self) else {
            return nil
        }
        self.high = high
        self.low = low
    }

    /// Reads 32 hexadecimal digits.
    /// - Parameter hex: what ``description`` gives.
    public init?(hex: some StringProtocol) {
        guard let bytes = HexText.bytes(hex), let id = LogID(bytes) else { return nil }
        self = id
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
        return bytes
    }

    /// Thirty-two hexadecimal digits.
    public var description: String { HexText.text(bytes) }

    /// Order of the bytes.
    public static func < (left: LogID, right: LogID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// A place in a log: nothing else says unmistakably how far a node has come.
public struct LogPosition: Hashable, Sendable {
    /// The log.
    public var log: LogID
    /// Sequence of the last entry; 0 before the first.
    public var sequence: UInt64
    /// Hash of that entry; zero before the first.
    public var hash: Hash256

    /// Makes a position.
    /// - Parameters:
    ///   - log: the log.
    ///   - sequence: sequence of the last entry.
    ///   - hash: hash of that entry.
    public init(log: LogID, sequence: UInt64, hash: Hash256) {
        self.log = log
        self.sequence = sequence
        self.hash = hash
    }

    /// The object `{log, sequence, hash}`.
    public var json: JSONValue {
        [
            "log": .string(log.description), "sequence": .integer(Int(clamping: sequence)),
            "hash": .string(hash.hex),
        ]
    }
}

/// A receiver's signature that it holds a log up to a sequence, on disk.
///
/// Source: docs/format.md, section on acknowledgements; DESIGN section 4, last paragraph.
public struct Acknowledgement: Hashable, Sendable {
    /// First bytes: the letters "rpa" and the format.
    public static let magic: [UInt8] = [0x72, 0x70, 0x61, 1]
    /// Number of bytes of an acknowledgement.
    public static let byteCount = 164

    /// What the receiver holds.
    public var position: LogPosition
    /// When the receiver's disk had it.
    public var receivedAt: Timestamp
    /// The receiver.
    public var node: NodeID
    /// Ed25519 signature over all bytes before it.
    public var signature: [UInt8]

    /// Signs for a position.
    /// - Parameters:
    ///   - position: what is held, after the commit.
    ///   - receivedAt: when the disk had it.
    ///   - key: the receiver's key.
    public init(position: LogPosition, receivedAt: Timestamp, key: NodeKey) {
        self.position = position
        self.receivedAt = receivedAt
        node = key.id
        signature = []
        signature = key.sign(signedBytes)
    }

    /// The bytes that the signature covers.
    public var signedBytes: [UInt8] {
        var bytes = Acknowledgement.magic
        bytes.append(contentsOf: position.log.bytes)
        bytes.appendBigEndian(position.sequence)
        position.hash.append(to: &bytes)
        bytes.appendBigEndian(receivedAt.milliseconds)
        node.key.append(to: &bytes)
        return bytes
    }

    /// All bytes.
    public var bytes: [UInt8] { signedBytes + signature }

    /// Reads an acknowledgement; nil unless it has the exact length and form.
    /// - Parameter bytes: what ``bytes`` gives.
    public init?(_ bytes: some Collection<UInt8>) {
        var reader = ByteReader(Array(bytes)[...])
        guard bytes.count == Acknowledgement.byteCount,
            let magic = reader.take(4), Array(magic) == Acknowledgement.magic,
            let logBytes = reader.take(LogID.byteCount), let log = LogID(logBytes),
            let sequence = reader.integer(UInt64.self), let hash = reader.hash(),
            let receivedAt = reader.integer(UInt64.self), receivedAt < Timestamp.end,
            let key = reader.take(32), let node = NodeID(key),
            let signature = reader.take(NodeKey.signatureByteCount)
        else { return nil }
        position = LogPosition(log: log, sequence: sequence, hash: hash)
        self.receivedAt = Timestamp(milliseconds: receivedAt)
        self.node = node
        self.signature = Array(signature)
    }

    /// Whether the named node signed exactly these values.
    public var isAuthentic: Bool { node.verifies(signature: signature, over: signedBytes) }
}

/// Who owns a log.
///
/// The log's identifier is a hash of these bytes, so nobody can claim it.
///
/// Source: docs/format.md, section on logs.
public struct LogDescriptor: Hashable, Sendable {
    /// First bytes: the letters "rpl" and the format.
    public static let magic: [UInt8] = [0x72, 0x70, 0x6C, 1]
    /// Longest node name in bytes of UTF-8.
    public static let maximumNameByteCount = 128

    /// The node that signs the log's heads.
    public var node: NodeID
    /// Sixteen random bytes that tell several logs of one node apart.
    public var nonce: LogNonce
    /// When the log was made.
    public var createdAt: Timestamp
    /// Name of the node for people.
    public var name: String

    /// Sixteen random bytes.
    public typealias LogNonce = LogID

    /// Makes a descriptor; a longer name is cut at a scalar.
    /// - Parameters:
    ///   - node: the node that signs the log's heads.
    ///   - nonce: sixteen random bytes.
    ///   - createdAt: when the log was made.
    ///   - name: name of the node for people.
    public init(node: NodeID, nonce: LogNonce, createdAt: Timestamp, name: String) {
        self.node = node
        self.nonce = nonce
        self.createdAt = createdAt
        var name = name
        while name.utf8.count > LogDescriptor.maximumNameByteCount {
            name.unicodeScalars.removeLast()
        }
        self.name = name
    }

    /// The bytes of the descriptor.
    public var bytes: [UInt8] {
        var bytes = LogDescriptor.magic
        node.key.append(to: &bytes)
        bytes.append(contentsOf: nonce.bytes)
        bytes.appendBigEndian(createdAt.milliseconds)
        bytes.appendBigEndian(UInt16(name.utf8.count))
        bytes.append(contentsOf: name.utf8)
        return bytes
    }

    /// Reads the bytes of a descriptor; nil unless they are exactly one.
    /// - Parameter bytes: what ``bytes`` gives.
    public init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let magic = reader.take(4), Array(magic) == LogDescriptor.magic,
            let key = reader.take(32), let node = NodeID(key),
            let nonceBytes = reader.take(LogID.byteCount), let nonce = LogID(nonceBytes),
            let createdAt = reader.integer(UInt64.self),
            let count = reader.integer(UInt16.self), count <= LogDescriptor.maximumNameByteCount,
            let nameBytes = reader.take(Int(count)), reader.remaining == 0,
            let name = String(validating: nameBytes, as: UTF8.self)
        else { return nil }
        self.init(
            node: node,
            nonce: nonce,
            createdAt: Timestamp(milliseconds: createdAt),
            name: name
        )
    }

    /// The identifier: the first 16 bytes of the SHA-256 of ``bytes``.
    public var id: LogID {
        LogID(Hash256(hashing: bytes).bytes.prefix(LogID.byteCount)) ?? nonce
    }
}

/// A node's signature under its log as it stands: size, Merkle root and last entry.
///
/// Source: docs/format.md, section on heads; RFC 9162 section 2.1 for the tree.
public struct SignedHead: Hashable, Sendable {
    /// First bytes: the letters "rph" and the format.
    public static let magic: [UInt8] = [0x72, 0x70, 0x68, 1]
    /// Number of bytes of a signed head.
    public static let byteCount = 196

    /// The log.
    public var log: LogID
    /// Number of entries covered.
    public var size: UInt64
    /// Root of the Merkle tree over the hashes of the first `size` entries.
    public var root: Hash256
    /// Hash of entry number `size`; zero for an empty log.
    public var last: Hash256
    /// When it was signed.
    public var signedAt: Timestamp
    /// The signing node.
    public var node: NodeID
    /// Ed25519 signature over all bytes before it.
    public var signature: [UInt8]

    /// Signs the state of a log.
    /// - Parameters:
    ///   - log: the log.
    ///   - size: number of entries covered.
    ///   - root: root of the Merkle tree.
    ///   - last: hash of the last entry.
    ///   - signedAt: the time to print.
    ///   - key: the node's key.
    public init(
        log: LogID,
        size: UInt64,
        root: Hash256,
        last: Hash256,
        signedAt: Timestamp,
        key: NodeKey
    ) {
        self.log = log
        self.size = size
        self.root = root
        self.last = last
        self.signedAt = signedAt
        node = key.id
        signature = []
        signature = key.sign(signedBytes)
    }

    /// The bytes that the signature covers.
    public var signedBytes: [UInt8] {
        var bytes = SignedHead.magic
        bytes.append(contentsOf: log.bytes)
        bytes.appendBigEndian(size)
        root.append(to: &bytes)
        last.append(to: &bytes)
        bytes.appendBigEndian(signedAt.milliseconds)
        node.key.append(to: &bytes)
        return bytes
    }

    /// All bytes.
    public var bytes: [UInt8] { signedBytes + signature }

    /// Reads a signed head; nil unless it has the exact length and form.
    ///
    /// Does not look at the signature: see ``isAuthentic(for:)``.
    /// - Parameter bytes: what ``bytes`` gives.
    public init?(_ bytes: some Collection<UInt8>) {
        var reader = ByteReader(Array(bytes)[...])
        guard bytes.count == SignedHead.byteCount,
            let magic = reader.take(4), Array(magic) == SignedHead.magic,
            let logBytes = reader.take(LogID.byteCount), let log = LogID(logBytes),
            let size = reader.integer(UInt64.self), let root = reader.hash(),
            let last = reader.hash(), let signedAt = reader.integer(UInt64.self),
            let key = reader.take(32), let node = NodeID(key),
            let signature = reader.take(NodeKey.signatureByteCount)
        else { return nil }
        self.log = log
        self.size = size
        self.root = root
        self.last = last
        self.signedAt = Timestamp(milliseconds: signedAt)
        self.node = node
        self.signature = Array(signature)
    }

    /// Whether the log's owner signed exactly these values.
    /// - Parameter descriptor: descriptor of the log; its node must be the signer.
    /// - Returns: true only for the owner's signature.
    public func isAuthentic(for descriptor: LogDescriptor) -> Bool {
        descriptor.id == log && descriptor.node == node
            && node.verifies(signature: signature, over: signedBytes)
    }
}

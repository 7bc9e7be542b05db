public import ReportModel

/// The line `JOIN`: a newcomer proves a token and its key, and asks for a certificate.
///
/// All fields are fixed in size, so that a stranger's line holds nothing to be parsed.
///
/// Source: docs/protocol.md section 4.1.
public struct JoinRequest: Hashable, Sendable {
    /// Which token: 16 hexadecimal digits.
    public var token: String
    /// What proves the token.
    public var secret: Hash256
    /// The newcomer's key.
    public var node: NodeID
    /// The newcomer's signature.
    public var signature: [UInt8]

    private static let version = "1"
    private static let tokenByteCount = 8

    /// Signs a request.
    /// - Parameters:
    ///   - token: which token.
    ///   - secret: what proves it.
    ///   - key: the newcomer's key.
    ///   - channelBinding: SHA-256 of the certificate that the other side showed.
    public init(token: String, secret: Hash256, key: NodeKey, channelBinding: Hash256) {
        self.token = token
        self.secret = secret
        node = key.id
        signature = []
        signature = key.sign(message(channelBinding))
    }

    init(_ line: ControlLine) throws(WireError) {
        try line.require(5...5)
        guard try line.text(0) == Self.version else {
            throw WireError(.badArgument, "JOIN 1 is known here", isFinal: true)
        }
        token = HexText.text(try line.hex(1, byteCount: Self.tokenByteCount))
        guard let secret = Hash256(try line.hex(2, byteCount: Hash256.byteCount)),
            let node = NodeID(try line.hex(3, byteCount: Hash256.byteCount))
        else { throw WireError(.badArgument, "JOIN without a secret or key", isFinal: true) }
        self.secret = secret
        self.node = node
        signature = try line.hex(4, byteCount: NodeKey.signatureByteCount)
    }

    func append(to line: inout ControlLineWriter) {
        line.append(Self.version)
        line.append(token)
        line.append(secret.hex)
        line.append(node.key.hex)
        line.append(HexText.text(signature))
    }

    /// Whether the newcomer has the private half of its key, and means this connection.
    /// - Parameter channelBinding: SHA-256 of the own certificate.
    /// - Returns: whether the signature verifies.
    public func isProven(channelBinding: Hash256) -> Bool {
        node.verifies(signature: signature, over: message(channelBinding))
    }

    private func message(_ channelBinding: Hash256) -> [UInt8] {
        var bytes = Array("reportd join 1\n".utf8)
        bytes += HexText.bytes(token) ?? []
        secret.append(to: &bytes)
        node.key.append(to: &bytes)
        channelBinding.append(to: &bytes)
        return bytes
    }
}

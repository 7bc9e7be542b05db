public import ReportModel

/// What an initiator wants after the handshake.
public enum SessionRole: String, Hashable, Sendable, CaseIterable {
    /// A replication session.
    case peer
    /// Requests with the grants of a key.
    case client

    /// The byte in the transcript.
    var byte: UInt8 { self == .peer ? 1 : 2 }
}

/// The line `HELLO` of either side.
///
/// Source: docs/protocol.md section 4.
public struct Hello: Hashable, Sendable {
    /// Version of the protocol.
    public var version: UInt16
    /// What the initiator wants.
    public var role: SessionRole
    /// The sender's key.
    public var node: NodeID
    /// Thirty-two random bytes.
    public var nonce: Hash256
    /// The acceptor's signature; nil from the initiator.
    public var signature: [UInt8]?

    /// Makes a line.
    /// - Parameters:
    ///   - version: version of the protocol.
    ///   - role: what the initiator wants.
    ///   - node: the sender's key.
    ///   - nonce: random bytes.
    ///   - signature: the acceptor's signature.
    public init(
        version: UInt16 = WireLimits.protocolVersion,
        role: SessionRole,
        node: NodeID,
        nonce: Hash256,
        signature: [UInt8]? = nil
    ) {
        self.version = version
        self.role = role
        self.node = node
        self.nonce = nonce
        self.signature = signature
    }
}

/// What both sides sign.
enum Transcript {
    static let acceptorPrefix = "reportd acceptor 1\n"
    static let initiatorPrefix = "reportd initiator 1\n"

    static func bytes(
        prefix: String,
        initiator: Hello,
        acceptor: Hello,
        channelBinding: Hash256
    ) -> [UInt8] {
        var bytes = Array(prefix.utf8)
        bytes.appendBigEndian(initiator.version)
        bytes.append(initiator.role.byte)
        initiator.node.key.append(to: &bytes)
        acceptor.node.key.append(to: &bytes)
        initiator.nonce.append(to: &bytes)
        acceptor.nonce.append(to: &bytes)
        channelBinding.append(to: &bytes)
        return bytes
    }
}

/// The handshake at the side that connects.
public struct InitiatorHandshake: Sendable {
    private let key: NodeKey
    private let pinned: NodeID
    private let channelBinding: Hash256
    /// The first line.
    public let hello: Hello

    /// Prepares a handshake.
    /// - Parameters:
    ///   - role: what is wanted.
    ///   - key: this node's key.
    ///   - pinned: the key that the other side must prove.
    ///   - nonce: random bytes, new for each connection.
    ///   - channelBinding: SHA-256 of the acceptor's TLS certificate; zeros without TLS.
    public init(
        role: SessionRole,
        key: NodeKey,
        pinned: NodeID,
        nonce: Hash256 = .random(),
        channelBinding: Hash256 = .zero
    ) {
        self.key = key
        self.pinned = pinned
        self.channelBinding = channelBinding
        hello = Hello(role: role, node: key.id, nonce: nonce)
    }

    /// Checks the acceptor's line and signs.
    /// - Parameter answer: the acceptor's line.
    /// - Returns: the signature for `AUTH`.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed` when it is another node, or does not
    ///   prove its key for this conversation; `unsupported` for another version.
    public func authenticate(_ answer: Hello) throws(ReportError) -> [UInt8] {
        guard answer.version == hello.version else {
            throw ReportError(.unsupported, "the other side speaks version \(answer.version)")
        }
        guard answer.node == pinned else {
            throw ReportError(
                .notAllowed,
                "the other side has key \(answer.node), not the configured one",
                hint: "compare the key with the one the other office told you"
            )
        }
        guard answer.node != key.id else {
            throw ReportError(.notAllowed, "the other side has this node's own key")
        }
        guard answer.role == hello.role, let signature = answer.signature,
            answer.node.verifies(
                signature: signature,
                over: transcript(Transcript.acceptorPrefix, answer)
            )
        else { throw ReportError(.notAllowed, "the other side does not prove its key") }
        return key.sign(transcript(Transcript.initiatorPrefix, answer))
    }

    private func transcript(_ prefix: String, _ answer: Hello) -> [UInt8] {
        Transcript.bytes(
            prefix: prefix,
            initiator: hello,
            acceptor: answer,
            channelBinding: channelBinding
        )
    }
}

/// The handshake at the side that was connected to.
public struct AcceptorHandshake: Sendable {
    private let key: NodeKey
    private let nonce: Hash256
    private let channelBinding: Hash256
    private var hellos: (initiator: Hello, acceptor: Hello)?

    /// Prepares a handshake.
    /// - Parameters:
    ///   - key: this node's key.
    ///   - nonce: random bytes, new for each connection.
    ///   - channelBinding: SHA-256 of the own TLS certificate; zeros without TLS.
    public init(key: NodeKey, nonce: Hash256 = .random(), channelBinding: Hash256 = .zero) {
        self.key = key
        self.nonce = nonce
        self.channelBinding = channelBinding
    }

    /// Answers the initiator's line; a second one is an error.
    /// - Parameter hello: the initiator's line.
    /// - Returns: the signed answer.
    /// - Throws: ``ReportModel/ReportError`` `unsupported` for another version, `not-allowed`
    ///   for the own key, `usage` out of turn.
    public mutating func answer(_ hello: Hello) throws(ReportError) -> Hello {
        guard hellos == nil, hello.signature == nil else {
            throw ReportError(.usage, "HELLO out of turn")
        }
        guard hello.version == WireLimits.protocolVersion else {
            throw ReportError(
                .unsupported,
                "this node speaks version \(WireLimits.protocolVersion) of the protocol"
            )
        }
        guard hello.node != key.id else {
            throw ReportError(.notAllowed, "the other side has this node's own key")
        }
        var answer = Hello(role: hello.role, node: key.id, nonce: nonce)
        answer.signature = key.sign(
            Transcript.bytes(
                prefix: Transcript.acceptorPrefix,
                initiator: hello,
                acceptor: answer,
                channelBinding: channelBinding
            )
        )
        hellos = (hello, answer)
        return answer
    }

    /// Checks the initiator's signature.
    ///
    /// What the key may do is not looked at here.
    /// - Parameter signature: the argument of `AUTH`.
    /// - Returns: the initiator's key, now proven.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed`, or `usage` out of turn.
    public func verify(_ signature: [UInt8]) throws(ReportError) -> NodeID {
        guard let hellos else { throw ReportError(.usage, "AUTH out of turn") }
        let signed = Transcript.bytes(
            prefix: Transcript.initiatorPrefix,
            initiator: hellos.initiator,
            acceptor: hellos.acceptor,
            channelBinding: channelBinding
        )
        guard hellos.initiator.node.verifies(signature: signature, over: signed) else {
            throw ReportError(.notAllowed, "the other side does not prove its key")
        }
        return hellos.initiator.node
    }
}

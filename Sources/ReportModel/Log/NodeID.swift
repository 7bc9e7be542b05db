import Crypto

/// A node: its Ed25519 public key.
///
/// Source: RFC 8032.
public struct NodeID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 32 bytes of the public key.
    public let key: Hash256

    /// Takes the bytes of a public key; nil unless there are 32.
    /// - Parameter bytes: raw representation of the key.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let key = Hash256(bytes) else { return nil }
        self.key = key
    }

    /// Reads ``description``.
    /// - Parameter text: `ed25519:` and 64 hexadecimal digits; the prefix may be missing.
    public init?(parsing text: String) {
        let digits = text.hasPrefix("ed25519:") ? text.dropFirst(8) : text[...]
        guard let key = Hash256(hex: digits) else { return nil }
        self.key = key
    }

    /// The text form: `ed25519:` and 64 hexadecimal digits.
    public var description: String { "ed25519:" + key.hex }

    /// Order of the key bytes.
    public static func < (left: NodeID, right: NodeID) -> Bool { left.key < right.key }

    /// Whether `signature` over `message` was made with this node's private key.
    /// - Parameters:
    ///   - signature: 64 bytes.
    ///   - message: the signed bytes.
    /// - Returns: true only for this node's signature over exactly these bytes.
    public func verifies(signature: some Collection<UInt8>, over message: [UInt8]) -> Bool {
        guard
            let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key.bytes)
        else { return false }
        return publicKey.isValidSignature(Array(signature), for: message)
    }
}

/// A node's private key, which is never printed and never sent.
public struct NodeKey: Sendable {
    /// Number of bytes of a signature.
    public static let signatureByteCount = 64

    private let privateKey: Curve25519.Signing.PrivateKey
    /// The public half.
    public let id: NodeID

    private init(privateKey: Curve25519.Signing.PrivateKey) {
        self.privateKey = privateKey
        guard let id = NodeID(Array(privateKey.publicKey.rawRepresentation)) else {
            preconditionFailure("an Ed25519 public key has 32 bytes")
        }
        self.id = id
    }

    /// Makes a new key from the system's random numbers.
    public init() { self.init(privateKey: Curve25519.Signing.PrivateKey()) }

    /// Takes a stored key; nil unless it is a private key of 32 bytes.
    /// - Parameter secret: what ``secret`` gave.
    public init?(secret: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret) else {
            return nil
        }
        self.init(privateKey: key)
    }

    /// The 32 secret bytes, for a file that only its owner can read.
    public var secret: [UInt8] { Array(privateKey.rawRepresentation) }

    /// Signs a message.
    /// - Parameter message: the bytes to sign.
    /// - Returns: 64 bytes.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        guard let signature = try? privateKey.signature(for: message) else {
            preconditionFailure("signing with Ed25519 cannot fail")
        }
        return Array(signature)
    }
}

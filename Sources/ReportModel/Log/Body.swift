/// The bytes behind a ``BodyReference``, with the salt that belongs to them.
public struct Body: Hashable, Sendable {
    /// Number of bytes of a salt.
    public static let saltByteCount = 32

    /// What the body is.
    public var kind: BodyKind
    /// Thirty-two random bytes; dropped together with the body.
    public var salt: Hash256
    /// The bytes as they are kept and served.
    public var bytes: [UInt8]

    /// Makes a body.
    /// - Parameters:
    ///   - kind: what the body is.
    ///   - salt: random bytes; new ones by default.
    ///   - bytes: the bytes as they are kept and served.
    public init(kind: BodyKind, salt: Hash256 = .random(), bytes: [UInt8]) {
        self.kind = kind
        self.salt = salt
        self.bytes = bytes
    }

    /// How a header names this body.
    ///
    /// The hash covers `reportd body 1`, a line feed, the salt and the digest form: for a record
    /// its canonical JSON without the `name` members of `sources`, for every other kind the bytes.
    ///
    /// Source: docs/format.md, section on bodies.
    public var reference: BodyReference {
        let digested = kind == .record ? RecordDigest.form(of: bytes) : bytes
        var hasher = Hasher256()
        hasher.update("reportd body 1\n")
        hasher.update(salt)
        hasher.update(digested)
        return BodyReference(
            kind: kind,
            byteCount: UInt64(digested.count),
            hash: hasher.finalize()
        )
    }
}

extension Hash256 {
    /// Thirty-two bytes from the system's random numbers.
    public static func random() -> Hash256 {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for _ in 0..<4 { bytes.appendBigEndian(generator.next() as UInt64) }
        return Hash256(bytes) ?? .zero
    }
}

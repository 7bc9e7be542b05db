import Glibc

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
    /// The same bytes as one frame of zstd, where somebody has made it already; no part of the value.
    package var frame: [UInt8]?

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

    /// Whether both are the same, however they came.
    public static func == (left: Body, right: Body) -> Bool {
        left.kind == right.kind && left.salt == right.salt && left.bytes == right.bytes
    }

    /// Feeds what makes a body the same.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(salt)
        hasher.combine(bytes)
    }

    /// How a header names this body.
    ///
    /// The hash covers `reportd body 1`, a line feed, the salt and the digest form: for a record
    /// its canonical JSON without the `name` members of `sources`, for every other kind the bytes.
    ///
    /// Source: docs/format.md, section on bodies.
    public var reference: BodyReference {
        reference(cuts: kind == .record ? RecordDigest.cuts(in: bytes) : [])
    }

    /// The reference of a record just written, of which the place of its files is known.
    /// - Parameter sources: where the value of the member `sources` begins.
    /// - Returns: what ``reference`` is.
    package func reference(ofRecordWithSourcesAt sources: Int) -> BodyReference {
        reference(cuts: RecordDigest.cuts(in: bytes, sourcesAt: sources))
    }

    private func reference(cuts: [Range<Int>]) -> BodyReference {
        var hasher = Hasher256()
        hasher.update(Body.digestPrefix)
        hasher.update(salt)
        var count = 0
        for piece in RecordDigest.pieces(between: cuts, byteCount: bytes.count) {
            hasher.update(bytes[piece])
            count += piece.count
        }
        return BodyReference(kind: kind, byteCount: UInt64(count), hash: hasher.finalize())
    }

    private static let digestPrefix = Array("reportd body 1\n".utf8)
}

extension Hash256 {
    /// Thirty-two bytes from the system's random numbers.
    public static func random() -> Hash256 {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isFilled = withUnsafeMutableBytes(of: &words) { words in
            words.baseAddress.map { getentropy($0, words.count) == 0 } ?? false
        }
        if isFilled { return Hash256(words: words) }
        var generator = SystemRandomNumberGenerator()
        return Hash256(
            words: (generator.next(), generator.next(), generator.next(), generator.next())
        )
    }
}

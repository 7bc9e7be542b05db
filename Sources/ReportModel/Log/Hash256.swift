import Crypto

/// A SHA-256 value, ordered as its 32 bytes.
///
/// Source: FIPS 180-4.
public struct Hash256: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Number of bytes.
    public static let byteCount = 32
    /// Thirty-two zero bytes: the "previous hash" of a log's first entry.
    public static let zero = Hash256(words: (0, 0, 0, 0))

    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (word0, word1, word2, word3) = words
    }

    /// Takes 32 bytes; nil for any other number of bytes.
    /// - Parameter bytes: the hash, most significant byte first.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Hash256.byteCount else { return nil }
        let words = bytes.withContiguousStorageIfAvailable {
            Hash256.words(of: UnsafeRawBufferPointer($0))
        }
        self.init(words: words ?? Array(bytes).withUnsafeBytes { Hash256.words(of: $0) })
    }

    /// Reads 32 bytes.
    private static func words(
        of bytes: UnsafeRawBufferPointer
    ) -> (UInt64, UInt64, UInt64, UInt64) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        return (word(0), word(1), word(2), word(3))
    }

    /// Takes 32 bytes out of others; nil when there are not so many.
    /// - Parameters:
    ///   - bytes: where they lie, most significant byte first.
    ///   - offset: index of the first.
    package init?(_ bytes: RawSpan, at offset: Int) {
        guard offset >= 0, bytes.byteCount - Hash256.byteCount >= offset else { return nil }
        self = bytes.withUnsafeBytes {
            Hash256(words: Hash256.words(of: UnsafeRawBufferPointer(rebasing: $0[offset...])))
        }
    }

    /// Takes the result of a hash function.
    fileprivate init(_ digest: SHA256.Digest) {
        self.init(words: digest.withUnsafeBytes { Hash256.words(of: $0) })
    }

    /// Reads 64 hexadecimal digits; nil for any other text.
    /// - Parameter hex: digits of either case.
    public init?(hex: some StringProtocol) {
        guard let bytes = HexText.bytes(hex), let hash = Hash256(bytes) else { return nil }
        self = hash
    }

    /// The SHA-256 of some bytes.
    /// - Parameter bytes: what is hashed.
    public init(hashing bytes: [UInt8]) {
        var hasher = Hasher256()
        hasher.update(bytes)
        self = hasher.finalize()
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Hash256.byteCount)
        append(to: &bytes)
        return bytes
    }

    /// Appends the 32 bytes.
    public func append(to bytes: inout [UInt8]) {
        withBytes { bytes.append(contentsOf: $0) }
    }

    /// Lends the 32 bytes.
    fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        let words = (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)
        withUnsafeBytes(of: words, body)
    }

    /// Sixty-four lower-case hexadecimal digits.
    public var hex: String { HexText.text(bytes) }

    /// The first eight hexadecimal digits, as they stand in version identifiers.
    public var shortHex: String {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: word0 >> 32).bigEndian) { HexText.text($0) }
    }

    /// The hexadecimal digits.
    public var description: String { hex }

    /// Order of the bytes.
    public static func < (left: Hash256, right: Hash256) -> Bool {
        (left.word0, left.word1, left.word2, left.word3)
            < (right.word0, right.word1, right.word2, right.word3)
    }
}

/// SHA-256 over several pieces.
public struct Hasher256: Sendable {
    private var state = SHA256()

    /// Makes a hasher that has seen nothing.
    public init() {}

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
    }

    /// Adds bytes.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
    }

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        state.update(bufferPointer: bytes)
    }

    /// Adds the UTF-8 of a text.
    public mutating func update(_ text: String) { update(Array(text.utf8)) }

    /// Adds the 32 bytes of a hash.
    public mutating func update(_ hash: Hash256) {
        hash.withBytes { state.update(bufferPointer: $0) }
    }

    /// The hash of everything added.
    public consuming func finalize() -> Hash256 {
        Hash256(state.finalize())
    }
}

import CXXHash
import ReportModel

/// Values with a checksum in front: LMDB has none of its own.
///
/// Source: docs/format.md section 3.1; XXH3_64bits of xxHash.
enum Sealed {
    /// Bytes before the value.
    static let byteCount = 8

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        xxhash_xxh3_64bits(bytes.baseAddress, bytes.count)
    }

    /// The value with its checksum in front.
    static func seal(_ value: [UInt8]) -> [UInt8] {
        var sealed: [UInt8] = []
        sealed.reserveCapacity(value.count + byteCount)
        sealed.appendBigEndian(value.withUnsafeBytes(checksum))
        sealed.append(contentsOf: value)
        return sealed
    }

    /// Writes the checksum in front of a value that stands behind its place already.
    static func seal(_ value: UnsafeMutableRawBufferPointer) {
        let sum = checksum(UnsafeRawBufferPointer(rebasing: value[byteCount...]))
        value.storeBytes(of: sum.bigEndian, as: UInt64.self)
    }

    /// Whether a stored value is what was written.
    static func isIntact(_ stored: UnsafeRawBufferPointer) -> Bool {
        guard stored.count >= byteCount else { return false }
        let expected = stored.loadUnaligned(as: UInt64.self)
        return UInt64(bigEndian: expected)
            == checksum(UnsafeRawBufferPointer(rebasing: stored[byteCount...]))
    }

    /// The value behind its checksum.
    /// - Throws: ``ReportError`` `integrity` that names table and key.
    static func open(_ stored: RawSpan, table: String, key: [UInt8]) throws -> [UInt8] {
        try stored.withUnsafeBytes { bytes in
            guard isIntact(bytes) else { throw damaged(table, key) }
            return Array(bytes[byteCount...])
        }
    }

    /// Lends the value behind its checksum.
    /// - Throws: ``ReportError`` `integrity` that names table and key; what the body throws.
    static func withOpened<R>(
        _ stored: RawSpan,
        table: String,
        key: [UInt8],
        _ body: (UnsafeRawBufferPointer) throws -> R
    ) throws -> R {
        try stored.withUnsafeBytes { bytes in
            guard isIntact(bytes) else { throw damaged(table, key) }
            return try body(UnsafeRawBufferPointer(rebasing: bytes[byteCount...]))
        }
    }

    static func damaged(_ table: String, _ key: [UInt8]) -> ReportError {
        let place = "table \(table), key \(HexText.text(key))"
        return ReportError(
            .integrity,
            "a stored value is damaged: \(place)",
            hint: "reportctl repair, on the machine of the node, gets it from a peer or a backup",
            details: [DamagedValue.placeMember: .string(place)]
        )
    }
}

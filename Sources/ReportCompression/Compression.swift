import CZstd

/// zstd in one piece.
///
/// Source: RFC 8878; ZSTD_compress, ZSTD_decompress of libzstd.
package enum Compression {
    /// Level of files that are stored: DESIGN section 6.
    package static let storageLevel: Int32 = 3
    /// Level of what is only sent: a third of the time for a few more bytes.
    package static let roadLevel: Int32 = 1
    /// Bytes that one byte of a frame can stand for: 128 KiB for each block of four.
    private static let maximumExpansion = (128 << 10) / 4

    /// The compressed bytes; nil when they are not smaller.
    package static func compressed(
        _ bytes: [UInt8],
        level: Int32 = storageLevel
    ) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        guard bytes.count > 64, ZSTD_isError(bound) == 0 else { return nil }
        var count = 0
        let result = [UInt8](unsafeUninitializedCapacity: bound) { buffer, used in
            count = bytes.withUnsafeBytes { source in
                ZSTD_compress(
                    buffer.baseAddress,
                    buffer.count,
                    source.baseAddress,
                    source.count,
                    level
                )
            }
            used = ZSTD_isError(count) == 0 ? count : 0
        }
        return ZSTD_isError(count) == 0 && result.count < bytes.count ? result : nil
    }

    /// The bytes; nil unless exactly `byteCount` come out.
    package static func decompressed(_ bytes: [UInt8], byteCount: Int) -> [UInt8]? {
        var count = 0
        let result = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, used in
            count = bytes.withUnsafeBytes { source in
                ZSTD_decompress(buffer.baseAddress, buffer.count, source.baseAddress, source.count)
            }
            used = ZSTD_isError(count) == 0 ? count : 0
        }
        return ZSTD_isError(count) == 0 && result.count == byteCount ? result : nil
    }

    /// The bytes of a stranger's frame; nil unless exactly `byteCount` come out.
    ///
    /// No room is made unless the frame states the same length, and not for more than so many bytes
    /// of frame can hold: a block of four bytes, its head and the byte that it repeats, stands for
    /// at most 128 KiB.
    ///
    /// Source: RFC 8878 sections 3.1.1.1 and 3.1.1.2; ZSTD_getFrameContentSize of libzstd.
    package static func expanded(_ bytes: ArraySlice<UInt8>, byteCount: Int) -> [UInt8]? {
        let stated = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard stated == UInt64(byteCount),
            byteCount / maximumExpansion <= bytes.count
        else { return nil }
        return decompressed(Array(bytes), byteCount: byteCount)
    }
}

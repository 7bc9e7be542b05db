import CZstd
import ReportModel

/// zstd in one piece.
///
/// Source: RFC 8878; ZSTD_compress, ZSTD_decompress of libzstd.
package enum Compression {
    /// The compressed bytes; nil when they are not smaller.
    package static func compressed(
        _ bytes: [UInt8],
        level: Int32 = StoreLimits.compressionLevel
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
    static func decompressed(_ bytes: [UInt8], byteCount: Int) -> [UInt8]? {
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
            byteCount / StoreLimits.maximumExpansion <= bytes.count
        else { return nil }
        return decompressed(Array(bytes), byteCount: byteCount)
    }
}

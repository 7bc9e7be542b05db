import CZstd

/// zstd in one piece.
///
/// Source: RFC 8878; ZSTD_compressCCtx, ZSTD_decompressDCtx of libzstd.
package enum Compression {
    /// Level of files that are stored: DESIGN section 6.
    package static let storageLevel: Int32 = 3
    /// Level of what is only sent: a third of the time for a few more bytes.
    package static let roadLevel: Int32 = 1
    /// Bytes that one byte of a frame can stand for: 128 KiB for each block of four.
    private static let maximumExpansion = (128 << 10) / 4
    private static let compressing = Contexts(make: ZSTD_createCCtx) { ZSTD_freeCCtx($0) }
    private static let decompressing = Contexts(make: ZSTD_createDCtx) { ZSTD_freeDCtx($0) }

    /// The compressed bytes; nil when they are not smaller.
    package static func compressed(
        _ bytes: [UInt8],
        level: Int32 = storageLevel
    ) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        guard bytes.count > 64, ZSTD_isError(bound) == 0 else { return nil }
        let result = compressing.with(bytes.count) { context in
            [UInt8](unsafeUninitializedCapacity: bound) { buffer, used in
                let count = bytes.withUnsafeBytes { source in
                    ZSTD_compressCCtx(
                        context,
                        buffer.baseAddress,
                        buffer.count,
                        source.baseAddress,
                        source.count,
                        level
                    )
                }
                used = ZSTD_isError(count) == 0 ? count : 0
            }
        }
        // No frame is empty.
        return result.flatMap { $0.isEmpty || $0.count >= bytes.count ? nil : $0 }
    }

    /// The bytes; nil unless exactly `byteCount` come out.
    package static func decompressed(_ bytes: [UInt8], byteCount: Int) -> [UInt8]? {
        var isSound = false
        let result = decompressing.with(byteCount) { context in
            [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, used in
                let count = bytes.withUnsafeBytes { source in
                    ZSTD_decompressDCtx(
                        context,
                        buffer.baseAddress,
                        buffer.count,
                        source.baseAddress,
                        source.count
                    )
                }
                isSound = count == byteCount
                used = isSound ? count : 0
            }
        }
        return isSound ? result : nil
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

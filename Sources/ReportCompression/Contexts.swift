import Synchronization

/// Contexts of libzstd that nobody works with at the moment.
///
/// Making one takes as long as compressing a record: half a megabyte is mapped and given back. A context
/// that was used for a value begins the next one as if it were new.
///
/// Source: ZSTD_compressCCtx, ZSTD_decompressDCtx of libzstd.
final class Contexts: Sendable {
    /// Most that are kept.
    private static let maximumCount = 4
    /// Longest value behind which one is kept: a context grows with what it was used for.
    private static let maximumByteCount = 32 << 10

    private let addresses = Mutex<[UInt]>([])
    private let make: @Sendable () -> OpaquePointer?
    private let drop: @Sendable (OpaquePointer) -> Void

    init(
        make: @escaping @Sendable () -> OpaquePointer?,
        drop: @escaping @Sendable (OpaquePointer) -> Void
    ) {
        self.make = make
        self.drop = drop
    }

    /// Works with a context that nobody else has meanwhile; nil when there is no memory for one.
    func with<R>(_ byteCount: Int, _ work: (OpaquePointer) -> R) -> R? {
        let isUsual = byteCount <= Self.maximumByteCount
        let kept = isUsual ? addresses.withLock { $0.popLast() } : nil
        guard let context = kept.flatMap({ OpaquePointer(bitPattern: $0) }) ?? make() else {
            return nil
        }
        defer {
            let isKept = addresses.withLock { addresses in
                guard isUsual, addresses.count < Self.maximumCount else { return false }
                addresses.append(UInt(bitPattern: context))
                return true
            }
            if !isKept { drop(context) }
        }
        return work(context)
    }
}

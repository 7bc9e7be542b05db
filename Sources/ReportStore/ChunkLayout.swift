/// How the stored bytes of a body are cut into chunks, so that pages of LMDB are filled.
///
/// LMDB keeps a value of more than half a page in pages of its own, of which the last is half empty
/// on the average. A body is therefore cut where such pages are full; the rest goes into small
/// chunks that share leaf pages with their neighbours. Any other cut is legal too, and is read.
///
/// Source: docs/format.md section 3.2; `me_nodemax` of LMDB 0.9.
enum ChunkLayout {
    /// Longest value of `bodies` that shares a page: half a page less its header and what a node
    /// and an 18-byte key take.
    static let sharedByteCount = (StoreLimits.pageByteCount - 16) / 2 - 2 - 8 - 18
    /// Pages of its own that hold one value begin with so many bytes that are not the value's.
    private static let pageHeadByteCount = 16
    /// What would be left empty at the end of the last page is worth a cut above this.
    private static let worthwhileByteCount = 256

    /// Stored bytes of each chunk.
    /// - Parameter byteCount: stored bytes of the body.
    /// - Returns: one number for each chunk; together `byteCount`.
    static func byteCounts(of byteCount: Int) -> [Int] {
        let page = StoreLimits.pageByteCount
        var counts: [Int] = []
        var rest = byteCount
        var overhead = Sealed.byteCount + BodyRows.Head.byteCount
        while overhead + rest > sharedByteCount {
            let pages = (pageHeadByteCount + overhead + rest) / page
            let empty = page - (pageHeadByteCount + overhead + rest) % page
            var count = rest
            if pages == 0, empty > worthwhileByteCount {
                // Two halves share pages, where one value would take a page of its own.
                count = (overhead + rest + 1) / 2 - overhead
            } else if empty > worthwhileByteCount || pages >= StoreLimits.chunkPageCount {
                let whole = min(pages, StoreLimits.chunkPageCount)
                count = min(rest, whole * page - pageHeadByteCount - overhead)
            }
            counts.append(count)
            rest -= count
            overhead = Sealed.byteCount
        }
        if rest > 0 || counts.isEmpty { counts.append(rest) }
        return counts
    }
}

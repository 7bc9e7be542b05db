import LMDB
import ReportModel

/// Reads terms of an index from all its segments.
struct PostingReader {
    let database: SearchDatabase
    let segments: [SearchState.Segment]

    /// The reports that hold a bigram.
    func list<T: ReadOperations & ~Copyable>(
        of bigram: UInt32,
        _ transaction: borrowing T
    ) throws -> PostingList {
        var list = PostingList()
        try transaction.withCursor(on: database.postings) { cursor throws in
            for segment in segments {
                try append(bigram, of: segment, to: &list, cursor)
            }
        }
        return list
    }

    private func append(
        _ bigram: UInt32,
        of segment: SearchState.Segment,
        to list: inout PostingList,
        _ cursor: borrowing Cursor
    ) throws {
        let wanted = PostingBlock.key(segment.number, bigram)
        var isThere = try cursor.seek(atLeast: wanted)
        if isThere { isThere = try cursor.copyKey() == wanted }
        if !isThere { isThere = try cursor.previous() }
        var isFirst = true
        while isThere {
            let goesOn = try cursor.withEntry { (key: RawSpan, value: RawSpan) throws -> Bool in
                let parts = key.withUnsafeBytes { PostingBlock.parts($0) }
                guard let parts, parts.segment == segment.number,
                    isFirst || parts.bigram == bigram
                else { return false }
                return try value.withUnsafeBytes { stored throws in
                    guard Sealed.isIntact(stored) else { throw SearchDamage() }
                    return try append(
                        bigram,
                        in: UnsafeRawBufferPointer(rebasing: stored[Sealed.byteCount...]),
                        beginning: parts.bigram,
                        base: segment.first,
                        to: &list
                    )
                }
            }
            guard goesOn == true else { return }
            isFirst = false
            isThere = try cursor.next()
        }
    }

    /// Takes the postings of a term from a block.
    /// - Returns: whether they may go on in the next one.
    private func append(
        _ bigram: UInt32,
        in block: UnsafeRawBufferPointer,
        beginning first: UInt32,
        base: UInt32,
        to list: inout PostingList
    ) throws(SearchDamage) -> Bool {
        var offset = 0
        var last = first
        while let entry = try PostingBlock.entry(block, &offset, after: last) {
            last = entry.bigram
            if last > bigram { return false }
            if last == bigram {
                try list.append(
                    decoding: UnsafeRawBufferPointer(rebasing: block[entry.range]),
                    base: base
                )
                return offset == block.count
            }
        }
        return true
    }

    /// Every report that is indexed and not erased.
    func everything<T: ReadOperations & ~Copyable>(
        _ transaction: borrowing T
    ) throws -> PostingList {
        var list = PostingList()
        var reader = DocumentReader(database)
        guard let first = segments.map(\.first).min(), let last = segments.map(\.last).max() else {
            return list
        }
        for document in first...last
        where try reader.flags(document, transaction).contains(.indexed) {
            list.documents.append(document)
            list.weights.append(0)
        }
        return list
    }
}

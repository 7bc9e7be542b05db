import LMDB
import ReportModel

/// Moves the postings of segments into one, a range of terms a step.
///
/// Each posting stands in exactly one segment after each step, so that searches need not know of a
/// merge, the environment does not grow by it, and a process that was killed goes on where it was.
struct SegmentMerger {
    let database: SearchDatabase
    /// Bytes of blocks after which a step ends.
    var stepByteCount = SearchLimits.mergeStepByteCount
    /// The terms of a document whose files were erased: what may stay of it.
    var terms: (_ document: UInt32) throws -> RecordTerms = { _ in RecordTerms(of: nil) }

    /// Begins a merge in the state.
    static func begin(_ segments: [SearchState.Segment], in state: inout SearchState) {
        guard let first = segments.first, let last = segments.last,
            let index = state.segments.firstIndex(of: first)
        else { return }
        let output = SearchState.Segment(
            number: state.nextSegment,
            first: first.first,
            last: last.last
        )
        state.nextSegment += 1
        state.segments.insert(output, at: index)
        state.merge = SearchState.Merge(
            inputs: segments.map(\.number),
            output: output.number
        )
    }

    /// Moves one range of terms; ends the merge in the state when nothing is left.
    func step(
        _ state: inout SearchState,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let merge = state.merge,
            let output = state.segments.first(where: { $0.number == merge.output })
        else { throw SearchDamage() }
        let segments = state.segments.filter { merge.inputs.contains($0.number) }
        guard segments.count == merge.inputs.count else { throw SearchDamage() }
        var inputs: [MergeInput] = []
        for segment in segments {
            var input = MergeInput(segment)
            try input.advance(database, transaction)
            inputs.append(input)
        }
        var reader = segments.contains(where: \.isTainted) ? DocumentReader(database) : nil
        var stripped: [UInt32: RecordTerms] = [:]
        var writer = BlockWriter(segment: output.number, base: output.first)
        while writer.byteCount < stepByteCount,
            let bigram = inputs.compactMap({ $0.bigram }).min()
        {
            writer.begin(bigram)
            for index in inputs.indices {
                while inputs[index].bigram == bigram {
                    try move(inputs[index], to: &writer, &reader, &stripped, transaction)
                    try inputs[index].advance(database, transaction)
                }
            }
            writer.end()
        }
        try writer.write(to: database.postings, transaction)
        for input in inputs { try input.cut(database, transaction) }
        if inputs.allSatisfy({ $0.bigram == nil }) {
            state.segments.removeAll { merge.inputs.contains($0.number) }
            state.merge = nil
        }
    }

    /// Writes the postings of one entry, but for erased reports and the text of erased files.
    ///
    /// The terms of stripped reports are kept for the step: five bytes for each.
    private func move(
        _ input: MergeInput,
        to writer: inout BlockWriter,
        _ reader: inout DocumentReader?,
        _ stripped: inout [UInt32: RecordTerms],
        _ transaction: borrowing WriteTransaction
    ) throws {
        var list = PostingList()
        try input.block.withUnsafeBytes { bytes throws in
            try list.append(
                decoding: UnsafeRawBufferPointer(rebasing: bytes[input.range]),
                base: input.segment.first
            )
        }
        for (document, weight) in zip(list.documents, list.weights) {
            let flags = try reader?.flags(document, transaction) ?? []
            if flags.contains(.erased) { continue }
            if flags.contains(.stripped) {
                let kept = try stripped[document] ?? terms(document)
                stripped[document] = kept
                guard let bigram = input.bigram, let weight = kept.weight(of: bigram) else {
                    continue
                }
                writer.add(document, weight: weight)
                continue
            }
            writer.add(document, weight: UInt8(truncatingIfNeeded: weight))
        }
    }
}

/// The entries of one segment as a merge takes them.
struct MergeInput {
    let segment: SearchState.Segment
    /// The term of the entry in hand; nil at the end.
    private(set) var bigram: UInt32?
    private(set) var block: [UInt8] = []
    /// Where the postings in hand stand in the block.
    private(set) var range = 0..<0
    private var key: [UInt8] = []
    private var offset = 0
    /// Where the entry in hand begins.
    private var start = 0
    private var isAtEnd = false
    private var consumed: [[UInt8]] = []

    init(_ segment: SearchState.Segment) { self.segment = segment }

    /// Takes the next entry in hand.
    mutating func advance<T: ReadOperations & ~Copyable>(
        _ database: SearchDatabase,
        _ transaction: borrowing T
    ) throws {
        guard !isAtEnd else { return }
        if offset == block.count, try !nextBlock(database, transaction) {
            isAtEnd = true
            bigram = nil
            return
        }
        start = offset
        let before = bigram ?? 0
        var place = offset
        let entry = try block.withUnsafeBytes { bytes throws in
            try PostingBlock.entry(bytes, &place, after: before)
        }
        guard let entry else { throw SearchDamage() }
        offset = place
        bigram = entry.bigram
        range = entry.range
    }

    private mutating func nextBlock<T: ReadOperations & ~Copyable>(
        _ database: SearchDatabase,
        _ transaction: borrowing T
    ) throws -> Bool {
        if !key.isEmpty { consumed.append(key) }
        let from: KeyBound =
            key.isEmpty
            ? .including(PostingBlock.key(segment.number, 0)) : .excluding(key)
        var found: (key: [UInt8], block: [UInt8])?
        try transaction.forEach(
            in: database.postings,
            from: from,
            to: .including(PostingBlock.key(segment.number, .max, part: .max)),
            limit: 1
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            found = (key.withUnsafeBytes { Array($0) }, try SearchDatabase.open(value))
            return .stop
        }
        guard let found, !found.block.isEmpty,
            let parts = found.key.withUnsafeBytes({ PostingBlock.parts($0) })
        else {
            key = []
            block = []
            offset = 0
            return false
        }
        (key, block) = found
        offset = 0
        start = 0
        bigram = parts.bigram
        return true
    }

    /// Removes what was taken; the rest of a block that was begun stands under its next term.
    func cut(_ database: SearchDatabase, _ transaction: borrowing WriteTransaction) throws {
        for key in consumed { try transaction.delete(key, in: database.postings) }
        guard let bigram, start > 0 else { return }
        try transaction.delete(key, in: database.postings)
        var rest: [UInt8] = [0]
        Varint.append(UInt64(range.count), to: &rest)
        rest.append(contentsOf: block[range.lowerBound...])
        try transaction.put(
            PostingBlock.key(segment.number, bigram),
            Sealed.seal(rest),
            in: database.postings
        )
    }
}

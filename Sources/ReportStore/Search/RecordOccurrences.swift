import LMDB
import ReportModel

/// The folded texts of a record with what they count.
struct RecordOccurrences {
    private var folding = TextFolding()

    /// Goes through the texts; a quotation that repeats another text is not taken twice.
    /// - Parameters:
    ///   - record: canonical JSON.
    ///   - onRegion: gets the code of the region.
    ///   - body: gets folded text and points of one occurrence.
    mutating func forEach(
        in record: [UInt8],
        onRegion: (UInt32) -> Void = { _ in },
        _ body: (_ scalars: [UInt32], _ points: UInt64) -> Void
    ) {
        var seen: Set<UInt64> = []
        var count = 0
        record.withUnsafeBufferPointer { record in
            var quotes: [UnsafeBufferPointer<UInt8>] = []
            func take(_ piece: RecordText.Piece) -> Bool {
                folding.reset()
                folding.add(json: piece.bytes)
                count += folding.scalars.count
                guard count <= SearchLimits.maximumDocumentScalarCount else { return false }
                body(folding.scalars, piece.field.points)
                return true
            }
            RecordText.forEach(in: record) { piece in
                if piece.field == .quote {
                    quotes.append(piece.bytes)
                    return true
                }
                seen.insert(Sealed.checksum(UnsafeRawBufferPointer(piece.bytes)))
                if piece.field == .region, let code = Self.code(piece.bytes) { onRegion(code) }
                return take(piece)
            }
            for quote in quotes
            where seen.insert(Sealed.checksum(UnsafeRawBufferPointer(quote))).inserted {
                guard take(RecordText.Piece(field: .quote, bytes: quote)) else { break }
            }
        }
    }

    /// A region's code: six digits.
    private static func code(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard bytes.count == 6 else { return nil }
        var code: UInt32 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            code = code * 10 + UInt32(byte - 0x30)
        }
        return code
    }
}

/// The terms of one record with their steps: what is left of a document whose files were erased.
struct RecordTerms {
    private var bigrams: [UInt32] = []
    private var weights: [UInt8] = []

    /// The terms of a record; none when it is not here any more.
    init(of record: [UInt8]?) {
        guard let record else { return }
        var points: [UInt32: UInt64] = [:]
        var occurrences = RecordOccurrences()
        occurrences.forEach(in: record) { scalars, value in
            for (first, second) in zip(scalars, scalars.dropFirst())
            where first != 0x20 && second != 0x20 {
                points[Bigram.make(first, second), default: 0] += value
            }
        }
        for (bigram, sum) in points.sorted(by: { $0.key < $1.key }) {
            bigrams.append(bigram)
            weights.append(PostingList.weight(points: sum))
        }
    }

    /// The step of a term; nil when the record does not hold it.
    func weight(of bigram: UInt32) -> UInt8? {
        var low = 0
        var high = bigrams.count
        while low < high {
            let middle = (low + high) / 2
            if bigrams[middle] < bigram { low = middle + 1 } else { high = middle }
        }
        return low < bigrams.count && bigrams[low] == bigram ? weights[low] : nil
    }
}

/// How like two names are: twice the pairs of neighbouring scalars that they share, in per cent of
/// all their pairs.
///
/// Source: Dice's coefficient over bigrams.
struct LikenessText {
    private let pairs: [UInt64]
    private let scalars: [UInt32]

    init(_ text: String) {
        var scalars: [UInt32] = []
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
            guard scalars.count < DiffLimits.maximumLikenessScalarCount else { break }
            scalars.append(scalar.value)
        }
        self.scalars = scalars
        pairs = zip(scalars, scalars.dropFirst()).map { UInt64($0) << 32 | UInt64($1) }.sorted()
    }

    /// 0 to 100.
    func likeness(to other: LikenessText) -> Int {
        if scalars == other.scalars { return 100 }
        guard !pairs.isEmpty, !other.pairs.isEmpty else { return 0 }
        var (left, right, shared) = (0, 0, 0)
        while left < pairs.count, right < other.pairs.count {
            if pairs[left] == other.pairs[right] {
                shared += 1
                left += 1
                right += 1
            } else if pairs[left] < other.pairs[right] {
                left += 1
            } else {
                right += 1
            }
        }
        return 200 * shared / (pairs.count + other.pairs.count)
    }
}

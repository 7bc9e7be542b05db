/// Words looked for in text, longest first.
///
/// A constant table outside the reach of reference counts: the letters of all words lie behind one
/// another, and a word is looked up by its first or its last scalar, which for most positions of a
/// text costs one look.
final class Words: @unchecked Sendable, ExpressibleByArrayLiteral {
    /// Letters of all words, one behind the other.
    private let letters: UnsafeMutablePointer<UInt32>
    /// First letter of each word, and one past the last letter of the last word.
    private let bounds: UnsafeMutablePointer<Int>
    /// Number of words.
    private let count: Int
    private let byFirst: WordGroups
    private let byLast: WordGroups

    convenience init(arrayLiteral elements: String...) { self.init(elements) }

    /// The words of several tables, for a first look that spares looking through each.
    convenience init(joining tables: [Words]) { self.init(tables.flatMap(\.texts)) }

    /// The words as strings.
    private var texts: [String] {
        (0..<count).map { word in
            let scalars = (bounds[word]..<bounds[word + 1]).compactMap {
                Unicode.Scalar(letters[$0])
            }
            return scalars.string
        }
    }

    /// Words given as strings.
    init(_ texts: [String]) {
        let words = texts.map { Array($0.unicodeScalars) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        count = words.count
        let all = words.flatMap { $0.map(\.value) }
        letters = .allocate(capacity: all.count)
        for (index, letter) in all.enumerated() { (letters + index).initialize(to: letter) }
        bounds = .allocate(capacity: words.count + 1)
        bounds.initialize(to: 0)
        for (index, word) in words.enumerated() {
            (bounds + index + 1).initialize(to: bounds[index] + word.count)
        }
        byFirst = WordGroups(words.map { $0.first?.value ?? 0 })
        byLast = WordGroups(words.map { $0.last?.value ?? 0 })
    }

    // Letters, bounds and groups are never written after the initialiser.
    deinit {
        letters.deallocate()
        bounds.deallocate()
        byFirst.deallocate()
        byLast.deallocate()
    }

    /// Length of a word when it stands at a position.
    @inline(__always)
    private func match(_ word: Int, _ text: UnsafeBufferPointer<Unicode.Scalar>, at start: Int)
        -> Int?
    {
        let lower = bounds[word]
        let count = bounds[word + 1] - lower
        guard start >= 0, start + count <= text.count else { return nil }
        for offset in 0..<count where text[start + offset].value != letters[lower + offset] {
            return nil
        }
        return count
    }

    /// Length of the longest word at a position within the text.
    @inline(__always)
    private func length(_ text: UnsafeBufferPointer<Unicode.Scalar>, at start: Int) -> Int? {
        for index in byFirst.range(of: text[start].value) {
            if let count = match(byFirst.order[index], text, at: start) { return count }
        }
        return nil
    }

    /// Length of the longest word at a position.
    func length(in text: Scalars, at start: Int) -> Int? {
        guard start >= 0, start < text.count else { return nil }
        return text.withUnsafeBufferPointer { length($0, at: start) }
    }

    /// Length of the longest word that ends at a position.
    func length(in text: Scalars, endingAt end: Int) -> Int? {
        guard end > 0, end <= text.count else { return nil }
        return text.withUnsafeBufferPointer { text in
            for index in byLast.range(of: text[end - 1].value) {
                let word = byLast.order[index]
                if let count = match(word, text, at: end - (bounds[word + 1] - bounds[word])) {
                    return count
                }
            }
            return nil
        }
    }

    /// Start of the last word within a range.
    func lastStart(in text: Scalars, from lower: Int, to upper: Int) -> Int? {
        text.withUnsafeBufferPointer { text in
            var index = min(upper, text.count) - 1
            while index >= max(0, lower) {
                if let length = length(text, at: index), index + length <= upper { return index }
                index -= 1
            }
            return nil
        }
    }

    /// Whether one of the words stands anywhere in the text.
    func occur(in text: Scalars) -> Bool {
        text.withUnsafeBufferPointer { text in
            for index in text.indices where length(text, at: index) != nil { return true }
            return false
        }
    }

    /// Whether one of the words begins the text.
    func begin(_ text: Scalars) -> Bool { length(in: text, at: 0) != nil }

    /// Whether a word has this first scalar.
    func mayBegin(with scalar: Unicode.Scalar) -> Bool {
        !byFirst.range(of: scalar.value).isEmpty
    }

    /// Whether one of the words ends the text.
    func end(_ text: Scalars) -> Bool { length(in: text, endingAt: text.count) != nil }

    /// Whether the text is one of the words.
    func contain(_ text: Scalars) -> Bool {
        guard let first = text.first else { return false }
        return text.withUnsafeBufferPointer { text in
            for index in byFirst.range(of: first.value)
            where match(byFirst.order[index], text, at: 0) == text.count { return true }
            return false
        }
    }

    /// Whether the text is made of these words alone.
    func compose(_ text: Scalars) -> Bool {
        text.withUnsafeBufferPointer { text in
            var index = 0
            while index < text.count {
                guard let length = length(text, at: index) else { return false }
                index += length
            }
            return true
        }
    }
}

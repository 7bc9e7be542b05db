import ReportModel

/// Sentences of the library in Chinese, where the locale asks for it; others stay as they are.
///
/// A pattern is a sentence with `*` for each value, which stands in the translation in the same order.
enum ErrorWords {
    /// A sentence in the language of the locale.
    static func text(_ english: String) -> String {
        Wording.isChinese ? chinese(english) ?? english : english
    }

    /// The translation of a sentence; nil when there is none.
    static func chinese(_ english: String) -> String? {
        for (pattern, translation) in ErrorSentences.all {
            guard let values = values(of: pattern, in: english) else { continue }
            var result = ""
            for (index, piece) in translation.split(
                separator: "*",
                omittingEmptySubsequences: false
            )
            .enumerated() {
                if index > 0, values.indices.contains(index - 1) {
                    // A sentence may hold another one as its reason.
                    let value = String(values[index - 1])
                    result += chinese(value) ?? value
                }
                result += piece
            }
            return result
        }
        return nil
    }

    /// What stands in the places of the `*` of a pattern; nil when the sentence is another one.
    private static func values(of pattern: String, in sentence: String) -> [Substring]? {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = pieces.first, sentence.hasPrefix(first) else { return nil }
        var rest = sentence.dropFirst(first.count)
        guard pieces.count > 1 else { return rest.isEmpty ? [] : nil }
        var values: [Substring] = []
        for piece in pieces.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: piece) else { return nil }
            values.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        guard let last = pieces.last, rest.hasSuffix(last) else { return nil }
        values.append(rest.dropLast(last.count))
        return values.contains { $0.isEmpty } ? nil : values
    }
}

import ReportModel

/// Reads the cached numbers of charts that a text extractor leaves as tab-separated lines.
///
/// The line holds names of categories, their values, and repetitions of both.
struct ChartReader {
    private static let seriesNames: Words = [
        "销售额", "系列1", "系列2", "系列3", "系列", "Series1", "Series 1", "列1", "类别1", "类别2", "类别3", "类别4",
    ]

    /// Name of a value whose chart names neither series nor category.
    private static let unnamed: Unicode.Scalar = "图"

    /// One value with the name of its category.
    struct Point: Sendable {
        var name: Scalars
        var value: CellValue
        var start: Int
        var end: Int
        /// Name of the series, where the line begins with it.
        var series: Scalars = []
    }

    /// Whether a line looks like the cached numbers of a chart.
    static func isCache(_ text: Scalars) -> Bool {
        guard text.contains("\t") else { return false }
        let tokens = tokens(of: text)
        return tokens.count >= 3 && tokens.allSatisfy { $0.end - $0.start <= 40 }
            && tokens.contains { CellValue(Array(text[$0.start..<$0.end]).compact) != nil }
    }

    /// The points of a line; empty when the line is no chart cache.
    static func points(in text: Scalars) -> [Point] {
        guard isCache(text) else { return [] }
        let tokens = tokens(of: text)
        var names: [Scalars] = []
        var values: [(value: CellValue, start: Int, end: Int)] = []
        for token in tokens {
            let words = Array(text[token.start..<token.end]).compact
            if let value = CellValue(words) {
                values.append((value, token.start, token.end))
            } else if values.isEmpty {
                if !seriesNames.contain(words) { names.append(words) }
            } else {
                break
            }
        }
        guard !isShares(values.map(\.value)) else { return [] }
        if names.isEmpty {
            let first = Array(text[tokens[0].start..<tokens[0].end]).compact
            guard seriesNames.contain(first), let value = values.first else { return [] }
            return [Point(name: [unnamed], value: value.value, start: value.start, end: value.end)]
        }
        // One name more than values: the first is the series.
        let series = names.count == values.count + 1 ? names.removeFirst() : []
        return zip(names, values).compactMap { name, value in
            guard value.value.kind == .plain else { return nil }
            guard !NumberScanner.marks(in: name).contains(where: isMoney) else { return nil }
            return Point(
                name: name,
                value: value.value,
                start: value.start,
                end: value.end,
                series: series
            )
        }
    }

    private static func isMoney(_ mark: NumberMark) -> Bool {
        if case .money = mark.kind { return true }
        return false
    }

    /// Whether the values are fractions that add up to one.
    private static func isShares(_ values: [CellValue]) -> Bool {
        let numbers = values.compactMap { ExactDecimal(printed: $0.value) }
        guard numbers.count > 1, numbers.allSatisfy({ $0 < ExactDecimal(1) }) else { return false }
        let sum = numbers.reduce(.zero, +)
        return (sum - ExactDecimal(1)).magnitude < ExactDecimal(coefficient: 2, places: 2)
    }

    private static func tokens(of text: Scalars) -> [(start: Int, end: Int)] {
        var found: [(start: Int, end: Int)] = []
        var start = 0
        for index in 0...text.count where index == text.count || text[index] == "\t" {
            var lower = start
            var upper = index
            while lower < upper, text[lower].isBlank { lower += 1 }
            while upper > lower, text[upper - 1].isBlank { upper -= 1 }
            if lower < upper { found.append((lower, upper)) }
            start = index + 1
        }
        return found
    }
}

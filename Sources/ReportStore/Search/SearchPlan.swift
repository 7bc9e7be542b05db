import ReportModel

/// A search with its terms folded and its numbers read.
struct SearchPlan {
    /// A folded term.
    struct Term {
        var scalars: [UInt32]
        var bigrams: [UInt32]
        var isExcluded: Bool

        /// Whether the index alone tells which reports hold it.
        var isExact: Bool { Bigram.isExact(scalars) }
    }

    /// A condition that text of the key or row must fulfil.
    struct TextCondition {
        var field: SearchQuery.Field
        var scalars: [UInt32]
        var isExcluded: Bool
    }

    /// A condition on a number.
    struct NumberCondition {
        var field: SearchQuery.Field
        var range: NumberRange
        var isExcluded: Bool
    }

    private(set) var terms: [Term] = []
    private(set) var texts: [TextCondition] = []
    private(set) var years: [NumberCondition] = []
    private(set) var scores: [NumberCondition] = []

    /// Reads a search.
    /// - Throws: ``ReportError`` `usage` when a term is too short or a number none.
    init(_ query: SearchQuery) throws(ReportError) {
        for term in query.terms {
            terms.append(try Self.term(term))
        }
        for condition in query.conditions {
            switch condition.field {
            case .year, .score:
                let number = NumberCondition(
                    field: condition.field,
                    range: try NumberRange(condition.value, of: condition.field),
                    isExcluded: condition.isExcluded
                )
                if condition.field == .year { years.append(number) } else { scores.append(number) }
            default:
                texts.append(
                    TextCondition(
                        field: condition.field,
                        scalars: TextFolding.folded(condition.value),
                        isExcluded: condition.isExcluded
                    )
                )
            }
        }
    }

    private static func term(_ term: SearchQuery.Term) throws(ReportError) -> Term {
        let scalars = TextFolding.folded(term.text)
        let bigrams = Bigram.all(in: scalars)
        guard !bigrams.isEmpty else {
            throw ReportError(
                .usage,
                "'\(term.text)' is too short to be looked for",
                hint: "a term has two or more characters beside each other"
            )
        }
        guard scalars.count <= SearchLimits.maximumTermScalarCount else {
            throw ReportError(
                .usage,
                "a term has at most \(SearchLimits.maximumTermScalarCount) characters"
            )
        }
        return Term(scalars: scalars, bigrams: bigrams, isExcluded: term.isExcluded)
    }

    /// Terms that a report must hold.
    var wanted: [Term] { terms.filter { !$0.isExcluded } }

    /// Terms that must be looked for in the text.
    var verified: [Term] { terms.filter { !$0.isExact } }

    /// Whether a candidate of the index may yet turn out to be none.
    var isUncertain: Bool {
        !verified.isEmpty || !texts.isEmpty || !scores.isEmpty
    }

    /// Bigrams that the text of a report has when its key or title fulfils the conditions.
    var conditionBigrams: [UInt32] {
        texts.filter { !$0.isExcluded && [.city, .district, .unit, .title].contains($0.field) }
            .flatMap { Bigram.all(in: $0.scalars) }
    }

    /// Whether a year fulfils the conditions on it.
    func accepts(year: Int) -> Bool {
        let year = ExactDecimal(year)
        return years.allSatisfy { $0.range.contains(year) != $0.isExcluded }
    }

    /// Whether key and row of a list fulfil the conditions.
    func accepts(_ key: ReportKey, _ row: JSONValue) -> Bool {
        for condition in scores {
            let score = row["score"]?.stringValue.flatMap { ExactDecimal(printed: $0) }
            guard score.map(condition.range.contains) ?? false != condition.isExcluded else {
                return false
            }
        }
        return texts.allSatisfy { condition in
            Self.texts(of: condition.field, key, row).contains {
                TextFolding.folded($0).holds(condition.scalars)
            } != condition.isExcluded
        }
    }

    private static func texts(
        of field: SearchQuery.Field,
        _ key: ReportKey,
        _ row: JSONValue
    ) -> [String] {
        func strings(_ names: String...) -> [String] {
            names.compactMap { row[$0]?.stringValue }
        }
        return switch field {
        case .year, .score: []
        case .province: strings("province")
        case .region:
            strings("province", "region") + [key.city]
                + (key.district.map { [$0, key.city + "/" + $0] } ?? [])
        case .city: [key.city]
        case .district: key.district.map { [$0] } ?? []
        case .unit: [key.unit]
        case .kind:
            [key.kind.text] + (row["partKinds"]?.arrayValue ?? []).compactMap(\.stringValue)
        case .title: strings("title")
        case .status: strings("status") + [statusName(row["status"]?.stringValue)]
        }
    }

    private static func statusName(_ status: String?) -> String {
        switch status {
        case "submitted": "已提交待审"
        case "approved": "已通过"
        case "returned": "已退回"
        case "retracted": "已撤回"
        default: ""
        }
    }
}

/// A range of numbers as typed: `a`, `a..b`, `a..`, `..b`, `>=a`, `>a`, `<=a`, `<a`.
struct NumberRange {
    private var lowest: ExactDecimal?
    private var highest: ExactDecimal?
    private var isLowestIn = true
    private var isHighestIn = true

    /// Reads a range.
    /// - Throws: ``ReportError`` `usage` when it is none.
    init(_ text: String, of field: SearchQuery.Field) throws(ReportError) {
        let name = field.rawValue
        let failure = ReportError(
            .usage,
            "\(name):\(text) is no number and no range of numbers",
            hint: "write \(name):90, \(name):80..90, \(name):80.. or \(name):>=80"
        )
        func number(_ text: Substring) throws(ReportError) -> ExactDecimal {
            guard let number = ExactDecimal(printed: String(text)) else { throw failure }
            return number
        }
        let signs: [(String, Bool, Bool)] = [
            (">=", true, true), ("<=", false, true), (">", true, false), ("<", false, false),
        ]
        for (sign, isLower, isIn) in signs where text.hasPrefix(sign) {
            let value = try number(text.dropFirst(sign.count))
            if isLower { lowest = value } else { highest = value }
            if isLower { isLowestIn = isIn } else { isHighestIn = isIn }
            return
        }
        let parts = text.split(separator: "..", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { throw failure }
        lowest = parts[0].isEmpty ? nil : try number(parts[0])
        guard let last = parts.dropFirst().first else {
            highest = lowest
            return
        }
        highest = last.isEmpty ? nil : try number(last)
        if let lowest, let highest, highest < lowest { throw failure }
    }

    func contains(_ number: ExactDecimal) -> Bool {
        if let lowest, isLowestIn ? number < lowest : number <= lowest { return false }
        if let highest, isHighestIn ? number > highest : number >= highest { return false }
        return true
    }
}

extension [UInt32] {
    /// Whether a text holds another.
    func holds(_ other: [UInt32]) -> Bool { !other.isEmpty && place(of: other, from: 0) != nil }

    /// The first place at or after `start` where another text stands in this one.
    func place(of other: [UInt32], from start: Int) -> Int? {
        withUnsafeBufferPointer { text in
            other.withUnsafeBufferPointer { other in
                guard let first = other.first, text.count >= other.count else { return nil }
                var index = start
                let end = text.count - other.count
                while index <= end {
                    if text[index] == first {
                        var matched = 1
                        while matched < other.count, text[index + matched] == other[matched] {
                            matched += 1
                        }
                        if matched == other.count { return index }
                    }
                    index += 1
                }
                return nil
            }
        }
    }
}

/// A search for text: words that must stand in a report, words that must not, conditions on its key.
///
/// Written as a line: terms divided by blanks, `-term` for one that must not stand there, quotation
/// marks around blanks that belong to a term, `field:value` for a condition.
///
/// Source: docs/protocol.md section 3.
public struct SearchQuery: Hashable, Sendable {
    /// Rows of a page when nothing is said.
    public static let defaultLimit = 20
    /// Most rows of one page.
    public static let maximumLimit = 100
    /// Bytes of the longest line.
    public static let maximumTextByteCount = 2048
    /// Most terms and conditions of a line.
    public static let maximumItemCount = 32

    /// What a condition is about.
    public enum Field: String, Hashable, Sendable, CaseIterable {
        case year, province, city, district, region, unit, kind, status, title, score

        /// The name in Chinese.
        var name: String {
            switch self {
            case .year: "年度"
            case .province: "省"
            case .city: "市"
            case .district: "县区"
            case .region: "地区"
            case .unit: "单位"
            case .kind: "类型"
            case .status: "状态"
            case .title: "标题"
            case .score: "得分"
            }
        }
    }

    /// A word, or several with their blanks.
    public struct Term: Hashable, Sendable {
        /// The text as typed, without quotation marks.
        public var text: String
        /// Whether it must not stand in the report.
        public var isExcluded: Bool

        /// Makes a term.
        /// - Parameters:
        ///   - text: what is looked for.
        ///   - isExcluded: whether it must not stand in the report.
        public init(_ text: String, isExcluded: Bool = false) {
            self.text = text
            self.isExcluded = isExcluded
        }
    }

    /// Something that the key or the row of a list must fulfil.
    public struct Condition: Hashable, Sendable {
        /// What it is about.
        public var field: Field
        /// The value as typed: text, or for year and score a number, `a..b`, `>=a`, `>a`, `<=a`, `<a`.
        public var value: String
        /// Whether it must not be so.
        public var isExcluded: Bool

        /// Makes a condition.
        /// - Parameters:
        ///   - field: what it is about.
        ///   - value: the value.
        ///   - isExcluded: whether it must not be so.
        public init(_ field: Field, _ value: String, isExcluded: Bool = false) {
            self.field = field
            self.value = value
            self.isExcluded = isExcluded
        }
    }

    /// Text that was looked for, as typed.
    public var text: String
    /// Words that must or must not stand in the report.
    public var terms: [Term]
    /// What its key and row must fulfil.
    public var conditions: [Condition]
    /// Only keys that it matches: all its hits of the first stage that has one.
    public var within: Lookup?
    /// Most rows; at most ``maximumLimit``.
    public var limit: Int
    /// Continue after this place, which the page before named.
    public var after: String?
    /// Whether versions that are no longer current are searched as well.
    public var allVersions: Bool

    /// Makes a search of a line.
    /// - Parameters:
    ///   - text: terms and conditions.
    ///   - within: only keys that it matches.
    ///   - limit: most rows.
    ///   - after: continue after this place.
    ///   - allVersions: whether older versions are searched as well.
    /// - Throws: ``ReportError`` `usage` that says what is wrong with the line.
    public init(
        _ text: String,
        within: Lookup? = nil,
        limit: Int = SearchQuery.defaultLimit,
        after: String? = nil,
        allVersions: Bool = false
    ) throws(ReportError) {
        guard text.utf8.count <= Self.maximumTextByteCount else {
            throw ReportError(.usage, "a search has at most \(Self.maximumTextByteCount) bytes")
        }
        self.text = text
        self.within = within
        self.limit = limit
        self.after = after
        self.allVersions = allVersions
        terms = []
        conditions = []
        for word in SearchWord.words(of: text) {
            if let condition = word.condition {
                conditions.append(condition)
            } else if !word.text.isEmpty {
                terms.append(Term(word.text, isExcluded: word.isExcluded))
            }
        }
        guard terms.count + conditions.count <= Self.maximumItemCount else {
            throw ReportError(.usage, "a search has at most \(Self.maximumItemCount) terms")
        }
        guard !terms.isEmpty || !conditions.isEmpty else {
            throw ReportError(
                .usage,
                "nothing is looked for",
                hint: "write a word of two or more characters, such as 困难职工"
            )
        }
    }
}

extension SearchQuery: QueryForm {
    /// The arguments as `HELP` prints them.
    public static let usage = "<text> [<lookup>] [limit=N after=TOKEN all-versions=1]"

    /// Takes the arguments.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        try self.init(
            try arguments.required("the text that is looked for"),
            within: try arguments.lookup(),
            limit: try arguments.integer("limit", in: 1...Self.maximumLimit) ?? Self.defaultLimit,
            after: arguments.text("after"),
            allVersions: try arguments.flag("all-versions")
        )
    }

    /// The arguments that ``init(taking:)`` reads back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments(positional: [text])
        arguments.append(within?.description)
        arguments.set("limit", limit == Self.defaultLimit ? nil : String(limit))
        arguments.set("after", after)
        arguments.set("all-versions", allVersions ? "1" : nil)
        return arguments
    }
}

/// One word of a search as typed.
private struct SearchWord {
    var text = ""
    var isExcluded = false
    /// Scalars before the first quotation mark.
    var plainCount: Int?

    /// The condition that the word is; nil when it is a term.
    var condition: SearchQuery.Condition? {
        let scalars = text.unicodeScalars
        guard let colon = scalars.firstIndex(where: { $0 == ":" || $0 == "：" }),
            plainCount.map({ scalars.distance(from: scalars.startIndex, to: colon) < $0 }) ?? true
        else { return nil }
        let name = String(scalars[..<colon])
        let value = String(scalars[scalars.index(after: colon)...])
        let field = SearchQuery.Field.allCases.first {
            $0.rawValue == name.lowercased() || $0.name == name
        }
        guard let field, !value.isEmpty else { return nil }
        return SearchQuery.Condition(field, value, isExcluded: isExcluded)
    }

    /// Divides a line at blanks outside of quotation marks.
    static func words(of text: String) -> [SearchWord] {
        var words: [SearchWord] = []
        var word = SearchWord()
        var isOpen = false
        var isFresh = true
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "“" || scalar == "”" {
                if word.plainCount == nil { word.plainCount = word.text.unicodeScalars.count }
                isOpen.toggle()
                isFresh = false
            } else if !isOpen, scalar.properties.isWhitespace {
                words.append(word)
                word = SearchWord()
                isFresh = true
            } else if isFresh, scalar == "-" || scalar == "－" {
                word.isExcluded = true
                isFresh = false
            } else {
                word.text.unicodeScalars.append(scalar)
                isFresh = false
            }
        }
        words.append(word)
        return words
    }
}

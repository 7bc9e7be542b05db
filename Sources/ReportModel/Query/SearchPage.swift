/// A piece of text around what was found.
public struct SearchSnippet: Hashable, Sendable {
    /// Member of the record where it stands, such as `problems`; `quotes` for other quotations, `text`
    /// for the text of the files.
    public var field: String
    /// Heading of the section that it stands in, where that is known.
    public var section: String?
    /// The text; an ellipsis stands for what was left out.
    public var text: String
    /// What was found in it: first scalar and number of scalars, ascending, apart from each other.
    public var marks: [Range<Int>]

    /// Makes a snippet.
    /// - Parameters:
    ///   - field: member of the record.
    ///   - section: heading of the section.
    ///   - text: the text.
    ///   - marks: ranges of Unicode scalars.
    public init(field: String, section: String? = nil, text: String, marks: [Range<Int>]) {
        self.field = field
        self.section = section
        self.text = text
        self.marks = marks
    }

    /// The object `{field, section, text, marks}`; a mark is `[first scalar, number of scalars]`.
    public var json: JSONValue {
        [
            "field": .string(field), "section": .optional(section), "text": .string(text),
            "marks": .array(
                marks.map { .array([.integer($0.lowerBound), .integer($0.count)]) }
            ),
        ]
    }

    /// Reads the object that ``json`` makes; nil when it is none.
    /// - Parameter json: an object.
    public init?(json: JSONValue) {
        guard let field = json["field"]?.stringValue, let text = json["text"]?.stringValue else {
            return nil
        }
        var marks: [Range<Int>] = []
        for mark in json["marks"]?.arrayValue ?? [] {
            guard let pair = mark.arrayValue, pair.count == 2, let start = pair[0].integerValue,
                let count = pair[1].integerValue, start >= 0, (0...text.utf8.count).contains(count),
                start <= text.utf8.count
            else { return nil }
            marks.append(start..<start + count)
        }
        self.init(
            field: field,
            section: json["section"]?.stringValue,
            text: text,
            marks: marks
        )
    }
}

/// A report that was found.
public struct SearchHit: Hashable, Sendable {
    /// The line that a list shows of the version.
    public var summary: RecordSummary
    /// Pieces of its text.
    public var snippets: [SearchSnippet]

    /// Makes a hit.
    /// - Parameters:
    ///   - summary: the line that a list shows of the version.
    ///   - snippets: pieces of its text.
    public init(summary: RecordSummary, snippets: [SearchSnippet]) {
        self.summary = summary
        self.snippets = snippets
    }

    /// The object of a list's row with `snippets`.
    public var json: JSONValue {
        var members = summary.json.objectValue ?? [:]
        members["snippets"] = .array(snippets.map(\.json))
        return .object(members)
    }
}

/// One page of what a search found, the best first.
public struct SearchPage: Sendable {
    /// What was found.
    public var rows: [SearchHit]
    /// Number of reports on all pages.
    public var total: Int
    /// Whether that is their number; else there are at least as many.
    public var totalIsExact: Bool
    /// Where to continue; nil on the last page.
    ///
    /// A page with fewer rows than asked for may have it.
    public var next: String?
    /// Arrival number up to which reports are searched.
    public var indexedUpTo: UInt64
    /// Arrival number of the last entry that the store holds.
    public var position: UInt64

    /// Makes a page.
    public init(
        rows: [SearchHit] = [],
        total: Int = 0,
        totalIsExact: Bool = true,
        next: String? = nil,
        indexedUpTo: UInt64,
        position: UInt64
    ) {
        self.rows = rows
        self.total = total
        self.totalIsExact = totalIsExact
        self.next = next
        self.indexedUpTo = indexedUpTo
        self.position = position
    }

    /// The object `{rows, total, totalIsExact, next, indexedUpTo, position}`.
    public var json: JSONValue {
        [
            "rows": .array(rows.map(\.json)), "total": .integer(total),
            "totalIsExact": .bool(totalIsExact), "next": .optional(next),
            "indexedUpTo": .integer(Int(clamping: indexedUpTo)),
            "position": .integer(Int(clamping: position)),
        ]
    }
}

/// What changed between two records: facts with both quotations, not text.
///
/// Source: docs/protocol.md section 3.12.
public struct RecordDiff: Sendable {
    /// The object that describes the changes.
    public let json: JSONValue

    /// Compares two records as `get` prints them.
    ///
    /// Any JSON is taken; what has another form than a record is passed over.
    /// - Parameters:
    ///   - old: the older record.
    ///   - new: the newer record.
    /// - Complexity: bounded by ``DiffLimits``, whatever the records hold.
    public init(from old: JSONValue, to new: JSONValue) {
        let comparison = RecordComparison(old: old, new: new)
        var members: [String: JSONValue] = [:]
        var isIdentical = true
        var more: [String: JSONValue] = [:]
        for (name, changes) in comparison.all {
            members[name] = .array(Array(changes.prefix(DiffLimits.maximumChangeCount)))
            if changes.count > DiffLimits.maximumChangeCount {
                more[name] = .integer(changes.count - DiffLimits.maximumChangeCount)
            }
            // Findings that are still there are shown, but are no change.
            if changes.contains(where: { $0["change"]?.stringValue != "still" }) {
                isIdentical = false
            }
        }
        members["from"] = Self.head(old)
        members["to"] = Self.head(new)
        members["identical"] = .bool(isIdentical)
        members["more"] = .object(more)
        json = .object(members)
    }

    private static func head(_ record: JSONValue) -> JSONValue {
        let version = record["version"]
        return [
            "key": record["key"] ?? .null, "version": version?["number"] ?? .null,
            "id": version?["id"] ?? .null, "recordedAt": version?["recordedAt"] ?? .null,
            "node": version?["node"] ?? .null, "status": record["status"] ?? .null,
        ]
    }
}

/// Two records side by side.
struct RecordComparison {
    let old: JSONValue
    let new: JSONValue
    private let oldSections: SectionIndex
    private let newSections: SectionIndex

    init(old: JSONValue, new: JSONValue) {
        self.old = old
        self.new = new
        oldSections = SectionIndex(old)
        newSections = SectionIndex(new)
    }

    /// Changes by name of the list.
    var all: [(name: String, changes: [JSONValue])] {
        let facts: [(name: String, changes: [JSONValue])] = [
            ("amounts", amounts), ("rates", rates), ("staffing", staffing), ("scores", scores),
            ("projects", projects), ("indicators", indicators), ("problems", items("problems")),
            ("improvements", items("improvements")),
        ]
        return facts + [
            ("fields", fields), ("parts", parts), ("sections", sections(facts.flatMap(\.changes))),
            ("findings", findings), ("sources", sources), ("unread", unread),
        ]
    }

    func lists(_ name: String) -> (old: [JSONValue], new: [JSONValue]) {
        (old[name]?.arrayValue ?? [], new[name]?.arrayValue ?? [])
    }

    /// The change of a pair, or of one element that stands alone.
    func change(
        _ word: String,
        _ left: JSONValue?,
        _ right: JSONValue?,
        members: [String: JSONValue]
    ) -> JSONValue {
        var members = members
        members["change"] = .string(word)
        members["section"] = .optional(
            right.flatMap { newSections.title(at: $0["place"]) }
                ?? left.flatMap { oldSections.title(at: $0["place"]) }
        )
        return .object(members)
    }

    /// Changes of a list whose elements have a few fields each.
    /// - Parameters:
    ///   - name: name of the list.
    ///   - match: which elements belong together.
    ///   - shown: fields that both sides show.
    ///   - compared: fields that make a change.
    ///   - label: fields that say what the element is.
    ///   - adding: further members of a pair.
    /// - Returns: one object for each change.
    func changes(
        _ name: String,
        _ match: ListMatch,
        shown: [String],
        compared: [String],
        label: [String],
        adding: (JSONValue, JSONValue) -> [String: JSONValue] = { _, _ in [:] }
    ) -> [JSONValue] {
        let (before, after) = lists(name)
        func side(_ element: JSONValue) -> JSONValue {
            var members: [String: JSONValue] = [:]
            for field in shown { members[field] = Self.clipped(element[field] ?? .null) }
            if let place = element["place"] { members["place"] = Self.clipped(place) }
            return .object(members)
        }
        func labels(_ element: JSONValue) -> [String: JSONValue] {
            var members: [String: JSONValue] = [:]
            for field in label { members[field] = Self.clipped(element[field] ?? .null) }
            return members
        }
        var changes: [JSONValue] = []
        for (left, right) in match.pairs {
            let (left, right) = (before[left], after[right])
            guard compared.contains(where: { left[$0] ?? .null != right[$0] ?? .null }) else {
                continue
            }
            var members = labels(right)
            members["from"] = side(left)
            members["to"] = side(right)
            members.merge(adding(left, right)) { _, new in new }
            changes.append(change("changed", left, right, members: members))
        }
        for index in match.removed {
            var members = labels(before[index])
            members["from"] = side(before[index])
            members["to"] = .null
            changes.append(change("removed", before[index], nil, members: members))
        }
        for index in match.added {
            var members = labels(after[index])
            members["from"] = .null
            members["to"] = side(after[index])
            changes.append(change("added", nil, after[index], members: members))
        }
        return changes
    }

    /// A value whose texts are cut to what is shown.
    static func clipped(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text):
            let limit = DiffLimits.maximumQuoteScalarCount
            guard text.unicodeScalars.count > limit else { return value }
            return .string(
                String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
            )
        case .object(let members): return .object(members.mapValues { clipped($0) })
        case .array(let elements): return .array(elements.prefix(limitOfNested).map { clipped($0) })
        default: return value
        }
    }

    private static let limitOfNested = 100

    /// Fields of an element joined to a name; nil when all are missing.
    static func name(_ fields: [String]) -> (JSONValue) -> String? {
        { element in
            let texts = fields.map { field -> String in
                guard let value = element[field], !value.isNull else { return "" }
                return value.stringValue.map { normal($0) } ?? value.canonicalText
            }
            return texts.allSatisfy(\.isEmpty) ? nil : texts.joined(separator: "\u{1F}")
        }
    }

    /// A text as names are compared: without white space, with half-width letters.
    static func normal(_ text: String) -> String {
        text.utf8.count > KeyLimits.maximumTextByteCount ? text : KeyPart.clean(text)
    }
}

/// Headings of a record by their place.
struct SectionIndex {
    private let places: [(source: Int, block: Int, title: String)]

    init(_ record: JSONValue) {
        places = (record["sections"]?.arrayValue ?? []).compactMap { section in
            guard let title = section["title"]?.stringValue,
                let block = section["place"]?["block"]?.integerValue
            else { return nil }
            return (section["place"]?["source"]?.integerValue ?? 0, block, title)
        }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }

    /// The heading above a place.
    func title(at place: JSONValue?) -> String? {
        guard let block = place?["block"]?.integerValue else { return nil }
        let source = place?["source"]?.integerValue ?? 0
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if (places[middle].source, places[middle].block) <= (source, block) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0, places[low - 1].source == source else { return nil }
        return places[low - 1].title
    }
}

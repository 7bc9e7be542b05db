/// Where in a report a text stands.
enum SearchField: String, CaseIterable {
    case key, title, unit, region, kind
    case section = "sections"
    case problem = "problems"
    case improvement = "improvements"
    case remark = "remarks"
    case indicator = "indicators"
    case amount = "amounts"
    case rate = "rates"
    case count = "counts"
    case staffing
    case project = "projects"
    case score = "scores"
    case executionLine = "executionLines"
    case quote = "quotes"
    /// The text of the files, which is no member of the record.
    case text

    /// What one occurrence counts in the ranking; a quotation mostly repeats what stands elsewhere.
    var points: UInt64 {
        switch self {
        case .title: 8
        case .unit: 6
        case .section: 3
        case .problem, .improvement, .key: 2
        case .quote: 0
        default: 1
        }
    }

    /// The field of a string of a record; nil when it is not searched.
    ///
    /// Names and telephone numbers of people stand in a body of their own and are never searched.
    ///
    /// Source: record schema, contract `reportd.record/1`.
    /// - Parameters:
    ///   - area: the member of the record.
    ///   - parent: member that the innermost object is the value of, or stands in the array of.
    ///   - name: member that the string is the value of, or stands in the array of.
    /// - Returns: the field, or nil.
    static func of(
        in area: Area?,
        parent: UnsafeBufferPointer<UInt8>,
        name: UnsafeBufferPointer<UInt8>
    ) -> SearchField? {
        guard let area else { return nil }
        if parent.equals("place") { return name.equals("quote") ? .quote : nil }
        return area.names.contains { name.equals($0) } ? area.field : nil
    }

    /// A member of the record and the names of the texts in it.
    struct Area {
        var top: StaticString
        var field: SearchField
        var names: [StaticString]
    }

    /// The area of a member of the record; nil when nothing in it is searched.
    static func area(_ top: UnsafeBufferPointer<UInt8>) -> Area? {
        areas.first { top.equals($0.top) }
    }

    private static let areas: [Area] = [
        Area(top: "amounts", field: .amount, names: ["label", "value", "project"]),
        Area(
            top: "indicators",
            field: .indicator,
            names: ["actual", "level1", "level2", "level3", "note", "project", "target"]
        ),
        Area(top: "rates", field: .rate, names: ["label", "percent"]),
        Area(top: "sections", field: .section, names: ["title"]),
        Area(top: "problems", field: .problem, names: ["text"]),
        Area(top: "improvements", field: .improvement, names: ["text"]),
        Area(top: "remarks", field: .remark, names: ["label", "text"]),
        Area(top: "parts", field: .section, names: ["title"]),
        Area(top: "counts", field: .count, names: ["count", "label", "unit"]),
        Area(top: "staffing", field: .staffing, names: ["count", "label", "unit"]),
        Area(top: "projects", field: .project, names: ["budget", "code", "executed", "name"]),
        Area(top: "scores", field: .score, names: ["full", "grade", "total"]),
        Area(
            top: "executionLines",
            field: .executionLine,
            names: ["label", "percent", "project", "score", "weight"]
        ),
        Area(top: "key", field: .key, names: ["key"]),
        Area(top: "title", field: .title, names: ["title"]),
        Area(top: "unit", field: .unit, names: ["aliases", "name", "shortName"]),
        Area(top: "region", field: .region, names: ["city", "code", "district", "province"]),
        Area(top: "kind", field: .kind, names: ["kind"]),
        Area(top: "score", field: .score, names: ["score"]),
        Area(top: "grade", field: .score, names: ["grade"]),
        Area(top: "executionRate", field: .rate, names: ["executionRate"]),
        Area(top: "reportDate", field: .title, names: ["reportDate"]),
    ]
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are those of a text.
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] != text.utf8Start[index] { return false }
        return true
    }
}

import ReportModel

/// Hides names and telephone numbers in a record's quotations.
///
/// Source: record schema: quotations in the record mask them.
enum NameMask {
    /// Replaces every scalar of a printed name by `＊` in quotations and item texts.
    /// - Parameters:
    ///   - record: the record.
    ///   - people: the names and numbers.
    /// - Returns: the record with masked quotations; places keep their ranges.
    static func apply(_ record: Record, hiding people: [Person]) -> Record {
        let names = Set(people.map(\.name)).sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
        guard !names.isEmpty, isMentioned(names, in: record) else { return record }
        func masked(_ text: String) -> String {
            var text = text
            for name in names where text.holds(name) { text = replace(name, in: text) }
            return text
        }
        let json = transform(record.json, masked)
        return (try? Record(json: json)) ?? record
    }

    /// Whether one of the names stands in a text that is masked; the detour over JSON is dear.
    private static func isMentioned(_ names: [String], in record: Record) -> Bool {
        func holds(_ text: String?) -> Bool { text?.holds(anyOf: names) ?? false }
        let facts =
            record.amounts.contains { holds($0.label) || holds($0.place.quote) }
            || record.rates.contains { holds($0.label) || holds($0.place.quote) }
            || record.staffing.contains { holds($0.label) || holds($0.place.quote) }
            || record.indicators.contains { holds($0.note) || holds($0.place.quote) }
            || record.scores.contains { holds($0.place.quote) }
            || record.projects.contains { holds($0.place.quote) }
        return facts
            || record.problems.contains { holds($0.text) || holds($0.place.quote) }
            || record.improvements.contains { holds($0.text) || holds($0.place.quote) }
            || record.sections.contains { holds($0.place.quote) }
            || record.parts.contains { holds($0.place.quote) }
            || record.unread.contains { holds($0.place?.quote) }
            || record.findings.contains { finding in
                holds(finding.message) || finding.places.contains { holds($0.quote) }
            }
    }

    private static let texts: Set<String> = ["quote", "text", "label", "note", "message"]

    private static func transform(_ json: JSONValue, _ masked: (String) -> String) -> JSONValue {
        switch json {
        case .array(let values):
            return .array(values.map { transform($0, masked) })
        case .object(let members):
            var result = members
            for (key, value) in members {
                if texts.contains(key), case .string(let text) = value {
                    result[key] = .string(masked(text))
                } else {
                    result[key] = transform(value, masked)
                }
            }
            return .object(result)
        default:
            return json
        }
    }

    private static func replace(_ name: String, in text: String) -> String {
        let needle = name.scalarArray
        let scalars = text.scalarArray
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if scalars[index...].starts(with: needle) {
                for _ in needle { result.append("＊") }
                index += needle.count
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(result)
    }
}

import ReportModel

/// Comma-separated values with a header line.
///
/// Source: RFC 4180.
enum CSVText {
    /// Rows of objects; a column is a path of members with dots.
    static func lines(_ rows: [JSONValue], columns: [String]) -> [String] {
        [line(columns)]
            + rows.map { row in
                line(
                    columns.map { column in
                        var value = row
                        for step in column.split(separator: ".") {
                            value = value[String(step)] ?? .null
                        }
                        return text(value)
                    }
                )
            }
    }

    /// One line.
    static func line(_ fields: [String]) -> String {
        fields.map { quoted($0) }.joined(separator: ",")
    }

    /// A value as a field; nothing for null.
    static func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "" }
        return value.stringValue ?? value.canonicalText
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { [",", "\"", "\n", "\r"].contains($0) }
        guard needsQuotes else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}

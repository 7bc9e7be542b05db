import ReportExport
import ReportModel

/// Comma-separated values with a header line.
///
/// A name that a spreadsheet would take for a formula, which a file from anybody may have, begins with
/// an apostrophe; numbers stay as they are.
///
/// Source: RFC 4180; OWASP, CSV Injection.
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
        fields.map { quoted(isNumber($0) ? $0 : CSVWriter.defused($0)) }.joined(separator: ",")
    }

    /// A value as a field; nothing for null, texts of a list divided by `; `.
    static func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "" }
        if let texts = value.arrayValue?.map(\.stringValue), texts.allSatisfy({ $0 != nil }) {
            return texts.compactMap(\.self).joined(separator: "; ")
        }
        return value.stringValue ?? value.canonicalText
    }

    private static func isNumber(_ text: String) -> Bool {
        text.dropFirst(text.hasPrefix("-") ? 1 : 0).utf8
            .allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { [",", "\"", "\n", "\r"].contains($0) }
        guard needsQuotes else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}

/// Writes HTML: markup as it is, everything else escaped.
struct HTMLWriter {
    private(set) var html = ""

    /// Markup of this program.
    mutating func markup(_ text: StaticString) {
        text.withUTF8Buffer { html += String(decoding: $0, as: UTF8.self) }
    }

    /// Text from anywhere.
    mutating func text(_ text: String) { html += Self.escaped(text) }

    /// A number.
    mutating func number(_ number: Int) { html += String(number) }

    /// Text with every character of markup as a reference, and none that cannot be shown.
    static func escaped(_ text: String) -> String {
        let plain = ReceiptWords.clean(text, limit: YearPageLimits.maximumTextScalarCount)
        var escaped = ""
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

/// Markup of Markdown that is not part of the printed text.
enum MarkdownLine {
    /// Whether headings with `#` or a table with a row of dashes show Markdown.
    /// - Parameter text: the lines; the first two thousand decide.
    /// - Returns: true when one such line is found.
    static func isMarkdown(_ text: TextLines) -> Bool {
        for line in text.lines.prefix(2000) where line.length > 2 && line.length < 400 {
            let first = text.bytes[line.contentStart]
            if first == 0x23, level(Array(text.text(line).unicodeScalars.prefix(8))) != nil {
                return true
            }
            if first == 0x7C,
                text.bytes[line.contentStart..<line.contentEnd].allSatisfy({
                    $0 == 0x7C || $0 == 0x2D || $0 == 0x3A || $0 == 0x20
                })
            {
                return true
            }
        }
        return false
    }

    /// Divides a line into its heading level and its printed text.
    /// - Parameter line: a line of a Markdown text.
    /// - Returns: level from 0 for `#`, nil for other lines; the text without `#` and `**`.
    static func read(_ line: String) -> (level: Int?, text: String) {
        if !mayHaveMarks(line) {
            let text = CellText.trimmed(line)
            return (nil, text.isEmpty ? line : text)
        }
        let scalars = line.scalarArray
        let level = level(scalars)
        var start = level.map { $0 + 1 } ?? 0
        while start < scalars.count, LineShape.isBlank(scalars[start]) { start += 1 }
        var result: Scalars = []
        var index = start
        while index < scalars.count {
            if scalars[index] == "*", index + 1 < scalars.count, scalars[index + 1] == "*" {
                index += 2
                continue
            }
            result.append(scalars[index])
            index += 1
        }
        let text = CellText.trimmed(result.string)
        return (level, text.isEmpty ? line : text)
    }

    /// Whether a line begins with `#` or holds `**`.
    private static func mayHaveMarks(_ line: String) -> Bool {
        line.utf8.first == 0x23 || line.holds("**")
    }

    private static func level(_ scalars: [Unicode.Scalar]) -> Int? {
        var count = 0
        while count < scalars.count, scalars[count] == "#" { count += 1 }
        guard count > 0, count < 7, count < scalars.count, LineShape.isBlank(scalars[count]) else {
            return nil
        }
        return count - 1
    }
}

/// The line of text at hand, white space collapsed as a browser does.
struct HtmlLine {
    private var scalars = String.UnicodeScalarView()
    /// White space not yet written: how much, and whether a line feed was in it.
    private var blank: (count: Int, hasFeed: Bool) = (0, false)
    /// Number of a list item, written unless the text has one of its own.
    var prefix = ""
    /// Whether preformatted text brought a line feed.
    private(set) var hasFeed = false
    /// Number of scalars.
    private(set) var count = 0

    /// Adds text.
    mutating func add(_ text: String, isPreformatted: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\r": continue
            case "\n" where isPreformatted:
                hasFeed = true
                write(scalar)
            case " ", "\t", "\n", "\u{0C}":
                if isPreformatted {
                    write(scalar)
                } else {
                    blank.hasFeed = blank.hasFeed || scalar == "\n"
                    blank.count += 1
                }
            case "\u{AD}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{FEFF}": continue
            default:
                if blank.count > 0 {
                    // A line of the source that ends within Chinese text prints no blank.
                    let joins =
                        blank.hasFeed && scalars.last.map(Self.isWide) ?? false
                        && Self.isWide(scalar)
                    if count > 0, !joins { write(" ") }
                    // Blanks in a row set labels apart in what was made from a sheet.
                    if count > 0, blank.count > 1, !blank.hasFeed { write(" ") }
                    blank = (0, false)
                }
                write(scalar)
            }
        }
    }

    /// Takes away blanks at the end, as far back as a count of scalars.
    mutating func trimEnd(downTo floor: Int) {
        while count > floor, let last = scalars.last, LineShape.isBlank(last) {
            scalars.removeLast()
            count -= 1
        }
        blank = (0, false)
    }

    /// The line, which begins anew.
    mutating func take() -> String {
        let text = CellText.trimmed(String(scalars))
        let own = prefix
        let isEmpty = text.isEmpty
        scalars = String.UnicodeScalarView()
        count = 0
        blank = (0, false)
        guard !isEmpty else { return "" }
        prefix = ""
        return own.isEmpty || LineShape.enumerator(text) != nil ? text : own + text
    }

    /// The finished lines of preformatted text; the last one stays open.
    mutating func takeLines() -> [String] {
        var lines = String(scalars).split(separator: "\n", omittingEmptySubsequences: false)
        let rest = lines.popLast() ?? ""
        scalars = String.UnicodeScalarView(rest.unicodeScalars)
        count = scalars.count
        hasFeed = false
        return lines.map { CellText.trimmed(String($0)) }
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        scalars.append(scalar)
        count += 1
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        (0x2E80...0x9FFF).contains(scalar.value) || (0xFF00...0xFFEF).contains(scalar.value)
            || (0x20000...0x3FFFF).contains(scalar.value)
    }
}

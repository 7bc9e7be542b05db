/// The fixed width at which a text's lines were broken, as e-mail and printing to text do.
///
/// Such breaks stand anywhere, within numbers too: a line that fills the width goes on in the next.
struct LineWrap {
    /// What a width counts: columns, of which a Chinese character fills two, or characters.
    private enum Measure: CaseIterable { case columns, characters }

    private let measure: Measure
    /// Columns or characters of a full line.
    private let width: Int
    /// Whether paragraphs begin with blanks, so that a line without them begins none.
    private let isIndented: Bool

    private static let widths = 24...160
    /// What may stay free when the next character or mark did not fit.
    private static let slack = 3
    /// Full lines that show a width, at least, and one of so many lines with text.
    private static let fewest = 4
    private static let oneOf = 8

    /// Finds the width of a text.
    /// - Parameter text: the lines; those with tabs or the marks of tables are not looked at. When they have no
    ///   common width, there is no wrap.
    init?(_ text: TextLines) {
        let prose = text.lines.filter { !$0.isBlank && Self.isProse($0, text) }
        for measure in Measure.allCases {
            guard let width = Self.commonWidth(of: prose, text, measure) else { continue }
            self.measure = measure
            self.width = width
            let indented = prose.reduce(0) { $0 + ($1.contentStart > $1.start ? 1 : 0) }
            isIndented = indented * 5 >= prose.count
            return
        }
        return nil
    }

    private static func commonWidth(
        of lines: [TextLines.Line],
        _ text: TextLines,
        _ measure: Measure
    ) -> Int? {
        var widest = 0
        var counts = [Int](repeating: 0, count: widths.upperBound + 1)
        for line in lines {
            let width = width(of: line, text, measure)
            // One line beyond all bounds shows that nothing was broken.
            guard width <= widths.upperBound else { return nil }
            widest = max(widest, width)
            counts[width] += 1
        }
        guard widths.contains(widest) else { return nil }
        let full = counts[(widest - 1)...widest].reduce(0, +)
        return full >= fewest && full * oneOf >= lines.count ? widest : nil
    }

    /// Whether a line is the rest of the one before it.
    func goesOn(_ before: TextLines.Line, _ line: TextLines.Line, _ text: TextLines) -> Bool {
        guard Self.isProse(before, text), Self.isProse(line, text),
            Self.width(of: before, text, measure) >= width - Self.slack,
            line.contentStart == line.start || !isIndented
        else { return false }
        guard LineShape.endsSentence(text.text(before)) else { return true }
        let next = text.text(line)
        // A short line without a full stop behind a whole sentence is a signature or a title.
        let isFull = Self.width(of: line, text, measure) >= width - Self.slack
        return isIndented && (isFull || LineShape.endsSentence(next))
            && LineShape.enumerator(next) == nil
            && HeadingShape.read(next)?.isWholeLine != true
    }

    private static func isProse(_ line: TextLines.Line, _ text: TextLines) -> Bool {
        guard line.innerTabs == 0, !line.hasTab, line.length > 0 else { return false }
        // Lines of tables: | and the box drawing characters.
        let first = text.bytes[line.contentStart]
        guard first != 0x7C, first != 0x2B else { return false }
        return
            !(first == 0xE2 && line.length > 2 && text.bytes[line.contentStart + 1] >= 0x94
            && text.bytes[line.contentStart + 1] <= 0x95)
    }

    /// The width of a line with its blanks: characters of three bytes fill two columns.
    private static func width(
        of line: TextLines.Line,
        _ text: TextLines,
        _ measure: Measure
    ) -> Int {
        let wide = measure == .columns ? 2 : 1
        var width = 0
        var index = line.start
        while index < line.end {
            let byte = text.bytes[index]
            width += byte >= 0xE2 ? wide : 1
            index += byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            if width > widths.upperBound { return width }
        }
        return width
    }
}

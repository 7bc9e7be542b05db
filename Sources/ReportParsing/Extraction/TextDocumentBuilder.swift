import ReportModel

/// Collects blocks and tables of a text under the ceilings of parsing.
struct TextDocumentBuilder {
    private let limits: ParsingLimits
    private var document = Document()
    private var open: String?
    private var blankLines = 0

    /// Makes a builder without blocks.
    init(limits: ParsingLimits) { self.limits = limits }

    /// Notes a line without text.
    mutating func addBlankLine() { blankLines += 1 }

    /// Adds a line of running text, as a new block or as the rest of a broken one.
    /// - Parameters:
    ///   - line: its text.
    ///   - isMarkdown: whether marks of Markdown may stand in front.
    ///   - goesOn: whether it is surely the rest of the line before.
    /// - Throws: ``ReportError`` `.tooLarge`.
    mutating func addLine(
        _ line: String,
        isMarkdown: Bool,
        goesOn: Bool = false
    ) throws(ReportError) {
        let (level, text) = isMarkdown ? MarkdownLine.read(line) : (nil, line)
        if let level {
            try close()
            try append(Block(.heading(level: level), text))
        } else if let before = open, goesOn || blankLines < 2 && BrokenLine.goesOn(before, text),
            before.utf8.count + text.utf8.count < limits.maximumParagraphByteCount
        {
            open = before + text
        } else {
            try close()
            open = text
        }
        blankLines = 0
    }

    /// Adds a table; cells without text get no block.
    mutating func add(_ rows: [[String]]) throws(ReportError) {
        try close()
        blankLines = 0
        guard rows.allSatisfy({ $0.count <= limits.maximumColumnCount }) else {
            throw ReportError(.tooLarge, "表格的列数超过上限 \(limits.maximumColumnCount)")
        }
        let placed = GridBuilder.layOut(rows)
        guard placed.count <= limits.maximumCellCount else {
            throw ReportError(.tooLarge, "表格的单元格数超过上限 \(limits.maximumCellCount)")
        }
        guard !placed.isEmpty else { return }
        var table = Table(cells: [])
        for cell in placed {
            guard cell.text.utf8.count <= limits.maximumCellByteCount else {
                throw ReportError(.tooLarge, "单元格的文字超过上限 \(limits.maximumCellByteCount) 字节")
            }
            table.cells.append(
                Table.Cell(
                    block: document.blocks.count,
                    row: cell.row,
                    column: cell.column,
                    rowSpan: cell.rowSpan,
                    columnSpan: cell.columnSpan
                )
            )
            try append(Block(.cell(table: document.tables.count), cell.text))
        }
        document.tables.append(table)
    }

    /// Ends the document.
    mutating func finish() throws(ReportError) -> Document {
        try close()
        return document
    }

    private mutating func close() throws(ReportError) {
        guard let text = open else { return }
        open = nil
        if text.utf8.count > limits.maximumParagraphByteCount {
            for piece in LongParagraph.divided(text, limits) {
                try append(Block(.paragraph, piece))
            }
        } else {
            let isHeading = HeadingShape.read(text)?.isWholeLine == true
            try append(Block(isHeading ? .heading(level: nil) : .paragraph, text))
        }
    }

    private mutating func append(_ block: Block) throws(ReportError) {
        guard document.blocks.count < limits.maximumBlockCount else {
            throw ReportError(.tooLarge, "文件的段落数超过上限 \(limits.maximumBlockCount)")
        }
        document.blocks.append(block)
    }
}

/// Lines that a page end or a fixed width broke in mid-sentence.
enum BrokenLine {
    /// Whether a line is the rest of the paragraph before it.
    ///
    /// The line before is at least a full line long and ends in a letter or a comma; this one
    /// begins with a letter, is no heading or label, and ends a sentence or is long itself.
    static func goesOn(_ before: String, _ line: String) -> Bool {
        guard before.utf8.count >= 60, let last = before.unicodeScalars.last,
            isWord(last) || last == "，" || last == "、" || last == ",",
            let first = line.unicodeScalars.first, isWord(first),
            line.utf8.count >= 60 || LineShape.endsSentence(line),
            !before.utf8.contains(0x09), !line.utf8.contains(0x09)
        else { return false }
        if LineShape.enumerator(line) != nil || LineShape.isTitle(line) { return false }
        let head = line.unicodeScalars.prefix(14)
        if head.contains("：") || head.contains(":") { return false }
        if HeadingShape.read(before)?.isWholeLine == true || LineShape.isTitle(before) {
            return false
        }
        return true
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x3400 && scalar.value <= 0x9FFF || LineShape.digit(scalar) != nil
            || scalar.value >= 0x41 && scalar.value <= 0x7A
    }
}

import ReportModel

/// Collects blocks and tables of formats that mark them, under the ceilings of parsing.
struct BlockCollector {
    /// A cell with its text and the positions it covers.
    struct Cell {
        var text: String
        var row: Int
        var column: Int
        var rowSpan = 1
        var columnSpan = 1
        /// Address within a sheet.
        var address: String?
    }

    private let limits: ParsingLimits
    /// What was collected so far.
    private(set) var document = Document()

    /// Makes a collector without blocks.
    init(limits: ParsingLimits) { self.limits = limits }

    /// Adds running text; a line that looks like a heading becomes one.
    /// - Parameters:
    ///   - text: the text; nothing is added when it is blank.
    ///   - level: level that the format states; nil when it states none.
    ///   - sheet: sheet name.
    ///   - address: cell address.
    /// - Throws: ``ReportError`` `.tooLarge`.
    mutating func add(
        _ text: String,
        level: Int? = nil,
        sheet: String? = nil,
        address: String? = nil
    ) throws(ReportError) {
        let text = CellText.trimmed(text)
        guard !text.isEmpty else { return }
        var kind = Block.Kind.paragraph
        if let level {
            kind = .heading(level: level)
        } else if HeadingShape.read(text)?.isWholeLine == true {
            kind = .heading(level: nil)
        }
        guard text.utf8.count > limits.maximumParagraphByteCount else {
            try append(Block(kind, text, sheet: sheet, address: address))
            return
        }
        for piece in LongParagraph.divided(text, limits) {
            try append(Block(.paragraph, piece, sheet: sheet, address: address))
        }
    }

    /// Adds a table.
    /// - Parameters:
    ///   - cells: cells with text, in reading order; others have no block.
    ///   - sheet: sheet name.
    /// - Throws: ``ReportError`` `.tooLarge`.
    mutating func add(_ cells: [Cell], sheet: String? = nil) throws(ReportError) {
        guard !cells.isEmpty else { return }
        guard cells.count <= limits.maximumCellCount else {
            throw ReportError(.tooLarge, "表格的单元格数超过上限 \(limits.maximumCellCount)")
        }
        var table = Table(cells: [])
        table.cells.reserveCapacity(cells.count)
        for cell in cells {
            guard cell.column + cell.columnSpan <= limits.maximumColumnCount else {
                throw ReportError(.tooLarge, "表格的列数超过上限 \(limits.maximumColumnCount)")
            }
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
            let kind = Block.Kind.cell(table: document.tables.count)
            try append(Block(kind, cell.text, sheet: sheet, address: cell.address))
        }
        document.tables.append(table)
    }

    /// Notes something that could not be read, next to the last block.
    mutating func note(_ what: String, _ reason: String) {
        guard document.unread.count < 1000 else { return }
        let block = document.blocks.isEmpty ? nil : document.blocks.count - 1
        document.unread.append(Document.Unread(what: what, reason: reason, block: block))
    }

    private mutating func append(_ block: Block) throws(ReportError) {
        guard document.blocks.count < limits.maximumBlockCount else {
            throw ReportError(.tooLarge, "文件的段落数超过上限 \(limits.maximumBlockCount)")
        }
        document.blocks.append(block)
    }
}

import ReportModel

/// Reads the table of one sheet of a workbook saved as XML.
struct XmlSheetReader {
    /// The sheet read so far.
    private(set) var sheet: Sheet
    private let styles: XmlSheetStyles
    private let limits: ParsingLimits
    private var rows = SheetRows()
    private var isColumnHidden = [Bool](repeating: false, count: CellAddress.columnCount)
    private var hidden = 0

    /// Makes a reader of an empty sheet.
    init(name: String, styles: XmlSheetStyles, limits: ParsingLimits) {
        sheet = Sheet(name: name)
        self.styles = styles
        self.limits = limits
    }

    /// Reads the `Table` element.
    /// - Throws: ``ReportError`` `.tooLarge`.
    mutating func read(_ table: XMLNode) throws(ReportError) {
        var column = 0
        var row = 0
        for node in table.children {
            if node.isNamed("Column") {
                let first = index(node, "Index") ?? column
                let last = min(first + count(node, "Span"), CellAddress.columnCount - 1)
                if first <= last, node.attribute("Hidden") == "1" {
                    for index in first...last { isColumnHidden[index] = true }
                }
                column = last + 1
            } else if node.isNamed("Row") {
                row = index(node, "Index") ?? row
                guard row < CellAddress.rowCount else { break }
                try readRow(node, row)
                row += 1 + count(node, "Span")
            }
        }
        guard hidden > 0 else { return }
        sheet.notes.append(
            ("工作表“\(sheet.name)”隐藏的行和列", "隐藏的行和列里有 \(hidden) 个单元格，没有作为内容读取")
        )
    }

    private mutating func readRow(_ node: XMLNode, _ row: Int) throws(ReportError) {
        let isHidden = node.attribute("Hidden") == "1"
        rows.begin(row, isHidden: isHidden)
        var column = 0
        for cell in node.children where cell.isNamed("Cell") {
            column = index(cell, "Index") ?? column
            guard column < CellAddress.columnCount else { break }
            let across = min(count(cell, "MergeAcross"), CellAddress.columnCount - 1 - column)
            let down = min(count(cell, "MergeDown"), CellAddress.rowCount - 1 - row)
            let style = styles[cell.attribute("StyleID")]
            let text = cell.child("Data").map { shown($0, style) } ?? ""
            rows.note(column: column, isEmpty: text.isEmpty, isBordered: style.isBordered)
            if !text.isEmpty {
                if isHidden || isColumnHidden[column] && across == 0 {
                    hidden += 1
                } else {
                    try keep(text, row, column, style, across: across, down: down)
                }
            }
            column += across + 1
        }
        rows.end(&sheet)
    }

    private mutating func keep(
        _ text: String,
        _ row: Int,
        _ column: Int,
        _ style: SheetStyles.Style,
        across: Int,
        down: Int
    ) throws(ReportError) {
        guard sheet.cells.count < limits.maximumBlockCount else {
            throw ReportError(.tooLarge, "工作表的单元格数超过上限 \(limits.maximumBlockCount)")
        }
        let address = CellAddress(row: row, column: column)
        sheet.cells.append(.init(address: address, text: text, isBordered: style.isBordered))
        if across > 0 || down > 0 {
            sheet.merges.append(
                CellRange(rows: row...(row + down), columns: column...(column + across))
            )
        }
    }

    private func shown(_ data: XMLNode, _ style: SheetStyles.Style) -> String {
        let value = data.text
        switch data.attribute("Type") ?? "String" {
        case "Number":
            guard let number = SheetDecimal(stored: value) else { return CellText.trimmed(value) }
            return style.format.shown(number)
        case "DateTime":
            if let serial = SheetDecimal(date: value), style.format.isDate {
                return style.format.shown(serial)
            }
            return String(CellText.trimmed(value).prefix { $0 != "T" })
        case "Boolean": return CellText.trimmed(value) == "1" ? "TRUE" : "FALSE"
        case "Error": return CellText.trimmed(value)
        default: return CellText.trimmed(style.format.shown(SharedStrings.unescaped(value)))
        }
    }

    /// An attribute that counts from 1, as index from 0; nil when it is missing or out of range.
    private func index(_ node: XMLNode, _ name: StaticString) -> Int? {
        guard let value = node.attribute(name).flatMap({ Int($0) }),
            (1...CellAddress.rowCount).contains(value)
        else { return nil }
        return value - 1
    }

    /// An attribute that says how many more rows or columns are meant.
    private func count(_ node: XMLNode, _ name: StaticString) -> Int {
        guard let value = node.attribute(name).flatMap({ Int($0) }) else { return 0 }
        return min(max(value, 0), CellAddress.rowCount)
    }
}

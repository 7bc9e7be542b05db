import ReportModel

/// Reads the rows and cells of a Word table onto the columns of its grid.
///
/// Source: ISO/IEC 29500-1 section 17.4.
struct DocxRows {
    private let reader: DocxReader
    private(set) var table = DocxTable()
    private var cellCount = 0

    init(_ reader: DocxReader) { self.reader = reader }

    /// Adds the rows of a table or of a wrapper within one.
    mutating func read(_ node: XMLNode) throws(ReportError) {
        for child in node.children {
            switch child.name {
            case "tr": try readRow(child)
            case "sdt": if let content = child.child("sdtContent") { try read(content) }
            case "ins", "moveTo", "customXml": try read(child)
            case "AlternateContent": if let choice = DocxReader.choice(child) { try read(choice) }
            default: break
            }
        }
    }

    private mutating func readRow(_ row: XMLNode) throws(ReportError) {
        let properties = row.child("trPr")
        if properties?.child("del") != nil || properties?.isOn("hidden") == true { return }
        var column = try width(properties?.child("gridBefore")?.integer("val") ?? 0)
        var cells: [DocxTable.Cell] = []
        try readCells(row, column: &column, into: &cells)
        if !cells.isEmpty { table.rows.append(cells) }
    }

    private mutating func readCells(
        _ node: XMLNode,
        column: inout Int,
        into cells: inout [DocxTable.Cell]
    ) throws(ReportError) {
        for child in node.children {
            switch child.name {
            case "tc": try readCell(child, column: &column, into: &cells)
            case "sdt":
                if let content = child.child("sdtContent") {
                    try readCells(content, column: &column, into: &cells)
                }
            case "ins", "moveTo", "customXml":
                try readCells(child, column: &column, into: &cells)
            default: break
            }
        }
    }

    private mutating func readCell(
        _ cell: XMLNode,
        column: inout Int,
        into cells: inout [DocxTable.Cell]
    ) throws(ReportError) {
        cellCount += 1
        guard cellCount <= reader.limits.maximumCellCount else {
            throw ReportError(.tooLarge, "表格的单元格数超过上限 \(reader.limits.maximumCellCount)")
        }
        let properties = cell.child("tcPr")
        if properties?.child("cellDel") != nil { return }
        let span = try width(max(1, properties?.child("gridSpan")?.integer("val") ?? 1))
        defer { column += span }
        _ = try width(column + span)
        if let merge = properties?.child("hMerge"), merge.attribute("val") != "restart",
            !cells.isEmpty
        {
            cells[cells.count - 1].columnSpan += span
            return
        }
        let merge = properties?.child("vMerge")
        let isContinued = merge != nil && merge?.attribute("val") != "restart"
        // What stands in a covered cell is not shown.
        let items = isContinued ? [] : try reader.innerItems(of: cell)
        cells.append(
            DocxTable.Cell(
                items: items,
                column: column,
                columnSpan: span,
                isContinued: isContinued
            )
        )
    }

    private func width(_ columns: Int) throws(ReportError) -> Int {
        guard columns <= reader.limits.maximumColumnCount else {
            throw ReportError(.tooLarge, "表格的列数超过上限 \(reader.limits.maximumColumnCount)")
        }
        return max(0, columns)
    }
}

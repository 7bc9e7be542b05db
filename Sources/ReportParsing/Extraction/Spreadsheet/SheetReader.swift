import ReportModel

/// Reads the XML of one sheet, cell by cell.
///
/// Only cells that show text are kept: a sheet that claims a million rows costs no more than its
/// bytes.
///
/// Source: ECMA-376 part 1, 18.3 (worksheets).
struct SheetReader {
    private let stream: XMLStream
    private let strings: [String]
    private let styles: SheetStyles
    private let is1904: Bool
    private let limits: ParsingLimits
    private var sheet: Sheet
    /// Relationships of the drawings that lie on the sheet.
    private(set) var drawings: [String] = []

    private var isColumnHidden = [Bool](repeating: false, count: CellAddress.columnCount)
    private var cellsInHiddenRows = 0
    private var cellsInHiddenColumns: [Sheet.Cell] = []
    private var withoutResult = 0
    private var withoutAddress = 0
    private var row = -1
    private var column = -1
    private var isRowHidden = false
    private var rows = SheetRows()

    /// Merged ranges of one sheet; large forms have a few hundred.
    private static let maximumMergeCount = 50_000

    /// Makes a reader.
    /// - Parameters:
    ///   - bytes: the sheet's XML.
    ///   - name: the sheet's name.
    ///   - strings: shared strings.
    ///   - styles: styles of the workbook.
    ///   - is1904: whether dates count from 1904.
    ///   - limits: ceilings of parsing.
    /// - Throws: ``ReportError`` `.unreadable`.
    init(
        _ bytes: [UInt8],
        name: String,
        strings: [String],
        styles: SheetStyles,
        is1904: Bool,
        limits: ParsingLimits
    ) throws(ReportError) {
        stream = try XMLStream(bytes)
        sheet = Sheet(name: name)
        self.strings = strings
        self.styles = styles
        self.is1904 = is1904
        self.limits = limits
    }

    /// Reads the sheet to its end.
    mutating func read() throws(ReportError) -> Sheet {
        while let event = try stream.next() {
            switch event {
            case .start:
                if stream.isNamed("c") {
                    try readCell()
                } else if stream.isNamed("row") {
                    beginRow()
                } else if stream.isNamed("col") {
                    readColumn()
                } else if stream.isNamed("mergeCell") {
                    try readMerge()
                } else if stream.isNamed("drawing") {
                    if let identifier = stream.attribute("id") { drawings.append(identifier) }
                }
            case .end:
                if stream.isNamed("row") { rows.end(&sheet) }
            case .text: continue
            }
        }
        finish()
        return sheet
    }

    private func flag(_ name: StaticString) -> Bool {
        guard let value = stream.attribute(name) else { return false }
        return value == "1" || value == "true"
    }

    private func number(_ name: StaticString) -> Int? { stream.attribute(name).flatMap { Int($0) } }

    private mutating func readColumn() {
        guard flag("hidden") || stream.attribute("width").flatMap({ Double($0) }) == 0,
            let first = number("min"), let last = number("max"),
            (1...CellAddress.columnCount).contains(first), last >= first
        else { return }
        for column in first...min(max(last, first), CellAddress.columnCount) {
            isColumnHidden[column - 1] = true
        }
    }

    private mutating func readMerge() throws(ReportError) {
        guard let range = stream.attribute("ref").flatMap({ CellRange($0) }) else { return }
        guard sheet.merges.count < Self.maximumMergeCount else {
            throw ReportError(.tooLarge, "工作表的合并单元格数超过上限 \(Self.maximumMergeCount)")
        }
        sheet.merges.append(range)
    }

    private mutating func beginRow() {
        let stated = number("r").map { $0 &- 1 } ?? row + 1
        row = (0..<CellAddress.rowCount).contains(stated) ? stated : min(row + 1, 1 << 20)
        column = -1
        isRowHidden = flag("hidden")
        rows.begin(row, isHidden: isRowHidden)
    }

    private mutating func readCell() throws(ReportError) {
        let stated = stream.attribute("r")
        let style = styles[number("s") ?? 0]
        let type = stream.attribute("t") ?? "n"
        var value: String?
        var inline: String?
        var hasFormula = false
        reading: while let event = try stream.next() {
            switch event {
            case .start:
                if stream.isNamed("v") {
                    value = try content()
                } else if stream.isNamed("is") {
                    inline = try SharedStrings.text(stream)
                } else if stream.isNamed("f") {
                    hasFormula = true
                }
            case .end:
                if stream.isNamed("c") { break reading }
            case .text: continue
            }
        }
        var address = CellAddress(row: row, column: column + 1)
        if let stated {
            guard let found = CellAddress(stated) else {
                if value != nil || inline != nil { withoutAddress += 1 }
                return
            }
            address = found
        }
        column = address.column
        guard address.column < CellAddress.columnCount,
            (0..<CellAddress.rowCount).contains(address.row)
        else { return }
        var text = inline ?? ""
        if let value { text = shown(value, type: type, style: style) }
        if value == nil, inline == nil, hasFormula { withoutResult += 1 }
        try keep(CellText.trimmed(text), at: address, isBordered: style.isBordered)
    }

    /// The text up to the end of the element at hand.
    private func content() throws(ReportError) -> String {
        var result = ""
        while let event = try stream.next() {
            switch event {
            case .text: result += stream.text
            case .start: continue
            case .end:
                if stream.isNamed("v") { return result }
            }
        }
        return result
    }

    private func shown(_ value: String, type: String, style: SheetStyles.Style) -> String {
        switch type {
        case "s":
            guard let index = Int(CellText.trimmed(value)), strings.indices.contains(index) else {
                return ""
            }
            return style.format.shown(strings[index])
        case "str", "inlineStr": return style.format.shown(SharedStrings.unescaped(value))
        case "b": return CellText.trimmed(value) == "1" ? "TRUE" : "FALSE"
        case "e": return value
        case "d":
            let parts = value.split(separator: "T", maxSplits: 1)
            guard let day = parts.first else { return value }
            return parts.count == 2 && parts[1].hasPrefix("00:00:00") ? String(day) : value
        default:
            guard let number = SheetDecimal(stored: value) else { return value }
            return style.format.shown(number, is1904: is1904)
        }
    }

    private mutating func keep(
        _ text: String,
        at address: CellAddress,
        isBordered: Bool
    ) throws(ReportError) {
        rows.note(column: address.column, isEmpty: text.isEmpty, isBordered: isBordered)
        guard !text.isEmpty else { return }
        if isRowHidden {
            cellsInHiddenRows += 1
            return
        }
        guard sheet.cells.count + cellsInHiddenColumns.count < limits.maximumBlockCount else {
            throw ReportError(.tooLarge, "工作表的单元格数超过上限 \(limits.maximumBlockCount)")
        }
        let cell = Sheet.Cell(address: address, text: text, isBordered: isBordered)
        if isColumnHidden[address.column] {
            cellsInHiddenColumns.append(cell)
        } else {
            sheet.cells.append(cell)
        }
    }

    /// Brings back cells of hidden columns whose merged range reaches into visible ones, and notes
    /// what stays hidden.
    private mutating func finish() {
        var stillHidden = 0
        if !cellsInHiddenColumns.isEmpty {
            var ranges: [CellAddress: Int] = [:]
            for (index, range) in sheet.merges.enumerated() {
                let first = CellAddress(
                    row: range.rows.lowerBound,
                    column: range.columns.lowerBound
                )
                if ranges[first] == nil { ranges[first] = index }
            }
            for var cell in cellsInHiddenColumns {
                guard let index = ranges[cell.address],
                    let column = visible(sheet.merges[index].columns)
                else {
                    stillHidden += 1
                    continue
                }
                cell.address.column = column
                sheet.merges[index].columns = column...sheet.merges[index].columns.upperBound
                sheet.cells.append(cell)
            }
        }
        note(cellsInHiddenRows, "隐藏的行", "隐藏的行里有", "个单元格，没有作为内容读取")
        note(stillHidden, "隐藏的列", "隐藏的列里有", "个单元格，没有作为内容读取")
        note(withoutResult, "公式", "有", "个公式没有保存计算结果，请用 Excel 或 WPS 打开后重新保存")
        note(withoutAddress, "单元格", "有", "个单元格的地址无效")
    }

    private func visible(_ columns: ClosedRange<Int>) -> Int? {
        columns.first { !isColumnHidden[$0] }
    }

    private mutating func note(_ count: Int, _ what: String, _ before: String, _ after: String) {
        guard count > 0 else { return }
        sheet.notes.append(("工作表“\(sheet.name)”\(what)", "\(before) \(count) \(after)"))
    }
}

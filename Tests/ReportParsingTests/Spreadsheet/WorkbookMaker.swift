@testable import ReportParsing

/// Makes workbooks of a few parts by hand.
struct WorkbookMaker {
    /// A sheet: name, XML within `worksheet`, state.
    struct Sheet {
        var name: String
        var content: String
        var state = "visible"
        var kind = "worksheet"
        var relationships = ""
    }

    static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    var sheets: [Sheet] = []
    var strings: [String] = []
    var styles = ""
    var properties = ""
    var namespace = WorkbookMaker.main
    var more: [(String, String)] = []

    /// The relationships part with these elements.
    static func relationships(_ items: String) -> String {
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            + items + "</Relationships>"
    }

    /// One relationship.
    static func relationship(_ id: String, _ kind: String, _ target: String) -> String {
        "<Relationship Id=\"\(id)\" Type=\"\(office)/\(kind)\" Target=\"\(target)\"/>"
    }

    /// The file.
    func bytes() -> [UInt8] {
        var zip = ZipMaker()
        func add(_ name: String, _ text: String) { zip.add(Array(name.utf8), Array(text.utf8)) }
        add("[Content_Types].xml", "<Types/>")
        add(
            "_rels/.rels",
            Self.relationships(Self.relationship("rId1", "officeDocument", "xl/workbook.xml"))
        )
        var tabs = ""
        var links = Self.relationship("rStyles", "styles", "styles.xml")
        links += Self.relationship("rStrings", "sharedStrings", "/xl/sharedStrings.xml")
        for (index, sheet) in sheets.enumerated() {
            tabs += "<sheet name=\"\(sheet.name)\" sheetId=\"\(index + 1)\""
            tabs += " state=\"\(sheet.state)\" r:id=\"rId\(index + 1)\"/>"
            let part = "\(sheet.kind)s/sheet\(index + 1).xml"
            links += Self.relationship("rId\(index + 1)", sheet.kind, part)
            add(
                "xl/" + part,
                "<worksheet xmlns=\"\(namespace)\" xmlns:r=\"\(Self.office)\">"
                    + sheet.content + "</worksheet>"
            )
            if !sheet.relationships.isEmpty {
                add(
                    "xl/\(sheet.kind)s/_rels/sheet\(index + 1).xml.rels",
                    Self.relationships(sheet.relationships)
                )
            }
        }
        add(
            "xl/workbook.xml",
            "<workbook xmlns=\"\(namespace)\" xmlns:r=\"\(Self.office)\">\(properties)"
                + "<sheets>\(tabs)</sheets></workbook>"
        )
        add("xl/_rels/workbook.xml.rels", Self.relationships(links))
        add(
            "xl/sharedStrings.xml",
            "<sst xmlns=\"\(namespace)\">" + strings.map { "<si>\($0)</si>" }.joined() + "</sst>"
        )
        add("xl/styles.xml", "<styleSheet xmlns=\"\(namespace)\">\(styles)</styleSheet>")
        for (name, text) in more { add(name, text) }
        return zip.finish()
    }

    /// A sheet whose rows are given as texts, an empty text being no cell.
    /// - Parameters:
    ///   - rows: texts from A1 on.
    ///   - merges: merged ranges.
    ///   - bordered: rows, from 1, in which every cell has a border, empty ones too.
    /// - Returns: XML that stands within `worksheet`.
    static func sheet(
        _ rows: [[String]],
        merges: [String] = [],
        bordered: ClosedRange<Int>? = nil
    ) -> String {
        let width = rows.map(\.count).max() ?? 0
        var text = "<sheetData>"
        for (index, row) in rows.enumerated() {
            let hasBorder = bordered?.contains(index + 1) ?? false
            text += "<row r=\"\(index + 1)\">"
            for column in 0..<(hasBorder ? width : row.count) {
                let words = column < row.count ? row[column] : ""
                guard hasBorder || !words.isEmpty else { continue }
                let address = CellAddress(row: index, column: column).text
                text += "<c r=\"\(address)\" s=\"\(hasBorder ? 1 : 0)\""
                text +=
                    words.isEmpty ? "/>" : " t=\"inlineStr\"><is><t>\(words)</t></is></c>"
            }
            text += "</row>"
        }
        text += "</sheetData><mergeCells>"
        for merge in merges { text += "<mergeCell ref=\"\(merge)\"/>" }
        return text + "</mergeCells>"
    }

    /// Styles: 0 plain, 1 bordered, 2 with two decimals in per cent, 3 a date.
    static let someStyles = """
        <numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>
        <borders><border><left/><right/></border><border><left style="thin"/></border></borders>
        <cellXfs><xf numFmtId="0" borderId="0"/><xf numFmtId="0" borderId="1"/>
        <xf numFmtId="10" borderId="0"/><xf numFmtId="176" borderId="0"/></cellXfs>
        """

    /// A workbook of one sheet.
    static func book(
        _ rows: [[String]],
        merges: [String] = [],
        bordered: ClosedRange<Int>? = nil,
        name: String = "Sheet1"
    ) -> [UInt8] {
        var maker = WorkbookMaker()
        maker.styles = someStyles
        let content = sheet(rows, merges: merges, bordered: bordered)
        maker.sheets = [Sheet(name: name, content: content)]
        return maker.bytes()
    }
}

extension Document {
    /// Blocks as `p:text`, `h:text`, and tables as rows of `column+spans:text`.
    var outline: [String] {
        var cells: [Int: Table.Cell] = [:]
        for table in tables { for cell in table.cells { cells[cell.block] = cell } }
        return blocks.enumerated().map { index, block in
            switch block.kind {
            case .paragraph: return "p:" + block.text
            case .heading: return "h:" + block.text
            case .cell(let table):
                guard let cell = cells[index] else { return "?" }
                let spans =
                    (cell.rowSpan > 1 ? "v\(cell.rowSpan)" : "")
                    + (cell.columnSpan > 1 ? "h\(cell.columnSpan)" : "")
                return "\(table)/\(cell.row),\(cell.column)\(spans):" + block.text
            }
        }
    }
}

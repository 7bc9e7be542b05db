/// Dresses the lines of a text in the formats that are read, with what those formats have and text
/// has not: merged cells, numbering, fields, charts, shared strings, lines drawn around cells.
enum SeedDocuments {
    /// All documents of some lines, each with its format.
    static func all(_ lines: [String]) -> [(format: String, bytes: [UInt8])] {
        [
            ("docx", docx(lines)), ("xlsx", xlsx(lines)), ("xml-sheet", sheetXML(lines)),
            ("html", html(lines)), ("mht", mht(lines)), ("ofd", ofd(lines)), ("pdf", pdf(lines)),
        ]
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            default: if character.value >= 0x20 { result.unicodeScalars.append(character) }
            }
        }
        return result
    }

    /// The cells of a line of a table; one for running text.
    static func cells(_ line: String) -> [String] {
        let separator: Character = line.contains("|") ? "|" : "\t"
        let cells = line.split(separator: separator).map { escaped(String($0)) }
        return cells.isEmpty ? [""] : cells
    }

    private static func docx(_ lines: [String]) -> [UInt8] {
        var body = ""
        for (index, line) in lines.enumerated() {
            let cells = cells(line)
            if cells.count > 1 {
                let row = cells.enumerated().map { place, text in
                    let merge = place == 0 ? "<w:vMerge/>" : "<w:gridSpan w:val=\"2\"/>"
                    return
                        "<w:tc><w:tcPr>\(merge)</w:tcPr><w:p><w:r><w:t>\(text)</w:t></w:r></w:p></w:tc>"
                }
                body += "<w:tbl><w:tblPr/><w:tr>\(row.joined())</w:tr></w:tbl>"
                continue
            }
            let numbered =
                "<w:numPr><w:ilvl w:val=\"\(index % 3)\"/><w:numId w:val=\"1\"/></w:numPr>"
            let properties = index % 7 == 3 ? numbered : "<w:pStyle w:val=\"1\"/>"
            body += "<w:p><w:pPr>\(properties)</w:pPr>"
            if index % 9 == 4 {
                body += "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE"
                body += "</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
            }
            body += "<w:ins><w:r><w:t>\(cells[0].prefix(5))</w:t></w:r></w:ins>"
            body += "<w:del><w:r><w:delText>甲</w:delText></w:r></w:del>"
            body += "<w:r><w:t>\(cells[0].dropFirst(5))</w:t><w:tab/></w:r></w:p>"
        }
        let word = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
        let levels = (0..<3).map { level in
            "<w:lvl w:ilvl=\"\(level)\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/>"
                + "<w:lvlText w:val=\"（%\(level + 1)）\"/></w:lvl>"
        }
        let numbering =
            "<w:abstractNum w:abstractNumId=\"0\">\(levels.joined())</w:abstractNum>"
            + "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>"
        let styles =
            "<w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/>"
            + "<w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:style>"
        return FuzzZip([
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations([("main", "officeDocument", "word/document.xml")]),
            "word/document.xml": "<w:document \(word)><w:body>\(body)</w:body></w:document>",
            "word/styles.xml": "<w:styles \(word)>\(styles)</w:styles>",
            "word/numbering.xml": "<w:numbering \(word)>\(numbering)</w:numbering>",
            "word/footnotes.xml":
                "<w:footnotes \(word)><w:footnote w:id=\"2\"><w:p><w:r><w:t>注</w:t></w:r></w:p>"
                + "</w:footnote></w:footnotes>",
            "word/_rels/document.xml.rels": relations([
                ("a", "styles", "styles.xml"), ("b", "numbering", "numbering.xml"),
                ("c", "footnotes", "footnotes.xml"),
            ]),
        ]).bytes
    }

    private static func relations(_ list: [(id: String, kind: String, target: String)]) -> String {
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
        let all = list.map {
            "<Relationship Id=\"\($0.id)\" Type=\"\(office)\($0.kind)\" Target=\"\($0.target)\"/>"
        }
        return "<Relationships>\(all.joined())</Relationships>"
    }

    private static func xlsx(_ lines: [String]) -> [UInt8] {
        var rows = ""
        var strings = ""
        var count = 0
        for (index, line) in lines.enumerated() {
            rows += "<row r=\"\(index + 1)\">"
            for (column, text) in cells(line).prefix(20).enumerated() {
                let address = "\(String(UnicodeScalar(UInt8(65 + column))))\(index + 1)"
                if let number = Double(text) {
                    rows += "<c r=\"\(address)\" s=\"\(column % 4)\"><v>\(number)</v></c>"
                } else {
                    rows += "<c r=\"\(address)\" t=\"s\" s=\"1\"><v>\(count)</v></c>"
                    strings += "<si><t>\(text)</t></si>"
                    count += 1
                }
            }
            rows += "</row>"
        }
        let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
        let office =
            "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
        let styles = """
            <numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>
            <borders><border><left/></border><border><left style="thin"/></border></borders>
            <cellXfs><xf numFmtId="0" borderId="0"/><xf numFmtId="4" borderId="1"/>
            <xf numFmtId="10" borderId="0"/><xf numFmtId="176" borderId="0"/></cellXfs>
            """
        return FuzzZip([
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations([("rId1", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml":
                "<workbook \(main) \(office)><sheets><sheet name=\"自评表\" sheetId=\"1\" r:id=\"a\"/>"
                + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations([
                ("a", "worksheet", "worksheets/sheet1.xml"), ("b", "styles", "styles.xml"),
                ("c", "sharedStrings", "sharedStrings.xml"),
            ]),
            "xl/worksheets/sheet1.xml":
                "<worksheet \(main)><sheetData>\(rows)</sheetData><mergeCells><mergeCell ref=\"A1:D1\"/>"
                + "<mergeCell ref=\"A3:A5\"/></mergeCells></worksheet>",
            "xl/sharedStrings.xml": "<sst \(main)>\(strings)</sst>",
            "xl/styles.xml": "<styleSheet \(main)>\(styles)</styleSheet>",
        ]).bytes
    }

    private static func sheetXML(_ lines: [String]) -> [UInt8] {
        let rows = lines.map { line in
            let cells = cells(line).map {
                "<Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">\($0)</Data></Cell>"
            }
            return "<Row ss:Height=\"20\">\(cells.joined())</Row>"
        }
        let space = "urn:schemas-microsoft-com:office:spreadsheet"
        return Array(
            ("<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>"
                + "<Workbook xmlns=\"\(space)\" xmlns:ss=\"\(space)\"><Worksheet ss:Name=\"自评表\">"
                + "<Table>\(rows.joined(separator: "\n"))</Table></Worksheet></Workbook>").utf8
        )
    }

    private static func page(_ lines: [String]) -> String {
        var body = ""
        for (index, line) in lines.enumerated() {
            let cells = cells(line)
            if cells.count > 1 {
                let row = cells.map { "<td rowspan=\"1\" colspan=\"\(index % 3 + 1)\">\($0)</td>" }
                body += "<table><tr>\(row.joined())</tr></table>\n"
            } else if index % 5 == 2 {
                body += "<ol start=\"2\" type=\"a\"><li>\(cells[0])</li></ol>\n"
            } else {
                body += "<p style=\"mso-list:Ignore\"><span>\(cells[0])</span></p>\n"
            }
        }
        return
            "<html><head><meta charset=\"utf-8\"><title>报告</title></head><body>\(body)</body></html>"
    }

    private static func html(_ lines: [String]) -> [UInt8] { Array(page(lines).utf8) }

    private static func mht(_ lines: [String]) -> [UInt8] {
        Array(
            ("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"; type=\"text/html\"\r\n\r\n"
                + "--b\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                + page(lines) + "\r\n--b--\r\n").utf8
        )
    }
}

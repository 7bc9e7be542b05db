/// Writes small PDF files for tests: text and lines at places, one font that is not embedded.
struct PdfWriter {
    /// What stands on a page; y counts from the top.
    struct Page {
        var width = 595.0
        var height = 842.0
        var turn = 0
        var content = ""
        var field: String?

        /// Adds text whose top is at y.
        mutating func text(_ text: String, x: Double, y: Double, size: Double = 12) {
            var hex = ""
            for scalar in text.unicodeScalars { hex += PdfWriter.hex(scalar.value) }
            content += "BT /F1 \(size) Tf \(x) \(height - y - 0.88 * size) Td <\(hex)> Tj ET\n"
        }

        /// Adds a line.
        mutating func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) {
            content += "0.5 w \(x0) \(height - y0) m \(x1) \(height - y1) l S\n"
        }

        /// Adds the lines of a grid.
        mutating func grid(columns: [Double], rows: [Double]) {
            guard let left = columns.first, let right = columns.last, let top = rows.first,
                let bottom = rows.last
            else { return }
            for x in columns { line(x, top, x, bottom) }
            for y in rows { line(left, y, right, y) }
        }
    }

    var pages: [Page] = []
    /// Whether the font tells which characters it shows.
    var hasUnicode = true
    /// Whether a password nobody knows protects the file.
    var isLocked = false
    /// Entries added to the catalogue.
    var catalogue = ""

    /// The file.
    func bytes() -> [UInt8] {
        var objects: [String] = []
        let first = 8
        let kids = pages.indices.map { "\(first + 3 * $0) 0 R" }.joined(separator: " ")
        objects.append("<< /Type /Catalog /Pages 2 0 R \(catalogue) >>")
        objects.append("<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] >>")
        let unicode = hasUnicode ? "/ToUnicode 6 0 R" : ""
        objects.append(
            "<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H "
                + "/DescendantFonts [4 0 R] \(unicode) >>"
        )
        objects.append(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test /DW 1000 /W [32 126 500] "
                + "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                + "/FontDescriptor 5 0 R >>"
        )
        objects.append(
            "<< /Type /FontDescriptor /FontName /Test /Flags 4 /FontBBox [0 -120 1000 880] "
                + "/Ascent 880 /Descent -120 /CapHeight 700 /ItalicAngle 0 /StemV 80 >>"
        )
        objects.append(stream(map()))
        objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        for (index, page) in pages.enumerated() {
            let base = first + 3 * index
            let field = page.field == nil ? "" : "/Annots [\(base + 2) 0 R]"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(page.width) \(page.height)] "
                    + "/Rotate \(page.turn) /Contents \(base + 1) 0 R \(field) "
                    + "/Resources << /Font << /F1 3 0 R /F2 7 0 R >> >> >>"
            )
            objects.append(stream(page.content))
            let form = "/F2 12 Tf BT 2 4 Td (\(page.field ?? "")) Tj ET"
            objects.append(
                "<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Length \(form.utf8.count) "
                    + "/Resources << /Font << /F2 7 0 R >> >> /FT /Tx /T (a) /Rect [100 700 300 720] "
                    + ">>\nstream\n\(form)\nendstream"
            )
        }
        for (index, page) in pages.enumerated() where page.field != nil {
            // The widget shows the form that stands behind the pages.
            let place = first + 3 * index + 2
            objects.append(objects[place - 1])
            objects[place - 1] =
                "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (\(page.field ?? "")) /F 4 "
                + "/Rect [100 700 300 720] /AP << /N \(objects.count) 0 R >> >>"
        }
        return assembled(objects)
    }

    private func assembled(_ objects: [String]) -> [UInt8] {
        var text = "%PDF-1.5\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.utf8.count) + digits + " 00000 n \n"
        }
        let key = String(repeating: "4A", count: 32)
        let lock =
            isLocked
            ? "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <\(key)> /U <\(key)> >> "
                + "/ID [<00112233> <00112233>]"
            : ""
        text += "trailer << /Size \(objects.count + 1) /Root 1 0 R \(lock) >>\n"
        text += "startxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }

    private func stream(_ content: String) -> String {
        "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream"
    }

    /// The map from codes, which are scalars here, to scalars.
    private func map() -> String {
        var scalars: Set<String> = []
        for page in pages {
            for part in page.content.split(separator: "<").dropFirst() {
                let hex = part.prefix { $0 != ">" }
                var rest = Substring(hex)
                while rest.count >= 4 {
                    scalars.insert(String(rest.prefix(4)))
                    rest = rest.dropFirst(4)
                }
            }
        }
        var text = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        text += "/CMapName /Test def /CMapType 2 def\n"
        text += "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        for scalar in scalars.sorted() {
            text += "1 beginbfchar <\(scalar)> <\(scalar)> endbfchar\n"
        }
        return text + "endcmap end end\n"
    }

    static func hex(_ value: UInt32) -> String {
        let digits = String(value & 0xFFFF, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}

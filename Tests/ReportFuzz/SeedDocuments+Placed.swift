extension SeedDocuments {
    /// Pages of thirty lines with the lines of a grid.
    static func ofd(_ lines: [String]) -> [UInt8] {
        let space = "xmlns:ofd=\"http://www.ofdspec.org/2016\""
        let pages = stride(from: 0, to: lines.count, by: 30).map {
            Array(lines[$0..<min(lines.count, $0 + 30)])
        }
        let list = pages.indices.map {
            "<ofd:Page ID=\"\($0 + 10)\" BaseLoc=\"Pages/\($0).xml\"/>"
        }
        var zip = FuzzZip([
            "OFD.xml":
                "<ofd:OFD \(space) Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocRoot>"
                + "Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml":
                "<ofd:Document \(space)><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
                + "</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>\(list.joined())"
                + "</ofd:Pages></ofd:Document>",
        ])
        for (index, page) in pages.enumerated() {
            var content = path(
                "M 15 10 L 190 10 M 15 280 L 190 280 M 15 10 L 15 280 M 190 10 L 190 280"
            )
            for (row, line) in page.enumerated() {
                let y = 12 + 9 * row
                content += path("M 15 \(y + 7) L 190 \(y + 7)")
                var x = 16
                for cell in cells(line) {
                    let count = max(1, cell.unicodeScalars.count)
                    content +=
                        "<ofd:TextObject ID=\"9\" Boundary=\"\(x) \(y) 180 5\" Font=\"1\" Size=\"4\">"
                        + "<ofd:TextCode X=\"0\" Y=\"3.4\" DeltaX=\"g \(count - 1) 4\">\(cell)"
                        + "</ofd:TextCode></ofd:TextObject>"
                    x += count * 4 + 6
                }
            }
            let name = "Doc_0/Pages/\(index).xml"
            let xml =
                "<ofd:Page \(space)><ofd:Content><ofd:Layer ID=\"2\">\(content)</ofd:Layer></ofd:Content></ofd:Page>"
            zip.members.append(FuzzZip.Member(name: Array(name.utf8), bytes: Array(xml.utf8)))
        }
        return zip.bytes
    }

    private static func path(_ data: String) -> String {
        "<ofd:PathObject ID=\"8\" Boundary=\"0 0 200 290\" LineWidth=\"0.2\"><ofd:AbbreviatedData>"
            + data + "</ofd:AbbreviatedData></ofd:PathObject>\n"
    }

    /// Pages of forty lines with a grid; the content is not compressed, so that changes reach it.
    static func pdf(_ lines: [String]) -> [UInt8] {
        let pages = stride(from: 0, to: lines.count, by: 40).map {
            Array(lines[$0..<min(lines.count, $0 + 40)])
        }
        let kids = pages.indices.map { "\(7 + 2 * $0) 0 R" }.joined(separator: " ")
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] >>",
            "<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H "
                + "/DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test /DW 1000 /W [32 126 500] "
                + "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                + "/FontDescriptor 5 0 R >>",
            "<< /Type /FontDescriptor /FontName /Test /Flags 4 /FontBBox [0 -120 1000 880] "
                + "/Ascent 880 /Descent -120 /CapHeight 700 /ItalicAngle 0 /StemV 80 >>",
            stream(
                "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
                    + "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap\n"
            ),
        ]
        for (index, page) in pages.enumerated() {
            var content = "0.5 w 40 20 m 40 820 l S 555 20 m 555 820 l S\n"
            for (row, line) in page.enumerated() {
                let y = 800 - 19 * row
                var x = 44
                content += "40 \(y - 4) m 555 \(y - 4) l S\n"
                for cell in cells(line) {
                    let hex = cell.unicodeScalars.map { four($0.value) }.joined()
                    content += "BT /F1 12 Tf \(x) \(y) Td <\(hex)> Tj ET\n"
                    x += 12 * cell.unicodeScalars.count + 20
                }
            }
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate 0 "
                    + "/Contents \(8 + 2 * index) 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            )
            objects.append(stream(content))
        }
        var text = "%PDF-1.5\n"
        var table = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for (index, object) in objects.enumerated() {
            let digits = String(text.utf8.count)
            table += String(repeating: "0", count: max(0, 10 - digits.utf8.count))
            table += digits + " 00000 n \n"
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += table + "trailer << /Size \(objects.count + 1) /Root 1 0 R >>\n"
        return Array((text + "startxref\n\(start)\n%%EOF\n").utf8)
    }

    private static func stream(_ content: String) -> String {
        "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream"
    }

    private static func four(_ value: UInt32) -> String {
        let digits = String(value & 0xFFFF, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}

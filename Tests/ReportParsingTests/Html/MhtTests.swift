import ReportModel
import Testing

@testable import ReportParsing

@Suite("Web pages in a single file")
struct MhtTests {
    static func file(_ parts: [(headers: String, body: String)]) -> [UInt8] {
        var text =
            "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"--=_x\"\r\n\r\n"
        text += "This is a page in a single file.\r\n\r\n"
        for part in parts { text += "----=_x\r\n\(part.headers)\r\n\r\n\(part.body)\r\n" }
        return Array((text + "----=_x--\r\n").utf8)
    }

    static func quoted(_ bytes: [UInt8]) -> String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            text += index % 20 == 19 ? "=\r\n" : ""
            let isPlain = byte >= 0x20 && byte < 0x7F && byte != 0x3D
            let digits = String(byte, radix: 16, uppercase: true)
            text += isPlain ? String(Unicode.Scalar(byte)) : (byte < 16 ? "=0" : "=") + digits
        }
        return text
    }

    @Test("pages are decoded by their own headers; tabs, styles and pictures are left out")
    func pages() throws {
        let first = try EncodingTests.encode(
            "<html><body><p>绩效自评报告</p></body></html>",
            to: "GB18030"
        )
        let bytes = Self.file([
            (
                "Content-Type: text/html; charset=\"gb2312\"\r\nContent-Transfer-Encoding: quoted-printable",
                Self.quoted(first)
            ),
            (
                "Content-Location: file:///c:/a/tabstrip.htm\r\nContent-Type: text/html",
                "<p>Sheet1</p>"
            ),
            ("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", "iVBORw0KGgo="),
            (
                "Content-Type: text/html\r\nContent-Transfer-Encoding: base64",
                "PHRhYmxlPjx0cj48dGQ+55SyPC90ZD48dGQ+\r\nMTwvdGQ+PC90cj48L3RhYmxlPg=="
            ),
        ])
        let extraction = try Extractors.extract(bytes)
        #expect(extraction.format == "mht")
        #expect(extraction.encoding == "GB18030")
        #expect(extraction.document.outline == ["p:绩效自评报告", "0/0,0:甲", "0/0,1:1"])
    }

    @Test("a file cut at any byte gives a document or an error with a code")
    func cut() {
        let bytes = Self.file([("Content-Type: text/html", "<p>甲</p>")])
        for end in 1..<bytes.count {
            let isSound = SheetFuzzTests.isSound(Array(bytes[..<end]))
            #expect(isSound)
        }
    }
}

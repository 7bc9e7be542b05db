import Glibc
import ReportModel
import ReportParsing
import Testing

@testable import ReportConverters

private let rendererPath = ToolLocation.find(
    configured: nil,
    variable: "REPORTD_PDFTOPPM",
    name: "pdftoppm"
)
private let hasChinese =
    FolderRemoval.names(in: "/usr/share/tesseract-ocr/5/tessdata").contains("chi_sim.traineddata")

@Suite("Reading pictures by tesseract", .serialized)
struct TesseractReaderTests {
    private static let pdf = FileFormat(name: "pdf", label: "PDF")

    @Test(
        "the text of a drawn page is read, page by page",
        .enabled(
            if: tesseractPath != nil && rendererPath != nil && hasChinese,
            "tesseract-ocr-chi-sim or poppler-utils is not installed"
        )
    )
    func pages() throws {
        let base = try TestFolder()
        let reader = TesseractReader(
            program: try #require(tesseractPath),
            renderer: rendererPath,
            language: "chi_sim",
            scratch: ScratchSpace(base: base.path)
        )
        var announced: [Int] = []
        reader.willStart = { announced.append($0) }
        let text = try reader.read(Self.document(["216.40", "987.30"]), format: Self.pdf)
        #expect(announced == [300])
        #expect(text.pages.count == 2 && !text.hasMorePages)
        let digits = text.pages.map { $0.filter(\.isNumber) }
        #expect(digits == ["21640", "98730"], "\(text.pages)")
        let version = try reader.version()
        #expect(version.hasPrefix("tesseract/5"))
    }

    @Test("pages beyond the ceiling are not read, and that is told")
    func tooManyPages() throws {
        let base = try TestFolder()
        let reader = TesseractReader(
            program: try base.script("echo page > \"$2.txt\"", name: "ocr"),
            renderer: try base.script("exit 0", name: "draw"),
            language: "chi_sim",
            scratch: ScratchSpace(base: base.path)
        )
        let text = try reader.read([1], format: Self.pdf)
        #expect(text.pages.count == ConverterLimits.maximumPageCount && text.hasMorePages)
        let picture = try reader.read([1], format: FileFormat(name: "png", label: ""))
        #expect(picture == OpticalText(pages: ["page\n"]))
    }

    @Test("a picture that cannot be read and a program that is missing are told apart")
    func failures() throws {
        let base = try TestFolder()
        func found(_ program: String, renderer: String?) -> ReportError.Code? {
            code { () throws(ReportError) in
                let reader = TesseractReader(
                    program: program,
                    renderer: renderer,
                    language: "chi_sim",
                    scratch: ScratchSpace(base: base.path)
                )
                _ = try reader.read([1], format: Self.pdf)
            }
        }
        let good = try base.script("exit 0", name: "good")
        let bad = try base.script("exit 1", name: "bad")
        #expect(found(good, renderer: bad) == .unreadable)
        #expect(found(bad, renderer: good) == .unreadable)
        #expect(found("/nonexistent", renderer: good) == .needsTool)
        #expect(found(good, renderer: nil) == .needsTool)
    }

    /// A document of one line of large type a page.
    private static func document(_ lines: [String]) -> [UInt8] {
        var bytes = Array("%PDF-1.4\n".utf8)
        var offsets: [Int] = []
        func add(_ text: String) {
            offsets.append(bytes.count)
            bytes += Array("\(offsets.count) 0 obj\n\(text)\nendobj\n".utf8)
        }
        let kids = lines.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
        add("<</Type/Catalog/Pages 2 0 R>>")
        add("<</Type/Pages/Kids[\(kids)]/Count \(lines.count)>>")
        add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        for (index, line) in lines.enumerated() {
            add(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents \(5 + 2 * index) 0 R"
                    + "/Resources<</Font<</F 3 0 R>>>>>>"
            )
            let content = "BT /F 40 Tf 100 600 Td (\(line)) Tj ET"
            add("<</Length \(content.utf8.count)>>stream\n\(content)\nendstream")
        }
        let table = bytes.count
        var text = "xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "trailer<</Size \(offsets.count + 1)/Root 1 0 R>>\nstartxref\n\(table)\n%%EOF\n"
        return bytes + Array(text.utf8)
    }
}

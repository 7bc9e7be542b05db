import ReportModel
import Testing

@testable import ReportParsing

/// Sees what the test says is on the pages.
private struct FakeReader: OpticalReading {
    var text: OpticalText

    func version() throws(ReportError) -> String { "tesseract/5.3.0" }

    func read(_ bytes: [UInt8], format: FileFormat) throws(ReportError) -> OpticalText { text }
}

@Suite("Text that is read from pictures")
struct OpticalTests {
    private static let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1]

    private static let pages = [
        """
        2023 年 度 部 门 整 体 支 出 绩 效 自 评 报 告
        单 位 名 称 ： 湛 江 市 麻 章 区 红 星 小 学
        评 价 年 度 ： 2023 年 度
        """,
        "支 出 总 计 216.40 万 元 ， 其 中 ： 基 本 支 出 151.20 万 元 ， 项 目 支 出 95.20 万 元 。",
    ]

    @Test("a picture has no text unless a reader is given")
    func noReader() {
        for bytes in [Self.picture, [0xFF, 0xD8, 0xFF, 0xE0], [0x49, 0x49, 0x2A, 0x00]] {
            do throws(ReportError) {
                _ = try Extractors.extract(bytes)
                Issue.record("read")
            } catch {
                #expect(error.code == .noText)
                #expect(error.hint?.isEmpty == false)
            }
        }
    }

    @Test("a reader's text gives a record that names it and is marked")
    func read() throws {
        let tools = ParsingTools(optical: FakeReader(text: OpticalText(pages: Self.pages)))
        let input = ParsingInput(name: "扫描.png", bytes: Self.picture)
        let record = try Parser.parse(input, tools: tools).record
        #expect(record.parser == "\(Parser.version)+tesseract/5.3.0")
        #expect(record.key == "2023/湛江市/麻章区/红星小学/整体支出")
        let source = try #require(record.sources.first)
        #expect(source.isOptical && source.format == "png" && source.pages == 2)
        #expect(source.json["ocr"] == .bool(true))
        #expect(try SourceFile(json: source.json) == source)
        #expect(record.amounts.contains { $0.value == "216.40" && $0.place.page == 1 })
    }

    @Test("what a reader says of other sources has no mark")
    func unmarked() throws {
        let text = OpticalDocument.withoutGaps(Self.pages.joined(separator: "\n"))
        let input = ParsingInput(name: "a.txt", bytes: Array(text.utf8))
        let source = try #require(try Parser.parse(input).record.sources.first)
        #expect(source.json["ocr"] == nil && !source.isOptical)
    }

    @Test("blank pages have no text; pages beyond the ceiling are named")
    func pages() throws {
        func extract(_ text: OpticalText) throws(ReportError) -> Extraction {
            try Extractors.extract(
                Self.picture,
                tools: ParsingTools(optical: FakeReader(text: text))
            )
        }
        #expect(throws: ReportError.self) { try extract(OpticalText(pages: [" \n", "\u{0C}"])) }
        #expect(throws: ReportError.self) { try extract(OpticalText(pages: [])) }
        let more = try extract(OpticalText(pages: ["一", " ", "三"], hasMorePages: true))
        #expect(more.document.unread.first?.what == "第 4 页及以后")
        #expect(more.document.blocks.map(\.page) == [0, 2])
        #expect(more.pages == nil)
    }

    @Test("blanks between Chinese characters go, those between words stay")
    func gaps() {
        let cleaned = OpticalDocument.withoutGaps("预 算 : 216.40 万 元 of the year\u{0C}")
        #expect(cleaned == "预算: 216.40万元 of the year")
    }

    @Test("a finding that leans on a picture is a notice that says so, others stay")
    func findings() {
        func source(_ isOptical: Bool) -> SourceFile {
            SourceFile(name: "a", format: "png", bytes: 1, sha256: "", isOptical: isOptical)
        }
        func finding(_ sources: [Int]) -> Finding {
            Finding(
                rule: "WEIGHT-SUM",
                severity: .high,
                message: "合计不符",
                places: sources.map { Place(source: $0, block: 0, start: 0, end: 0, quote: "") },
                fingerprint: "f"
            )
        }
        let findings = [finding([0]), finding([0, 1]), finding([1]), finding([])]
        let sources = [source(false), source(true)]
        let lowered = OpticalFindings.lowered(findings, sources: sources)
        #expect(lowered.map(\.severity) == [.high, .info, .info, .info])
        #expect(lowered[0].message == "合计不符")
        #expect(lowered[1].message.contains("图像识别"))
        #expect(OpticalFindings.lowered(lowered, sources: sources) == lowered)
        #expect(OpticalFindings.lowered(findings, sources: [source(false)]) == findings)
    }

    @Test("a record joined from two names the programs of both, each once")
    func versions() {
        let joined = ParserVersions.joined(
            "p/2",
            "p/1+libreoffice/7.4",
            "p/2+tesseract/5.3+libreoffice/7.4"
        )
        #expect(joined == "p/2+libreoffice/7.4+tesseract/5.3")
        #expect(ParserVersions.joined("p/2", "p/1", "p/2") == "p/2")
    }
}

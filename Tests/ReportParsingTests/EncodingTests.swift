import Glibc
import ReportModel
import ReportParsing
import Testing

@Suite("Encodings and formats")
struct EncodingTests {
    static let report = """
        岳麓区示例镇人民政府2023年度部门整体支出绩效自评报告
        一、部门概况
        长沙市岳麓区示例镇人民政府㵎塘村驻村工作队由镇政府派出，年末在职人员18人，𠮷日开展绩效自评。
        """

    static func encode(_ text: String, to encoding: String) throws -> [UInt8] {
        let descriptor = try #require(iconv_open(encoding, "UTF-8"))
        defer { iconv_close(descriptor) }
        var source = Array(text.utf8)
        var target = [UInt8](repeating: 0, count: source.count * 4 + 16)
        let left = source.withUnsafeMutableBytes { input in
            target.withUnsafeMutableBytes { output -> Int in
                var from = input.bindMemory(to: CChar.self).baseAddress
                var to = output.bindMemory(to: CChar.self).baseAddress
                var fromLeft = input.count
                var toLeft = output.count
                _ = iconv(descriptor, &from, &fromLeft, &to, &toLeft)
                return toLeft
            }
        }
        return Array(target.dropLast(left))
    }

    @Test(
        "one text in any encoding gives one document",
        arguments: [
            ("UTF-8", "UTF-8", [UInt8]()), ("UTF-8", "UTF-8", [0xEF, 0xBB, 0xBF]),
            ("GB18030", "GB18030", []), ("UTF-16LE", "UTF-16LE", [0xFF, 0xFE]),
            ("UTF-16BE", "UTF-16BE", [0xFE, 0xFF]), ("UTF-16LE", "UTF-16LE", []),
            ("UTF-16BE", "UTF-16BE", []),
        ]
    )
    func encodings(_ name: String, _ expected: String, _ mark: [UInt8]) throws {
        let plain = try Extractors.extract(Array(Self.report.utf8))
        let bytes = mark + (try Self.encode(Self.report, to: name))
        let extraction = try Extractors.extract(bytes)
        #expect(extraction.document == plain.document)
        #expect(extraction.encoding == expected)
        #expect(extraction.format == "txt")
    }

    @Test("line ends do not matter", arguments: ["\r\n", "\r", "\n\u{0C}"])
    func lineEnds(_ end: String) throws {
        let plain = try Extractors.extract(Array(Self.report.utf8)).document
        let lines = Self.report.split(separator: "\n").joined(separator: end)
        #expect(try Extractors.extract(Array(lines.utf8)).document == plain)
    }

    @Test(
        "formats that are not read without help are told by content and refused by name",
        arguments: [
            ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07, 0, 0], "rar", .unsupported),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], "ole", .truncated),
            ([0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10], "jpg", .noText),
            (Array("{\\rtf1\\ansi".utf8), "rtf", .needsTool),
        ] as [([UInt8], String, ReportError.Code)]
    )
    func formats(_ bytes: [UInt8], _ name: String, _ code: ReportError.Code) {
        #expect(FileFormat.sniff(bytes).name == name)
        do {
            _ = try Extractors.extract(bytes)
            Issue.record("\(name) was read")
        } catch {
            #expect(error.code == code)
        }
    }

    static let refused: [(String, [UInt8], ReportError.Code)] = [
        ("nothing", [], .empty),
        ("white space", Array(" \r\n\t\u{3000}\u{FEFF}\n".utf8), .empty),
        ("a byte order mark alone", [0xEF, 0xBB, 0xBF], .empty),
        ("broken UTF-8 behind its mark", [0xEF, 0xBB, 0xBF, 0xE5, 0x41], .unreadable),
        ("half a UTF-16 unit", [0xFF, 0xFE, 0x2D, 0x4E, 0x2D], .unreadable),
        ("a lone surrogate", [0xFF, 0xFE, 0x00, 0xD8, 0x2D, 0x4E], .unreadable),
        ("bytes of no encoding", [0x80, 0xFF, 0x81, 0x00, 0x99, 0xFE, 0x01], .unreadable),
        ("control characters", Array("\u{1}\u{2}\u{3}\u{4}\u{5}abc\u{6}".utf8), .unreadable),
        (
            "replacement characters",
            Array(String(repeating: "\u{FFFD}\u{FFFD}年", count: 40).utf8), .unreadable
        ),
    ]

    @Test("bytes that are no text give clear errors", arguments: refused)
    func refusals(_ name: String, _ bytes: [UInt8], _ code: ReportError.Code) {
        do {
            _ = try Extractors.extract(bytes)
            Issue.record("\(name) was read")
        } catch {
            #expect(error.code == code, "\(name)")
            #expect(!error.message.isEmpty)
        }
    }

    @Test("a text that is no report is refused, a report that lacks nearly everything is not")
    func notAReport() throws {
        let poem = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n"
        do {
            _ = try Parser.parse(ParsingInput(name: "诗.txt", bytes: Array(poem.utf8)))
            Issue.record("a poem was read")
        } catch { #expect(error.code == .notAReport) }
        let bare = "绩效自评报告\n全年预算执行较好。\n"
        let record = try Parser.parse(ParsingInput(name: "x", bytes: Array(bare.utf8))).record
        #expect(record.key == nil)
        #expect(record.year == nil)
    }

    @Test("a file above the limit is refused before it is read")
    func tooLarge() {
        var limits = ParsingLimits()
        limits.maximumFileByteCount = 10
        do {
            _ = try Extractors.extract([UInt8](repeating: 0x41, count: 11), limits: limits)
            Issue.record("a large file was read")
        } catch { #expect(error.code == .tooLarge) }
    }
}

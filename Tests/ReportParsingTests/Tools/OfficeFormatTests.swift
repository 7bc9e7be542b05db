import ReportModel
import Testing

@testable import ReportParsing

/// Converts nothing: answers what it was given, and remembers what it was asked.
private final class FakeOffice: OfficeConverting {
    var answer: Result<[UInt8], ReportError>
    var asked: [String] = []

    init(_ answer: Result<[UInt8], ReportError>) { self.answer = answer }

    func version() throws(ReportError) -> String { "libreoffice/7.4.7" }

    func convert(
        _ bytes: [UInt8],
        from format: FileFormat,
        to target: OfficeTarget
    ) throws(ReportError) -> [UInt8] {
        asked.append("\(format.name)>\(target.rawValue)")
        return try answer.get()
    }
}

@Suite("Formats that are read by way of an office program")
struct OfficeFormatTests {
    private typealias Builder = CompoundBuilder

    private static func doc(
        application: String? = nil,
        custom: String? = nil,
        isLocked: Bool = false
    ) -> [UInt8] {
        var streams = [("WordDocument", Builder.word(isLocked: isLocked))]
        if let application {
            streams.append(("\u{5}SummaryInformation", Builder.summary(application: application)))
        }
        if let custom { streams.append(("\u{5}DocumentSummaryInformation", Array(custom.utf8))) }
        return Builder.file(streams)
    }

    @Test(
        "who wrote a compound file decides; the extension only between what this program writes",
        arguments: [
            (nil, nil, "a.doc", "doc"), (nil, nil, "a.wps", "wps"), (nil, nil, "a.pdf", "doc"),
            ("Microsoft Office Word", nil, "a.wps", "doc"), ("WPS Office_12.1", nil, "a", "wps"),
            ("WPS Office_12.1", nil, "a.doc", "doc"), ("WPS Office_12.1", nil, "a.txt", "wps"),
            (nil, "..KSOProductBuildVer..", "a.bin", "wps"),
            ("Microsoft Office Word", "KSOProductBuildVer", "文件.WPS", "wps"),
        ] as [(String?, String?, String, String)]
    )
    func textFormats(application: String?, custom: String?, name: String, format: String) {
        let bytes = Self.doc(application: application, custom: custom)
        #expect(FileFormat.sniff(bytes, name: name).name == format)
    }

    @Test("a workbook is xls or et, another container is neither, a cut one is truncated")
    func others() {
        let book = Builder.file([("Workbook", Builder.workbook(isLocked: false))])
        #expect(FileFormat.sniff(book, name: "表.xls").name == "xls")
        #expect(FileFormat.sniff(book, name: "表.et").name == "et")
        #expect(FileFormat.sniff(Builder.file([("PowerPoint Document", [1])])).name == "ole")
        let locked = Builder.file([("EncryptedPackage", [1]), ("WordDocument", [1])])
        #expect(FileFormat.sniff(locked).name == "encrypted")
        #expect(code(Array(book.prefix(600))) == .truncated)
        #expect(code(Array(book.prefix(20))) == .truncated)
    }

    @Test("without the program it is named, with what to install")
    func missing() {
        for bytes in [Self.doc(), Array("{\\rtf1 x}".utf8)] {
            do throws(ReportError) {
                _ = try Extractors.extract(bytes)
                Issue.record("read")
            } catch {
                #expect(error.code == .needsTool)
                #expect(error.details["tool"] == "libreoffice")
                #expect(error.hint?.contains("libreoffice-writer-nogui") == true)
            }
        }
    }

    @Test("a document with a password is told without asking the program")
    func locked() {
        let office = FakeOffice(.success([]))
        #expect(code(Self.doc(isLocked: true), office) == .encrypted)
        #expect(code(Self.doc(isLocked: true)) == .encrypted)
        let manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
        let odt = ZipMaker.zip([
            "mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "?",
            "META-INF/manifest.xml": manifest,
        ])
        #expect(FileFormat.sniff(odt).name == "odt")
        #expect(code(odt, office) == .encrypted)
        #expect(office.asked.isEmpty)
    }

    @Test("a workbook with a password that the program does not know is locked")
    func lockedWorkbook() {
        let failing = FakeOffice(.failure(ReportError(.unreadable, "x")))
        let locked = Builder.file([("Workbook", Builder.workbook(isLocked: true))])
        let open = Builder.file([("Workbook", Builder.workbook(isLocked: false))])
        #expect(code(locked, failing) == .encrypted)
        #expect(code(open, failing) == .unreadable)
        #expect(failing.asked == ["xls>xlsx", "xls>xlsx"])
        let slow = FakeOffice(.failure(ReportError(.tooSlow, "x")))
        #expect(code(locked, slow) == .tooSlow)
    }

    @Test("a result of another format is unreadable, and is never converted again")
    func wrongResult() {
        for result in [Self.doc(), Array("text".utf8), Array("{\\rtf1 x}".utf8)] {
            let office = FakeOffice(.success(result))
            #expect(code(Self.doc(), office) == .unreadable)
            #expect(office.asked == ["doc>docx"])
        }
    }

    @Test("headers that lie about sectors, chains and sizes are read without end or trap")
    func lies() {
        var random = Dice(state: 20_261_121)
        let file = Self.doc(application: "Microsoft Office Word", custom: "x", isLocked: true)
        for round in 0..<2000 {
            var bytes = file
            for _ in 0..<(1 + round % 6) {
                // The header, the table and the directory are what is believed.
                let index = Int.random(in: 8..<bytes.count, using: &random)
                bytes[index] = [0, 0xFF, 0x7F, 0x80, 1].randomElement(using: &random) ?? 0
            }
            let format = FileFormat.sniff(bytes)
            _ = OfficeLock.of(bytes, format: format)
            let short = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)))
            _ = OfficeLock.of(short, format: FileFormat.sniff(short))
        }
    }

    private func code(_ bytes: [UInt8], _ office: FakeOffice? = nil) -> ReportError.Code? {
        do throws(ReportError) {
            _ = try Extractors.extract(bytes, tools: ParsingTools(office: office))
            return nil
        } catch {
            return error.code
        }
    }
}

/// Numbers that are the same in every run.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}

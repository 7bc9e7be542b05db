import Glibc
import ReportModel
import ReportParsing
import Testing

@testable import ReportConverters

/// Needs LibreOffice; without it the tests are skipped.
@Suite(
    "Conversion by LibreOffice",
    .serialized,
    .enabled(if: officePath != nil, "libreoffice-writer-nogui is not installed")
)
struct OfficeConverterTests {
    private let base: TestFolder
    private let converter: OfficeConverter

    init() throws {
        base = try TestFolder()
        converter = OfficeConverter(
            program: try #require(officePath),
            scratch: ScratchSpace(base: base.path)
        )
    }

    /// A document of two lines and a table of two cells, in RTF.
    private static let rtf = Array(
        """
        {\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0 SimSun;}}\\f0
        \\u39532?\\u31456?\\u21306?\\par 216.40\\par
        \\trowd\\cellx2000\\cellx4000 left\\intbl\\cell right\\intbl\\cell\\row
        \\pard done\\par}
        """.utf8
    )

    private func converted(_ target: OfficeTarget, _ format: String) throws -> [UInt8] {
        try converter.convert(
            Self.rtf,
            from: FileFormat(name: format, label: format),
            to: target
        )
    }

    @Test("a text becomes docx, twice with one profile, and nothing is left of the jobs")
    func twice() throws {
        var announced: [Int] = []
        converter.willStart = { announced.append($0) }
        for _ in 0..<2 {
            let bytes = try converted(.docx, "rtf")
            #expect(FileFormat.sniff(bytes).name == "docx")
        }
        #expect(announced == [60, 60])
        let version = try converter.version()
        #expect(version.hasPrefix("libreoffice/"))
        let names = FolderRemoval.names(in: base.path).flatMap {
            FolderRemoval.names(in: "\(base.path)/\($0)")
        }
        #expect(!names.contains("job"))
    }

    @Test("random bytes under an office name end in an error, not in a document")
    func garbage() {
        let bytes =
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
            + (0..<5000).map { index in
                UInt8(truncatingIfNeeded: index &* 131 &+ index / 7)
            }
        for (name, target) in [("doc", OfficeTarget.docx), ("xls", .xlsx)] {
            let found = code { () throws(ReportError) in
                let format = FileFormat(name: name, label: name)
                let bytes = try converter.convert(bytes, from: format, to: target)
                // An old program may take garbage for text; it must still be what was asked for.
                guard FileFormat.sniff(bytes).name != target.rawValue else {
                    throw ReportError(.unreadable, "")
                }
            }
            #expect(found == .unreadable)
        }
    }

    @Test("when the time is over the conversion is too slow, and the next one works")
    func tooSlow() throws {
        converter.requestStart = .now - .milliseconds(49_700)
        let found = code { () throws(ReportError) in
            _ = try converter.convert(
                Self.rtf,
                from: FileFormat(name: "rtf", label: ""),
                to: .docx
            )
        }
        #expect(found == .tooSlow)
        converter.requestStart = .now
        #expect(!(try converted(.docx, "rtf")).isEmpty)
    }
}

@Suite("A program that is not LibreOffice")
struct FalseOfficeTests {
    private func found(_ script: String) throws -> ReportError.Code? {
        let base = try TestFolder()
        let converter = OfficeConverter(
            program: try base.script(script),
            scratch: ScratchSpace(base: base.path)
        )
        return code { () throws(ReportError) in
            _ = try converter.convert([1], from: FileFormat(name: "doc", label: ""), to: .docx)
        }
    }

    @Test("no result, a failure, and asking to be started for ever are told apart")
    func endings() throws {
        #expect(try found("exit 0") == .unreadable)
        #expect(try found("exit 1") == .unreadable)
        #expect(try found("kill -SEGV $$") == .unreadable)
        #expect(try found("exit 81") == .needsTool)
    }

    @Test("its version is none")
    func version() throws {
        let base = try TestFolder()
        for script in ["exit 1", "echo hello", "echo LibreOffice 7+1", "echo LibreOffice"] {
            let converter = OfficeConverter(
                program: try base.script(script),
                scratch: ScratchSpace(base: base.path)
            )
            let found = code { () throws(ReportError) in _ = try converter.version() }
            #expect(found == .needsTool, "\(script)")
        }
    }
}

import ReportIntake
import ReportModel
import Testing

@testable import ReportDaemon

@Suite("programs of other makers in the configuration")
struct ToolConfigurationTests {
    private func tools(_ text: String) throws(ReportError) -> WorkerTools {
        let folder = TestFolder()
        folder.write("node: {name: 甲}\nstore: /s\n\(text)", to: "reportd.yaml")
        return try NodeConfiguration(file: folder.full("reportd.yaml")).tools
    }

    @Test("without settings the office program is looked for and no picture is read")
    func none() throws {
        #expect(try tools("") == WorkerTools())
        #expect(try tools("converters:\nocr:\n") == WorkerTools())
        #expect(WorkerTools().tesseract == nil)
    }

    @Test("programs and the language are read")
    func read() throws {
        let read = try tools(
            "converters: {office: /bin/sh}\nocr: {tesseract: /bin/sh, language: chi_sim+eng}\n"
        )
        #expect(
            read == WorkerTools(office: "/bin/sh", tesseract: "/bin/sh", language: "chi_sim+eng")
        )
        #expect(try tools("ocr: {tesseract: /bin/sh}\n").language == "chi_sim")
    }

    @Test(
        "what cannot be meant is an error that names the setting",
        arguments: [
            ("converters: {office: soffice}", "converters.office"),
            ("converters: {office: /nonexistent/soffice}", "converters.office"),
            ("converters: {word: /bin/sh}", "converters.word"),
            ("ocr: {language: chi_sim}", "ocr.tesseract"),
            ("ocr: {tesseract: /bin/sh, language: ../../x}", "ocr.language"),
            ("ocr: {tesseract: /bin/sh, language: --psm}", "ocr.language"),
            ("ocr: yes", "ocr"),
        ]
    )
    func wrong(text: String, setting: String) {
        do throws(ReportError) {
            _ = try tools(text + "\n")
            Issue.record("accepted")
        } catch {
            #expect(error.code == .usage && error.message.contains(setting), "\(error)")
        }
    }
}

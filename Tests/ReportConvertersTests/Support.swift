import Glibc
import ReportModel
import ReportParsing

@testable import ReportConverters

/// A folder for one test.
final class TestFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/reportd-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ReportError(.internal, "no folder") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { FolderRemoval.remove(path) }

    /// Writes an executable shell script.
    func script(_ text: String, name: String = "script") throws -> String {
        let file = "\(path)/\(name)"
        try PrivateFolder.write(Array("#!/bin/sh\n\(text)\n".utf8), to: file)
        chmod(file, 0o700)
        return file
    }

    func text(_ name: String) throws -> String? {
        try PrivateFolder.read("\(path)/\(name)", maximumByteCount: 1 << 20).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    func run(
        _ script: String,
        seconds: Double = 600,
        memory: Int = 1 << 30,
        data: Int = 1 << 30
    ) throws -> ChildRun.Ending {
        try ChildRun(
            program: try self.script(script),
            arguments: ["first argument"],
            folder: path,
            output: "\(path)/out",
            deadline: .now + .seconds(seconds),
            memoryByteCount: memory,
            dataByteCount: data
        ).run()
    }
}

/// The office program of this machine; nil when it is not installed.
let officePath = ToolLocation.find(
    configured: nil,
    variable: ToolLocation.officeVariable,
    name: "soffice"
)

/// The optical reader of this machine; nil when it is not installed.
let tesseractPath = ToolLocation.find(
    configured: nil,
    variable: ToolLocation.opticalVariable,
    name: "tesseract"
)

/// The code of the error that a call throws; nil when it throws none.
func code(_ body: () throws(ReportError) -> Void) -> ReportError.Code? {
    do throws(ReportError) {
        try body()
        return nil
    } catch {
        return error.code
    }
}

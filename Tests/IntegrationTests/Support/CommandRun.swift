import Glibc
import ReportModel

/// One run of a program that ended.
struct CommandRun: CustomStringConvertible {
    let status: Int32
    let bytes: [UInt8]
    let errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }
    var description: String {
        "status \(status)\nstdout: \(output.prefix(1500))\nstderr: \(errors)"
    }

    /// Standard output as one JSON value.
    func json() throws -> JSONValue {
        guard let json = try? JSONValue(parsing: bytes) else {
            throw TestFailure("stdout is no JSON: \(self)")
        }
        return json
    }

    /// Standard output as one JSON value a line.
    func jsonLines() throws -> [JSONValue] {
        try output.split(separator: "\n").map { line in
            guard let json = try? JSONValue(parsing: Array(line.utf8)) else {
                throw TestFailure("no JSON line: \(line)")
            }
            return json
        }
    }

    static func reportctl(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> CommandRun {
        try run("reportctl", arguments, environment: environment)
    }

    static func reportd(_ arguments: [String]) throws -> CommandRun {
        try run("reportd", arguments)
    }

    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        at path: String? = nil
    ) throws -> CommandRun {
        let folder = try TestFolder()
        let output = "\(folder.path)/out"
        let errors = "\(folder.path)/err"
        let process = try ChildProcess(
            try path ?? Programs.path(program),
            arguments,
            environment: environment,
            output: .file(output),
            errors: errors
        )
        let status = try process.wait(seconds: 180)
        return CommandRun(
            status: status,
            bytes: try Disk.read(output),
            errors: try Disk.text(errors)
        )
    }
}

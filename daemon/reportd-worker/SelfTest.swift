import Glibc
import ReportConverters
import ReportModel

/// `reportd-worker --self-test`: enters the sandbox and prints what holds, as one JSON object.
enum SelfTest {
    /// Prints `{network, localSockets, failures, tools}` to standard output.
    ///
    /// `network` is `blocked` or `open`, found out by trying; `tools` names versions of programs.
    static func run(_ options: WorkerOptions) {
        let failures = Sandbox.enter()
        let toolbox = Toolbox(options)
        let report: JSONValue = [
            "network": .string(Sandbox.canReachNetwork ? "open" : "blocked"),
            "localSockets": .string(Sandbox.canReachLocalSockets ? "open" : "blocked"),
            "failures": .array(failures.map { .string($0) }),
            "tools": toolbox.versions,
        ]
        toolbox.close()
        let bytes = report.canonicalBytes + [UInt8(ascii: "\n")]
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}

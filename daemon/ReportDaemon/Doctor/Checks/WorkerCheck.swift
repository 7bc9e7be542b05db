import Glibc
import ReportIntake
import ReportModel

/// The program that parses files is there, of the same version, and starts in its sandbox.
enum WorkerCheck: DoctorCheck {
    static let name = "worker"
    static let title = Words("worker", "解析程序")

    /// Where the package's file lies, as when it was installed: it comes from no repository.
    private static let reinstall = "apt-get install --reinstall ./reportd_*.deb"

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        let path: String
        do throws(ReportError) {
            path = try ProgramLocation.worker.find()
        } catch {
            return [
                fault(
                    .internal,
                    error.message,
                    "找不到 reportd-worker",
                    command: reinstall
                )
            ]
        }
        var found: [Diagnosis] = []
        let version = ToolRun.run(path, ["--version"])
        let text = version.output.prefix { $0 != "\n" }
        if version.status != 0 || text != ProgramVersion.text {
            found.append(
                fault(
                    .internal,
                    "\(path) is version '\(text)', this is \(ProgramVersion.text)",
                    "\(path) 的版本为“\(text)”，本程序为 \(ProgramVersion.text)",
                    command: reinstall
                )
            )
        }
        let test = ToolRun.run(path, ["--self-test"])
        guard let report = try? JSONValue(parsing: Array(test.output.utf8)) else {
            return found + [
                fault(
                    .internal,
                    "\(path) does not start (status \(test.status))",
                    "\(path) 无法启动（状态 \(test.status)）",
                    command: "\(path.shellWord) --self-test"
                )
            ]
        }
        if report["network"]?.stringValue != "blocked" {
            found.append(
                notice(
                    "the kernel does not let the worker give up the network",
                    "内核不支持限制解析程序访问网络",
                    command: "\(path.shellWord) --self-test"
                )
            )
        }
        return found.isEmpty ? [ok("starts, without network", "可启动，且无网络访问")] : found
    }
}

import ReportExport
import ReportModel

/// What became of one imported file.
struct ImportResult {
    /// The file as given.
    let file: String
    /// Whether it holds entries; else record lines.
    var isEntries = false
    /// Entries or records that are new here.
    var storedCount = 0
    /// Entries or records that were here already.
    var heldCount = 0
    /// Logs seen.
    var logCount = 0
    /// What was refused; of entries only the first.
    var failures: [ReportError] = []
    /// Whether the rest of the file was not looked at.
    var isStopped = false

    init(file: String) { self.file = file }

    /// Adds what an import of entries did.
    mutating func add(_ summary: EntryImporter.Summary) {
        storedCount += summary.storedCount
        heldCount += summary.heldCount
        logCount += summary.logCount
    }

    /// 0, the code of the fault, or that of several lines of which not all failed.
    var exitCode: Int32 {
        guard let first = failures.first else { return 0 }
        guard isEntries || storedCount + heldCount == 0 else {
            return ReportError.Code.partial.exitCode
        }
        let code = first.code.exitCode
        return failures.allSatisfy { $0.code.exitCode == code }
            ? code : ReportError.Code.partial.exitCode
    }

    /// The result for programs.
    var json: JSONValue {
        [
            "file": .string(file), "format": isEntries ? "entries" : "records",
            "stored": .integer(storedCount), "held": .integer(heldCount),
            "logs": .integer(logCount), "refused": .integer(failures.count),
            "errors": .array(failures.map(\.json)),
        ]
    }

    /// The result for people.
    var text: String {
        let tail =
            failures.isEmpty
            ? "" : Wording.pick(", \(failures.count) refused", "，拒收 \(failures.count) 处")
        return isEntries
            ? Wording.pick(
                "\(file): \(storedCount) entries of \(logCount) logs stored, \(heldCount) held already",
                "\(file)：存入 \(logCount) 个日志链的 \(storedCount) 条日志，已有 \(heldCount) 条"
            ) + tail
            : Wording.pick(
                "\(file): \(storedCount) records stored, \(heldCount) duplicates",
                "\(file)：存入 \(storedCount) 条记录，重复 \(heldCount) 条"
            ) + tail
    }
}

import ReportCommands
import ReportModel

extension ExportCommand {
    /// Writes what the arguments ask for.
    func write() async throws {
        if evidence != nil { return try await runEvidence() }
        let format = try chosenFormat()
        try check(format)
        guard let output else {
            throw ReportError(.usage, "the file is missing", hint: "give -o FILE, or -o -")
        }
        guard output != "-" || format != .xlsx else {
            throw ReportError(.usage, "a workbook goes to a file, not to standard output")
        }
        if format == .entries {
            try await runEntries(to: output)
        } else {
            try await runRecords(format, to: output)
        }
    }
}

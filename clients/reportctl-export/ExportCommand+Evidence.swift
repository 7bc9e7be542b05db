import ReportArchives
import ReportCommands
import ReportModel
import ReportStore

extension ExportCommand {
    /// Writes the evidence of one key.
    func runEvidence() async throws {
        guard let evidence else { return }
        guard try !isSelective(), format == nil, tableName == nil, !allVersions else {
            throw ReportError(.usage, "--evidence takes one key and no other selection")
        }
        guard output != "-" else {
            throw ReportError(.usage, "an archive goes to a file, not to standard output")
        }
        let store = try service.openStore()
        defer { store.close() }
        let lookup = try Lookup(argument: evidence)
        let path: String
        if let output {
            path = output
        } else {
            let key = try await store.history(lookup).first?.version.key ?? evidence
            path = key.split(separator: "/").joined(separator: "-") + ".zip"
        }
        let file = try ExportFile(path: path, replaces: force)
        let archive = EvidenceArchive(store, people: people)
        let summary = try await archive.write(lookup, to: file.partialPath ?? path)
        try file.finish()
        Output.error(
            Wording.pick(
                "\(path): \(summary.key), \(summary.versionCount) versions, \(summary.fileCount) files",
                "\(path)：\(summary.key)，\(summary.versionCount) 个版本，\(summary.fileCount) 个文件"
            )
        )
        guard summary.absentCount > 0 else { return }
        Output.error(
            Wording.pick(
                "\(summary.absentCount) bodies are not here: erased, or never sent to this node",
                "\(summary.absentCount) 项内容不在本节点：已依法删除，或未发送到本节点"
            )
        )
    }
}

import ReportClient
import ReportCommands
import ReportExport
import ReportModel
import ReportStore

extension ExportCommand {
    /// Writes whole logs.
    func runEntries(to output: String) async throws {
        let file = try ExportFile(path: output, replaces: force)
        let store = try service.openStore()
        defer { store.close() }
        let options = EntryExporter.Options(
            contents: .init(hasPeople: people, hasSources: !noSources),
            since: try positions()
        )
        let line = ProgressLine(isForced: progress)
        let summary = try await EntryExporter(store, options: options).run(
            progress: { line.show($0, of: $1) },
            write: { bytes throws(ReportError) in try file.write(bytes) }
        )
        line.end()
        try file.finish()
        try tell(summary)
    }

    /// The sequences of `--after`.
    private func positions() throws(ReportError) -> [LogID: UInt64] {
        var positions: [LogID: UInt64] = [:]
        for text in after {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let log = LogID(hex: parts[0]), let sequence = UInt64(parts[1])
            else {
                throw ReportError(
                    .usage,
                    "'\(text)' is no place in a log",
                    hint: "write LOG:SEQUENCE; reportctl status -o json names the logs"
                )
            }
            positions[log] = sequence
        }
        return positions
    }

    /// What is said of names when they were not asked for: files as filed may hold them.
    private static func peopleNotice(hasSources: Bool) -> String {
        guard hasSources else {
            return Wording.pick(
                "names and telephone numbers are not in the file (--people)",
                "文件不含人员姓名和电话（--people 可包含）"
            )
        }
        return Wording.pick(
            "names and telephone numbers kept apart are not in the file (--people), but source "
                + "files are as they were filed, with the names that stand in them (--no-sources)",
            "文件不含单独保存的人员姓名和电话（--people 可包含）；源文件保持原样，其中的姓名和电话仍在"
                + "（--no-sources 可不含源文件）"
        )
    }

    /// Says what is in the file, and what is not.
    private func tell(_ summary: EntryExporter.Summary) throws {
        Output.error(
            Wording.pick(
                "\(summary.entryCount) entries of \(summary.logCount) logs exported",
                "已导出 \(summary.logCount) 个日志链的 \(summary.entryCount) 条日志"
            )
        )
        if !people { Output.error(Self.peopleNotice(hasSources: !noSources)) }
        for log in summary.forked {
            Output.error(
                Wording.pick(
                    "log \(log.descriptor.id) (\(log.descriptor.name)) is forked: the branch held "
                        + "first is in the file",
                    "日志链 \(log.descriptor.id)（\(log.descriptor.name)）已分叉：文件只含先收到的分支"
                )
            )
        }
        for log in summary.unproved {
            Output.error(
                Wording.pick(
                    "log \(log.descriptor.id) (\(log.descriptor.name)) left out: it is held up to "
                        + "\(log.position.sequence) only, and no signed head proves that",
                    "日志链 \(log.descriptor.id)（\(log.descriptor.name)）未导出：仅收到第 "
                        + "\(log.position.sequence) 条，尚无签名可证明"
                )
            )
        }
        if !summary.unproved.isEmpty { throw ExitCodes.partial }
    }
}

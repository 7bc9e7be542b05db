import ReportArchives
import ReportClient
import ReportCommands
import ReportExport
import ReportModel

extension ExportCommand {
    /// Writes records, one after the other, as lines, rows or sheets.
    func runRecords(_ format: ExportFormat, to output: String) async throws {
        let file = try ExportFile(path: output, replaces: force)
        let query = try query()
        let service = try await service.open()
        var sink = try RecordSink(
            format,
            table: try table(),
            people: people,
            titles: titles,
            file: file
        )
        let total = try await totalCount(service)
        let line = ProgressLine(isForced: progress)
        var done = 0
        var withheld = 0
        let fetch = RecordFetch(service, query, allVersions: allVersions, people: people)
        try await fetch.each { record throws(ReportError) in
            if try sink.append(record) { done += 1 } else { withheld += 1 }
            line.show(done, of: total)
        }
        try sink.finish()
        try file.finish()
        line.end()
        await service.close()
        tell(done, withheld, output)
    }

    /// How many versions will come, when nothing selects among them.
    private func totalCount(_ service: any ReportService) async throws(ReportError) -> Int? {
        guard try !isSelective() else { return nil }
        return try await service.status()[allVersions ? "versions" : "keys"]?.integerValue
    }

    private func tell(_ done: Int, _ withheld: Int, _ output: String) {
        guard output != "-" || withheld > 0 else { return }
        Output.error(Wording.pick("\(done) records exported", "已导出 \(done) 条记录"))
        guard withheld > 0 else { return }
        Output.error(
            Wording.pick(
                "\(withheld) records left out: erased, or never sent to this node",
                "\(withheld) 条未导出：已依法删除，或未发送到本节点"
            )
        )
    }
}

/// Takes records and writes them in one of the formats.
private struct RecordSink {
    private let table: ExportTable
    private let file: ExportFile
    private let workbook: WorkbookWriter?
    private let isCSV: Bool

    init(
        _ format: ExportFormat,
        table: ExportTable,
        people: Bool,
        titles: Bool,
        file: ExportFile
    ) throws(ReportError) {
        self.table = table
        self.file = file
        isCSV = format == .csv
        if format == .xlsx, let path = file.partialPath {
            let tables = ExportTable.allCases.filter { people || $0 != .people }
            workbook = try WorkbookWriter(path: path, tables: tables)
        } else {
            workbook = nil
        }
        if isCSV { try file.write(CSVWriter().header(of: table, titles: titles)) }
    }

    /// Writes a record; false when it is not here.
    mutating func append(_ fetched: FetchedRecord) throws(ReportError) -> Bool {
        guard let bytes = fetched.bytes else { return false }
        guard isCSV || workbook != nil else {
            try file.write(RecordLine.bytes(printed: bytes, people: fetched.people))
            return true
        }
        var record = try ExportedRecord(printed: bytes)
        if let people = fetched.people { try record.addPeople(printed: people) }
        if let workbook {
            try workbook.append(record)
        } else {
            for row in table.rows(of: record) { try file.write(CSVWriter().line(row)) }
        }
        return true
    }

    func finish() throws(ReportError) { try workbook?.close() }
}

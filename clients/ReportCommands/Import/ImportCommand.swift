import ArgumentParser
import Glibc
import ReportExport
import ReportModel
import ReportStore

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take exported entries or record lines into a store.",
        discussion: """
            reportctl import --store DIR all.jsonl

            What a file is, its first line says: entries are verified and stored as they
            were, with the same hashes; records become new versions of their keys. What is
            held already is passed over, so a run that was cut short is simply repeated.
            """
    )

    @Argument(help: "Files; - is standard input.", completion: .file())
    var file: [String]

    @OptionGroup var service: ServiceOptions

    @Flag(help: "Tell how far it is also where standard error is no terminal.")
    var progress = false

    @Option(name: [.short, .customLong("output")], help: "text, json or jsonl.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl])
        let name = getenv("HOSTNAME").map { String(cString: $0) } ?? "local"
        let store = try open(nodeName: name)
        defer { store.close() }
        var codes: [Int32] = []
        for path in file {
            var result = ImportResult(file: path)
            let line = ProgressLine(isForced: progress)
            await take(path, into: store, &result, line)
            line.end()
            codes.append(result.exitCode)
            show(result, format)
        }
        guard let first = codes.first, codes.contains(where: { $0 != 0 }) else { return }
        throw codes.allSatisfy { $0 == first } ? ExitCode(first) : ExitCodes.partial
    }

    private static let advice = Wording.pick(
        "stop the node, import with --store DIR, then start it again; a running node takes single "
            + "records by PUTREC",
        "请先停止节点，用 --store 目录 导入后再启动；运行中的节点可用 PUTREC 逐条接收记录"
    )

    /// Opens the store for writing, which nobody else may do meanwhile.
    private func open(nodeName: String) throws(ReportError) -> Store {
        let directory = try service.storeDirectory(
            otherwise: ReportError(
                .usage,
                Wording.pick("import writes the store itself", "导入须直接写入存储"),
                hint: Self.advice
            )
        )
        do throws(ReportError) {
            return try Store.open(
                directory: directory,
                options: Store.Options(nodeName: nodeName)
            )
        } catch {
            guard error.details["holder"] != nil else { throw error }
            var error = error
            error.hint = Self.advice
            throw error
        }
    }

    private func take(
        _ path: String,
        into store: Store,
        _ result: inout ImportResult,
        _ progress: ProgressLine
    ) async {
        do throws(ReportError) {
            var reader = try LineReader(path: path)
            guard let first = try reader.next() else {
                throw ReportError(.empty, "\(path) is empty")
            }
            if let json = try? JSONValue(parsing: first), ExportLine.begins(json) {
                try await entries(json, &reader, into: store, &result, progress)
            } else {
                try records(first, &reader, into: store, &result, progress)
            }
        } catch {
            result.failures.append(error)
            result.isStopped = true
        }
    }

    /// Takes a lossless export; the first fault ends it, for what follows cannot be verified.
    private func entries(
        _ first: JSONValue,
        _ reader: inout LineReader,
        into store: Store,
        _ result: inout ImportResult,
        _ progress: ProgressLine
    ) async throws(ReportError) {
        var importer = EntryImporter(into: store)
        result.isEntries = true
        do throws(ReportError) {
            try await importer.take(first, line: reader.number)
            while let line = try reader.next() {
                try await importer.take(try Self.json(line, reader.number), line: reader.number)
                progress.show(reader.byteCount >> 20, of: reader.totalByteCount.map { $0 >> 20 })
            }
            try importer.finish()
        } catch {
            result.add(importer.summary)
            throw error
        }
        result.add(importer.summary)
    }

    /// Takes record lines; a faulty one does not stop the others.
    private func records(
        _ first: [UInt8],
        _ reader: inout LineReader,
        into store: Store,
        _ result: inout ImportResult,
        _ progress: ProgressLine
    ) throws(ReportError) {
        var next: [UInt8]? = first
        var batch: [(line: Int, filing: Filing)] = []
        while let line = next {
            do throws(ReportError) {
                let json = try Self.json(line, reader.number)
                batch.append((reader.number, try RecordLine.filing(json)))
            } catch {
                result.failures.append(error.atLine(reader.number))
                guard result.failures.count < Self.maximumFailureCount else {
                    throw ReportError(.unreadable, "too many lines are faulty")
                }
            }
            if batch.count >= ExportLimits.recordBatchCount {
                try append(batch, to: store, &result)
                batch.removeAll(keepingCapacity: true)
            }
            progress.show(reader.byteCount >> 20, of: reader.totalByteCount.map { $0 >> 20 })
            next = try reader.next()
        }
        try append(batch, to: store, &result)
    }

    private static let maximumFailureCount = 1000

    private func append(
        _ batch: [(line: Int, filing: Filing)],
        to store: Store,
        _ result: inout ImportResult
    ) throws(ReportError) {
        guard !batch.isEmpty else { return }
        let outcomes = try store.appendBatch(batch.map(\.filing))
        for (item, outcome) in zip(batch, outcomes) {
            switch outcome {
            case .success(.stored): result.storedCount += 1
            case .success(.duplicate): result.heldCount += 1
            case .failure(let error): result.failures.append(error.atLine(item.line))
            }
        }
    }

    private static func json(_ line: [UInt8], _ number: Int) throws(ReportError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: line)
        } catch {
            throw ReportError(.unreadable, "\(error)").atLine(number)
        }
    }

    private func show(_ result: ImportResult, _ format: OutputFormat) {
        guard format == .text else { return Output.line(result.json.canonicalText) }
        for error in result.failures {
            Output.error(result.file + ": " + Output.text(of: error))
        }
        Output.line(result.text)
    }
}

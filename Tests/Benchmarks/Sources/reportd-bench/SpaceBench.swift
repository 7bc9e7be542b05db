import Glibc
import ReportModel
import ReportParsing
import ReportStore

/// What records of several sizes with one source file each take on the disk.
struct SpaceBench {
    private let directory: String
    private let store: Store

    /// Makes an empty store.
    /// - Parameter directory: a folder that does not exist.
    /// - Throws: ``ReportError`` when the store cannot be made.
    init(directory: String) throws {
        self.directory = directory
        store = try Store.open(directory: directory)
    }

    /// Fills the store in batches of 100.
    ///
    /// - Parameters:
    ///   - count: filings.
    ///   - samples: folder for the sources of every hundredth filing.
    /// - Returns: bytes of records, of the file, of the pages in use, and of those of log, versions and bodies.
    /// - Throws: ``ReportError``.
    func run(count: Int, samples: String) async throws -> JSONValue {
        defer { store.close() }
        // Records of 6 to 15 kB, so that page ends fall anywhere.
        let templates = try stride(from: 1000, to: 3000, by: 71).map { size in
            let text = ReportText(byteCount: size).utf8
            let input = ParsingInput(name: "report.txt", bytes: text)
            return (record: try Parser.parse(input).record, text: text)
        }
        var recordBytes = 0
        var index = 0
        while index < count {
            let filings = try (index..<min(count, index + 100)).map { index in
                let template = templates[index % templates.count]
                let key = try ReportKey(
                    year: 2019 + index % 6,
                    city: "湛江市",
                    district: "麻章区",
                    unit: "第\(index / 6 + 1)服务中心",
                    kind: .overall
                )
                var record = template.record
                record.key = key.text
                record.year = key.year
                record.unit.name = "湛江市麻章区\(key.unit)"
                let source = template.text + Array("\n编号 \(index)\n".utf8)
                record.sources[0].bytes = source.count
                record.sources[0].sha256 = Hash256(hashing: source).hex
                recordBytes += record.canonicalBytes.count
                if index % 100 == 0 { try write(source, to: "\(samples)/\(index)") }
                return Filing(key: key, record: record, sources: [.bytes(source)])
            }
            index += filings.count
            for result in try store.appendBatch(filings) { _ = try result.get() }
        }
        var status = stat()
        guard stat(directory + "/data.mdb", &status) == 0 else {
            throw ReportError(.internal, "the store has no file")
        }
        // The log, its versions and bodies; all other tables can be rebuilt from them.
        let tables = try await store.diskUse().tables.filter {
            !$0.isDerived || $0.name == "versions"
        }
        return .object([
            "coreBytes": .integer(tables.reduce(0) { $0 + $1.byteCount }),
            "fileBytes": .integer(Int(status.st_size)),
            "recordBytes": .integer(recordBytes),
            "usedBytes": .integer(Int(clamping: try await store.status().usedByteCount)),
        ])
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else {
            throw ReportError(.internal, "cannot write \(path)")
        }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw ReportError(.internal, "cannot write \(path)")
        }
    }
}

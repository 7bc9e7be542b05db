import Glibc
import ReportIntake
public import ReportModel
import ReportPostgres
import ReportWire
import Yams

extension NodeConfiguration {
    /// Longest configuration file.
    static let maximumByteCount = 1 << 20

    /// Reads a configuration file.
    /// - Parameter path: a YAML file.
    /// - Throws: ``ReportError`` `usage` that names the line's setting and says what is expected.
    public init(file path: String) throws(ReportError) {
        let text: String
        do throws(ReportError) {
            text = try Self.read(path)
        } catch {
            throw ReportError(.usage, error.message, hint: error.hint)
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ReportError(.usage, "\(path) is not YAML: \(error)")
        }
        guard let root else { throw ReportError(.usage, "\(path) is empty") }
        try self.init(SettingReader(root, path: path, name: ""))
        file = path
    }

    init(_ reader: SettingReader) throws(ReportError) {
        try reader.allow([
            "node", "store", "folder", "listen", "inboxes", "upstreams", "grants", "reviewers",
            "regions", "workers", "log", "converters", "ocr", "verify", "disk", "roster", "aliases",
            "tls",
        ])
        let node = try reader.mapping("node")
        try node.allow(["name"])
        name = try node.required("name")
        store = try reader.required("store")
        try readDatabase(reader)
        for item in try reader.mappings("regions") {
            regions.append(try Self.region(item))
        }
        guard regions.count <= KeyLimits.maximumLocalDivisionCount else {
            throw reader.fail(
                "regions",
                "at most \(KeyLimits.maximumLocalDivisionCount) are expected"
            )
        }
        let divisions = Divisions(adding: regions)
        for item in try reader.mappings("inboxes") {
            inboxes.append(try Self.inbox(item, divisions))
        }
        try readAccess(reader)
        for text in try reader.texts("reviewers") {
            reviewers.append(try reader.node(text, setting: "reviewers"))
        }
        if let count = try reader.number("workers") {
            guard (1...64).contains(count) else {
                throw reader.fail("workers", "1 to 64 is expected")
            }
            workerCount = count
        }
        tools = try Self.tools(reader)
        try readCare(reader)
        roster = try reader.text("roster")
        aliases = try reader.text("aliases")
        for (setting, path) in [("roster", roster), ("aliases", aliases)] {
            guard path?.hasPrefix("/") ?? true else {
                throw reader.fail(setting, "an absolute path is expected")
            }
        }
        if let text = try reader.text("log") {
            guard let format = LogFormat(rawValue: text) else {
                throw reader.fail("log", "text or json is expected")
            }
            logFormat = format
        }
    }

    /// The setting `folder`, which goes with a database in `store`.
    private mutating func readDatabase(_ reader: SettingReader) throws(ReportError) {
        database = PostgresAddress(store)
        guard database != nil else {
            guard !reader.isPresent("folder") else {
                throw reader.fail("folder", "is for a store in a database: store: postgresql://…")
            }
            return
        }
        store = try reader.required("folder")
        guard store.hasPrefix("/") else {
            throw reader.fail("folder", "an absolute path is expected")
        }
    }

    /// The settings `converters.office`, `ocr.tesseract` and `ocr.language`.
    private static func tools(_ reader: SettingReader) throws(ReportError) -> WorkerTools {
        var tools = WorkerTools()
        if let converters = try reader.optionalMapping("converters") {
            try converters.allow(["office"])
            tools.office = try converters.program("office")
        }
        if let ocr = try reader.optionalMapping("ocr") {
            try ocr.allow(["tesseract", "language"])
            tools.tesseract = try ocr.program("tesseract")
            guard tools.tesseract != nil else { throw ocr.fail("tesseract", "is missing") }
            if let language = try ocr.text("language") {
                guard WorkerTools.isLanguage(language) else {
                    throw ocr.fail("language", "language data is expected, such as chi_sim")
                }
                tools.language = language
            }
        }
        return tools
    }

    private static func inbox(
        _ item: SettingReader,
        _ divisions: Divisions
    ) throws(ReportError) -> InboxFolder {
        try item.allow(["path", "year", "region", "unit"])
        let path = try item.required("path")
        guard path.hasPrefix("/") else {
            throw item.fail("path", "an absolute path is expected")
        }
        let region = try item.text("region")
        if let region, divisions.resolve(region) == nil {
            throw item.fail("region", "a region is expected, such as 湛江市/麻章区 or 440811")
        }
        return InboxFolder(
            path: path,
            year: try item.number("year"),
            region: region,
            unit: try item.text("unit")
        )
    }

    private static func region(_ item: SettingReader) throws(ReportError) -> LocalDivision {
        try item.allow(["name", "city"])
        let division = LocalDivision(
            name: try item.required("name"),
            city: try item.required("city")
        )
        let longest = KeyLimits.maximumLocalNameScalarCount
        guard (1...longest).contains(division.name.unicodeScalars.count) else {
            throw item.fail("name", "a name of 1 to \(longest) characters is expected")
        }
        let found = Divisions.standard.resolve(city: division.city, district: nil)
        guard let found, found.city == division.city, found.district == nil, !found.isProvince
        else {
            throw item.fail("city", "the full name of a city is expected, such as 岳阳市")
        }
        return division
    }

    static func read(_ path: String) throws(ReportError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ReportError(
                errno == ENOENT ? .notFound : .usage,
                "the configuration \(path) cannot be read: \(String(cString: strerror(errno)))",
                hint: "ops/reportd.yaml is a commented example"
            )
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: maximumByteCount + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            count += got
        }
        guard count <= maximumByteCount,
            let text = String(validating: bytes[..<count], as: UTF8.self)
        else { throw ReportError(.usage, "\(path) is no UTF-8 text of at most 1 MiB") }
        return text
    }
}

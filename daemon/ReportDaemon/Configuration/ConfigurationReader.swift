import ReportIntake
import ReportModel
import ReportPostgres
import ReportWire
import Yams

extension NodeConfiguration {
    static let settings = [
        "node", "store", "folder", "listen", "inboxes", "upstreams", "grants", "reviewers",
        "regions",
        "workers", "log", "converters", "ocr", "verify", "disk", "roster", "aliases", "tls",
        "http", "backup",
    ]

    /// Reads as much as can be read; what is wrong goes on the reader's list.
    init(_ reader: SettingReader) {
        let list = reader.list
        name = ""
        store = ""
        // First: faults of the others are told in this form.
        if let format = list.attempt(try Self.logFormat(reader)) ?? nil { logFormat = format }
        guard list.attempt(try reader.allow(Self.settings)) != nil else { return }
        if let node = list.attempt(try reader.mapping("node")),
            list.attempt(try node.allow(["name"])) != nil
        {
            name = list.attempt(try node.required("name", example: "麻章区")) ?? ""
        }
        readStore(reader)
        readRegions(reader)
        readInboxes(reader)
        readAccess(reader)
        for text in list.attempt(try reader.texts("reviewers")) ?? [] {
            if let key = list.attempt(try reader.node(text, setting: "reviewers")) {
                reviewers.append(key)
            }
        }
        if let count = list.attempt(try reader.number("workers", in: 1...64)) ?? nil {
            workerCount = count
        }
        readTools(reader)
        readCare(reader)
        watch = list.attempt(try WatchSettings.read(reader)) ?? nil
        roster = list.attempt(try reader.folder("roster")) ?? nil
        aliases = list.attempt(try reader.folder("aliases")) ?? nil
    }

    /// The setting `store`, and `folder`, which goes with a database in it.
    private mutating func readStore(_ reader: SettingReader) {
        let list = reader.list
        let place = list.attempt(try reader.required("store", example: "/var/lib/reportd/store"))
        store = place ?? ""
        database = PostgresAddress(store)
        if database != nil {
            let example = "/var/lib/reportd/node"
            store = list.attempt(try reader.requiredFolder("folder", example: example)) ?? ""
        } else if reader.isPresent("folder") {
            list.add(
                reader.fail(
                    "folder",
                    Words(
                        "goes with a store in a database only: store: postgresql://…",
                        "仅在 store 为数据库（postgresql://…）时使用"
                    )
                )
            )
        }
    }

    private static func logFormat(
        _ reader: SettingReader
    ) throws(ReportError) -> LogFormat? {
        guard let text = try reader.text("log") else { return nil }
        guard let format = LogFormat(rawValue: text) else {
            throw reader.fail(
                "log",
                Words("text or json is expected", "应为 text 或 json"),
                example: "log: text"
            )
        }
        return format
    }

    private mutating func readRegions(_ reader: SettingReader) {
        let list = reader.list
        for item in list.attempt(try reader.mappings("regions")) ?? [] {
            if let region = list.attempt(try Self.region(item)) { regions.append(region) }
        }
        let most = KeyLimits.maximumLocalDivisionCount
        if regions.count > most {
            list.add(
                reader.fail("regions", Words("at most \(most) are expected", "最多 \(most) 项"))
            )
            regions.removeLast(regions.count - most)
        }
    }

    private mutating func readInboxes(_ reader: SettingReader) {
        let list = reader.list
        let divisions = Divisions(adding: regions)
        for item in list.attempt(try reader.mappings("inboxes")) ?? [] {
            if let inbox = list.attempt(try Self.inbox(item, divisions)) { inboxes.append(inbox) }
        }
    }

    /// The settings `converters.office`, `ocr.tesseract` and `ocr.language`.
    private mutating func readTools(_ reader: SettingReader) {
        let list = reader.list
        if let converters = list.attempt(try reader.optionalMapping("converters")) ?? nil,
            list.attempt(try converters.allow(["office"])) != nil
        {
            tools.office = list.attempt(try converters.program("office")) ?? nil
        }
        guard let ocr = list.attempt(try reader.optionalMapping("ocr")) ?? nil,
            list.attempt(try ocr.allow(["tesseract", "language"])) != nil
        else { return }
        if ocr.isPresent("tesseract") {
            tools.tesseract = list.attempt(try ocr.program("tesseract")) ?? nil
        } else {
            list.add(
                ocr.fail(
                    "tesseract",
                    Words("is missing", "缺少此项"),
                    example: "tesseract: /usr/bin/tesseract"
                )
            )
        }
        guard let language = list.attempt(try ocr.text("language")) ?? nil else { return }
        if WorkerTools.isLanguage(language) {
            tools.language = language
        } else {
            list.add(
                ocr.fail(
                    "language",
                    Words("the name of language data is expected", "应为语言数据的名称"),
                    example: "language: chi_sim"
                )
            )
        }
    }

    private static func inbox(
        _ item: SettingReader,
        _ divisions: Divisions
    ) throws(ReportError) -> InboxFolder {
        try item.allow(["path", "year", "region", "unit", "tidy"])
        let path = try item.requiredFolder("path", example: "/var/spool/reportd/收件")
        let region = try item.text("region")
        if let region, divisions.resolve(region) == nil {
            throw item.fail(
                "region",
                Words("no region is called '\(region)'", "没有名为“\(region)”的地区"),
                instead: Words(
                    "a path such as 湛江市/麻章区, or a code such as 440811; districts that the table lacks "
                        + "stand under `regions`",
                    "写路径（如 湛江市/麻章区）或代码（如 440811）；区划表中没有的，先列在 regions 下"
                )
            )
        }
        return InboxFolder(
            path: path,
            year: try item.number("year", in: 1949...2999),
            region: region,
            unit: try item.text("unit"),
            tidyAfter: try item.text("tidy").flatMap { text throws(ReportError) in
                try item.interval(text, "tidy")
            }
        )
    }

    private static func region(_ item: SettingReader) throws(ReportError) -> LocalDivision {
        try item.allow(["name", "city"])
        let division = LocalDivision(
            name: try item.required("name", example: "君山垦殖场"),
            city: try item.required("city", example: "岳阳市")
        )
        let longest = KeyLimits.maximumLocalNameScalarCount
        guard (1...longest).contains(division.name.unicodeScalars.count) else {
            throw item.fail(
                "name",
                Words(
                    "a name of 1 to \(longest) characters is expected",
                    "应为 1 至 \(longest) 个字的名称"
                )
            )
        }
        let found = Divisions.standard.resolve(city: division.city, district: nil)
        guard let found, found.city == division.city, found.district == nil, !found.isProvince
        else {
            throw item.fail(
                "city",
                Words(
                    "the full name of a city is expected, not '\(division.city)'",
                    "应为市的全称，不是“\(division.city)”"
                ),
                example: "city: 岳阳市"
            )
        }
        return division
    }
}

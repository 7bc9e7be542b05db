/// Units that are expected to file, with their deadlines.
///
/// Source: docs/queries.md section 6.
public struct Roster: Sendable {
    /// When a report is due.
    public enum Deadline: Hashable, Sendable {
        /// At this time, whatever the year.
        case at(Timestamp)
        /// At the end of this day of the year after the evaluated one, at +08:00.
        case yearly(month: Int, day: Int)
    }

    /// A line of the roster.
    public struct Entry: Hashable, Sendable {
        /// Number of the line.
        public var line: Int
        /// Evaluated years; nil for every year asked for.
        public var years: ClosedRange<Int>?
        /// Where the unit is.
        public var region: Region
        /// The unit as written.
        public var unit: String
        /// The unit as it stands in keys.
        public var unitPart: String
        /// Reserved word of the kind; nil for any kind.
        public var kind: String?
        /// When the report is due; nil when there is no deadline.
        public var deadline: Deadline?
        /// Who can be asked.
        public var contact: String?

        /// When the report of a year is due.
        /// - Parameter year: evaluated year.
        /// - Returns: the time; nil when there is no deadline.
        public func deadline(in year: Int) -> Timestamp? {
            switch deadline {
            case nil: nil
            case .at(let time): time
            case .yearly(let month, let day):
                Timestamp(
                    parsing: CivilDate.padded(year + 1, 4) + "-" + CivilDate.padded(month, 2)
                        + "-" + CivilDate.padded(day, 2)
                )
            }
        }
    }

    /// Lines in the order of the file.
    public let entries: [Entry]
    /// Other names of units.
    public let aliases: UnitAliases
    /// Known divisions, with the configured ones.
    public let divisions: Divisions
    private let byUnit: [String: [Int]]

    /// Reads a roster.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - name: name of the file, for errors.
    ///   - aliases: other names of units.
    ///   - divisions: known divisions, with the configured ones.
    /// - Throws: ``ReportError`` `usage` that names file and line.
    public init(
        _ bytes: [UInt8],
        name: String,
        aliases: UnitAliases = UnitAliases(),
        divisions: Divisions = .standard
    ) throws(ReportError) {
        let reader = try RosterReader(bytes, name: name, divisions: divisions)
        self.aliases = aliases
        self.divisions = divisions
        entries = try reader.entries()
        var byUnit: [String: [Int]] = [:]
        for (index, entry) in entries.enumerated() {
            byUnit[Self.path(entry.region, entry.unitPart), default: []].append(index)
        }
        self.byUnit = byUnit
    }

    static func path(_ region: Region, _ unit: String) -> String {
        path(city: region.city ?? "", district: region.district, unit: unit)
    }

    static func path(city: String, district: String?, unit: String) -> String {
        city + "/" + (district ?? "") + "/" + unit
    }

    /// The line that expects a record: of several the one that names its kind.
    /// - Parameter key: key of the record.
    /// - Returns: the line; nil when the unit is not expected.
    public func entry(for key: ReportKey) -> Entry? {
        let mark = "（汇总）"
        let plain = key.unit.hasSuffix(mark) ? String(key.unit.dropLast(mark.count)) : key.unit
        let names =
            [key.unit] + aliases.names(of: plain, in: key.year)
        var best: Entry?
        for name in names {
            let path = Self.path(city: key.city, district: key.district, unit: name)
            for index in byUnit[path] ?? [] {
                let entry = entries[index]
                guard entry.years?.contains(key.year) ?? true,
                    entry.kind.map({ $0 == key.kind.word }) ?? true
                else { continue }
                if best == nil || best?.kind == nil && entry.kind != nil { best = entry }
            }
        }
        return best
    }

    /// When a record is due.
    /// - Parameter key: key of the record.
    /// - Returns: the time; nil when the unit is not expected, or has no deadline.
    public func deadline(for key: ReportKey) -> Timestamp? {
        entry(for: key)?.deadline(in: key.year)
    }
}

/// Takes a roster file apart.
private struct RosterReader {
    private let table: CSVTable
    private let name: String
    private let divisions: Divisions

    init(_ bytes: [UInt8], name: String, divisions: Divisions) throws(ReportError) {
        table = try CSVTable(bytes, name: name)
        self.name = name
        self.divisions = divisions
    }

    func entries() throws(ReportError) -> [Roster.Entry] {
        let year = table.column(["year", "years", "年度", "年份", "评价年度"])
        let region = table.column([
            "region", "code", "地区", "区划", "行政区划", "区划代码", "行政区划代码", "区县",
        ])
        guard let unit = table.column(["unit", "name", "单位", "单位名称", "部门", "部门名称"]) else {
            throw ReportError(
                .usage,
                "\(name) needs the column unit (单位)",
                hint: "docs/queries.md section 6 shows an example"
            )
        }
        let kind = table.column(["kind", "类型", "种类", "报告类型", "报告种类"])
        let due = table.column(["deadline", "due", "截止日期", "截止时间", "报送期限", "期限"])
        let contact = table.column(["contact", "联系人", "联系方式", "联系电话"])
        var entries: [Roster.Entry] = []
        for row in table.rows {
            guard let unitName = row[unit] else { throw fail(row, "lacks the unit") }
            let years = try years(row[year], row)
            let place = try place(row[region], unitName, years?.upperBound, row)
            let short = UnitName.short(
                of: unitName,
                region: place,
                year: years?.upperBound,
                divisions: divisions
            )
            entries.append(
                Roster.Entry(
                    line: row.line,
                    years: years,
                    region: place,
                    unit: unitName,
                    unitPart: KeyPart.clean(
                        UnitName.keyPart(
                            shortName: short.isEmpty ? unitName : short,
                            scope: UnitName.scope(of: unitName)
                        )
                    ),
                    kind: try kindWord(row[kind], row),
                    deadline: try deadline(row[due], row),
                    contact: row[contact]
                )
            )
        }
        return entries
    }

    private func fail(_ row: CSVTable.Row, _ message: String, hint: String? = nil) -> ReportError {
        ReportError(.usage, "\(name) line \(row.line) \(message)", hint: hint)
    }

    private func years(
        _ text: String?,
        _ row: CSVTable.Row
    ) throws(ReportError) -> ClosedRange<Int>? {
        guard var text else { return nil }
        for mark in ["年度", "年"] where text.hasSuffix(mark) { text.removeLast(mark.count) }
        for mark in ["-", "..", "至"] where text.hasSuffix(mark) {
            guard let first = KeyLimits.years(in: String(text.dropLast(mark.count)))?.lowerBound
            else { break }
            return first...KeyLimits.years.upperBound
        }
        guard let years = KeyLimits.years(in: text) else {
            throw fail(row, "has '\(text)' as year", hint: "write 2023, 2021-2023 or 2021-")
        }
        return years
    }

    private func place(
        _ text: String?,
        _ unit: String,
        _ year: Int?,
        _ row: CSVTable.Row
    ) throws(ReportError) -> Region {
        let year = year == KeyLimits.years.upperBound ? nil : year
        let found =
            if let text {
                divisions.resolve(text, year: year)
            } else {
                divisions.split(unitName: unit, year: year).region
            }
        guard let found, found.keyParts != nil else {
            let what = text.map { "'\($0)'" } ?? "the region in '\(unit)'"
            throw fail(
                row,
                "names \(what), which is no known region or one of several",
                hint: "write city and district, such as 湛江市/麻章区, or the code of six digits"
            )
        }
        return found
    }

    private func kindWord(_ text: String?, _ row: CSVTable.Row) throws(ReportError) -> String? {
        guard let text else { return nil }
        guard let kind = ReportKind(text) else {
            throw fail(
                row,
                "has '\(text)' as kind",
                hint: "one of " + ReportKind.reservedWords.joined(separator: " ")
            )
        }
        return kind.word
    }

    private func deadline(
        _ text: String?,
        _ row: CSVTable.Row
    ) throws(ReportError) -> Roster.Deadline? {
        guard let text else { return nil }
        if let time = Timestamp(parsing: text) { return .at(time) }
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        let marks: Set<Character> = ["-", "/", ".", "年", "月", "日"]
        if text.allSatisfy({ $0.isNumber || marks.contains($0) || $0 == " " }) {
            if numbers.count == 3, numbers[0] > 1900,
                CivilDate.days(year: numbers[0], month: numbers[1], day: numbers[2]) != nil
            {
                let date = zip(numbers, [4, 2, 2]).map { CivilDate.padded($0, $1) }
                if let time = Timestamp(parsing: date.joined(separator: "-")) { return .at(time) }
            }
            if numbers.count == 2,
                CivilDate.days(year: 2023, month: numbers[0], day: numbers[1]) != nil
            {
                return .yearly(month: numbers[0], day: numbers[1])
            }
        }
        throw fail(
            row,
            "has '\(text)' as deadline",
            hint: "write 2024-05-31, or 05-31 for that day of the year after the evaluated one"
        )
    }
}

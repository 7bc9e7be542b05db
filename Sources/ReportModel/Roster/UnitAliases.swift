/// Names of units that were renamed, with the years in which the other name stands in reports.
///
/// Source: docs/queries.md section 7.
public struct UnitAliases: Sendable {
    private struct Row: Sendable {
        var old: String
        var new: String
        var years: ClosedRange<Int>
    }

    private let rows: [Row]
    private let byName: [String: [Int]]

    /// No other names.
    public init() {
        rows = []
        byName = [:]
    }

    /// Reads an alias file: old name, new name, first and last year in which the old name is met.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - name: name of the file, for errors.
    /// - Throws: ``ReportError`` `usage` that names file and line.
    public init(_ bytes: [UInt8], name: String) throws(ReportError) {
        let table = try CSVTable(bytes, name: name)
        let old = table.column(["old", "oldname", "原名称", "旧名称", "曾用名", "原名"])
        let new = table.column(["new", "newname", "新名称", "现名称", "规范名称", "现名"])
        let from = table.column(["from", "fromyear", "起始年度", "起始年份", "自"])
        let to = table.column(["to", "toyear", "截止年度", "截止年份", "至"])
        guard old != nil, new != nil else {
            throw ReportError(
                .usage,
                "\(name) needs the columns old and new (原名称, 新名称)",
                hint: "docs/queries.md section 7 shows an example"
            )
        }
        var rows: [Row] = []
        for row in table.rows {
            guard let oldName = row[old], let newName = row[new] else {
                throw ReportError(.usage, "\(name) line \(row.line) lacks the old or the new name")
            }
            let first = try Self.year(row[from], KeyLimits.years.lowerBound, name, row.line)
            let last = try Self.year(row[to], KeyLimits.years.upperBound, name, row.line)
            guard first <= last else {
                throw ReportError(.usage, "\(name) line \(row.line): \(first) is after \(last)")
            }
            rows.append(
                Row(old: Self.short(oldName), new: Self.short(newName), years: first...last)
            )
        }
        self.rows = rows
        var byName: [String: [Int]] = [:]
        for (index, row) in rows.enumerated() {
            byName[row.old, default: []].append(index)
            byName[row.new, default: []].append(index)
        }
        self.byName = byName
    }

    private static func short(_ name: String) -> String {
        let short = UnitName.short(of: name)
        return short.isEmpty ? KeyPart.clean(name) : short
    }

    private static func year(
        _ text: String?,
        _ standard: Int,
        _ name: String,
        _ line: Int
    ) throws(ReportError) -> Int {
        guard let text else { return standard }
        guard let years = KeyLimits.years(in: text), years.count == 1 else {
            throw ReportError(.usage, "\(name) line \(line): '\(text)' is no year")
        }
        return years.lowerBound
    }

    /// Every name by which reports of a year may name a unit.
    /// - Parameters:
    ///   - unit: unit part of a key.
    ///   - year: evaluated year; nil for the names of all years.
    /// - Returns: the unit's own name first; alone when it is not the name of that year.
    public func names(of unit: String, in year: Int?) -> [String] {
        let names = connected(to: unit)
        guard let year else { return names }
        guard isName(unit, in: year) else { return [unit] }
        return names.filter { $0 == unit || isName($0, in: year) }
    }

    /// Other names of a unit, each with the years in which it is the unit's, as a
    /// ``TrendQuery`` takes them.
    /// - Parameter unit: unit part of a key.
    /// - Returns: texts such as `人社局@1900..2018`.
    public func spans(of unit: String) -> [String] {
        var spans: [String] = []
        for name in connected(to: unit).dropFirst() {
            var first: Int?
            for year in KeyLimits.years {
                let isName = isName(name, in: year)
                if isName, first == nil { first = year }
                let isLast = year == KeyLimits.years.upperBound
                guard let start = first, !isName || isLast else { continue }
                spans.append("\(name)@\(start)..\(isName ? year : year - 1)")
                first = nil
            }
        }
        return spans
    }

    /// Names that rows link to a name, whatever their years; the name itself first.
    private func connected(to unit: String) -> [String] {
        var names = [unit]
        var next = 0
        while next < names.count, names.count < QueryLimits.maximumOtherNameCount {
            for index in byName[names[next]] ?? [] {
                for name in [rows[index].old, rows[index].new] where !names.contains(name) {
                    names.append(name)
                }
            }
            next += 1
        }
        return names
    }

    /// Whether reports of a year may print a name: one that is never an old name always, any other
    /// in the years of the rows that it stands in.
    private func isName(_ name: String, in year: Int) -> Bool {
        let own = (byName[name] ?? []).map { rows[$0] }
        return own.allSatisfy { $0.old != name } || own.contains { $0.years.contains(year) }
    }
}

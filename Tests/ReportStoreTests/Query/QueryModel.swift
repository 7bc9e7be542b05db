import ReportModel
import ReportStore
import ReportTestKit

/// A record as the plain model of the query tests knows it.
struct PlainRecord {
    var key: ReportKey
    var record: Record
    var recordedAt: Timestamp
    var firstAt: Timestamp

    /// The value of a measure, found without the store's rows.
    func value(_ measure: Measure) -> ExactDecimal? {
        switch measure {
        case .score: record.score.flatMap { ExactDecimal(printed: $0) }
        case .executionRate: record.executionRate.flatMap { ExactDecimal(printed: $0) }
        case .amount(let role):
            record.amounts.first { $0.role == role }.flatMap { ExactDecimal(printed: $0.yuan) }
        case .findings(let severity):
            ExactDecimal(record.findings.count { severity == nil || $0.severity == severity })
        default: nil
        }
    }

    /// Whether a filter lets the record pass, said as plainly as can be.
    func passes(_ filter: ListFilter) -> Bool {
        if let years = filter.years, !years.contains(key.year) { return false }
        if let city = filter.city, city != key.city { return false }
        if let district = filter.district, district != key.district { return false }
        if let region = filter.region {
            let path = [record.region.province, key.city, key.district].compactMap(\.self)
            let isCode = region.utf8.count == 6 && region.allSatisfy(\.isNumber)
            if isCode {
                var stem = region
                while stem.hasSuffix("00") { stem.removeLast(2) }
                if !(record.region.code ?? "").hasPrefix(stem) { return false }
            } else if !path.joined(separator: "/").contains(region) {
                return false
            }
        }
        if let unit = filter.unit {
            let text = unit.hasPrefix("~") ? String(unit.dropFirst()) : unit
            let names = [key.unit, record.unit.name ?? ""]
            guard names.contains(where: { unit == text ? $0 == text : $0.contains(text) }) else {
                return false
            }
        }
        if let kind = filter.kind {
            let isPart = record.parts.contains { $0.kind.kindWord == kind }
            if key.kind.word != kind, key.kind.text != kind, !isPart { return false }
        }
        if let since = filter.since, recordedAt < since { return false }
        if let findings = filter.findings,
            !record.findings.contains(where: { $0.severity >= findings })
        {
            return false
        }
        return filter.ranges.allSatisfy { range in
            value(range.measure).map { range.contains($0) } ?? false
        }
    }
}

/// Records, filters and questions of chance.
struct QueryChance {
    var generator: SeededGenerator

    static let regions: [Region] = [
        Region(code: "440811", province: "广东省", city: "湛江市", district: "麻章区"),
        Region(code: "440800", province: "广东省", city: "湛江市"),
        Region(code: "511102", province: "四川省", city: "乐山市", district: "市中区"),
        Region(code: "511002", province: "四川省", city: "内江市", district: "市中区"),
        Region(code: "441900", province: "广东省", city: "东莞市"),
    ]
    static let units = ["总工会", "财政局", "总工会（汇总）", "人民医院"]
    static let roles = ["executed-total", "three-public-total", "budget-initial-part", "made-up"]

    mutating func element<T>(_ list: [T]) -> T {
        list[Int.random(in: 0..<list.count, using: &generator)]
    }

    mutating func decimal(_ range: ClosedRange<Int>, places: Int) -> String {
        ExactDecimal(
            coefficient: Int128(Int.random(in: range, using: &generator)),
            places: places
        ).text
    }

    mutating func flip() -> Bool { Bool.random(using: &generator) }

    mutating func filing() throws -> Filing {
        let region = element(Self.regions)
        let unit = element(Self.units)
        let kind = element(["整体支出", "部门决算", "项目支出/道路"])
        let year = Int.random(in: 2021...2023, using: &generator)
        let path = [region.city, region.district, unit, kind].compactMap(\.self)
        let key = "\(year)/" + path.joined(separator: "/")
        var filing = try Samples.filing(
            key,
            files: ["\(Int.random(in: 0..<1_000_000, using: &generator))"]
        )
        filing.record.region = region
        filing.record.unit = UnitIdentity(name: (region.district ?? region.city ?? "") + unit)
        filing.record.score = flip() ? decimal(7000...10_000, places: 2) : nil
        filing.record.executionRate = flip() ? decimal(800...1100, places: 1) : nil
        filing.record.parts = [
            Part(kind: element(PartKind.allCases), source: 0, place: Self.place("报告"))
        ]
        filing.record.findings = (0..<Int.random(in: 0...3, using: &generator)).map { index in
            Finding(
                rule: "R",
                severity: element(Severity.allCases),
                message: "说明",
                places: [],
                fingerprint: "\(index)"
            )
        }
        filing.record.amounts = Self.roles.filter { _ in flip() }.map { role in
            let value = decimal(0...9_999_999, places: 2)
            return Amount(
                label: role,
                role: role,
                value: value,
                unit: "元",
                yuan: value,
                approximate: false,
                part: 0,
                place: Self.place(value + "元")
            )
        }
        return filing
    }

    private static func place(_ quote: String) -> Place {
        Place(source: 0, block: 0, start: 0, end: quote.unicodeScalars.count, quote: quote)
    }

    mutating func filter(times: [Timestamp]) throws -> ListFilter {
        var filter = ListFilter()
        let region = element(Self.regions)
        if flip() { filter.years = element([2021...2021, 2022...2023, 2021...2023]) }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: filter.city = region.city
        case 1: filter.district = region.district
        case 2: filter.region = region.code
        case 3: filter.region = region.district ?? region.city
        case 4: filter.region = element(["440000", "511100", "四川省", "湛江市", "湛江市/麻章区"])
        default: break
        }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: filter.unit = element(Self.units)
        case 1: filter.unit = "~" + element(["工会", "区", "医"])
        default: break
        }
        if Int.random(in: 0..<4, using: &generator) == 0 {
            filter.kind = element(["整体支出", "项目支出", "部门决算", "项目支出/道路", "三公经费"])
        }
        if Int.random(in: 0..<4, using: &generator) == 0 {
            filter.findings = element(Severity.allCases)
        }
        if Int.random(in: 0..<4, using: &generator) == 0 { filter.since = element(times) }
        if flip() { filter.ranges = [try range()] }
        return filter
    }

    mutating func measure() -> Measure {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: .score
        case 1: .executionRate
        case 2: .findings(flip() ? nil : element(Severity.allCases))
        default: .amount(element(Self.roles))
        }
    }

    private mutating func range() throws -> MeasureRange {
        let role = element(Self.roles)
        return switch Int.random(in: 0..<4, using: &generator) {
        case 0: try MeasureRange(argument: "80..", of: .score)
        case 1: try MeasureRange(argument: "..95.5", of: .executionRate)
        case 2: try MeasureRange(argument: "1万元..5万元", of: .amount(role))
        default: try MeasureRange(argument: "..20000.5", of: .amount(role))
        }
    }
}

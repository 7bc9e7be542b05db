import ReportExport
import ReportModel
import ReportTestKit

/// A record with a value in every column, made up for tests of tables.
enum RichRecord {
    static let key = "2023/湛江市/麻章区/总工会/项目支出/慰问经费"

    static func record() throws -> Record {
        var record = Samples.record(try ReportKey(parsing: key))
        let place = Place(source: 0, block: 7, start: 0, end: 2, quote: "原文")
        let cell = Place(
            source: 0,
            block: 9,
            start: 0,
            end: 2,
            quote: "表中",
            sheet: "附表",
            cell: "B7"
        )
        record.title = "=cmd|'/c calc'!A1"
        record.reportDate = "2024-03-05"
        record.sources = [Samples.source("自评,报告\"一\".txt", Array("甲".utf8))]
        record.parts = [
            Part(kind: .finalAccountExplanation, source: 0, place: place),
            Part(kind: .projectSelfEvaluationTable, source: 0, place: cell),
        ]
        record.staffing = [
            Staffing(role: "serving", count: "12", label: "在职", part: 0, place: place)
        ]
        record.amounts = [
            amount("预算数", "budget", "138.79", "万元", "1387900", part: 0, place),
            amount("项目预算", "budget", "100", "万元", "1000000", part: 1, cell),
            amount("比上年", "yoy-delta", "0.5", "元", "0.5", direction: "down", part: 0, place),
            amount("巨额", "assets", "1", "元", "12345678901234567.89", part: 0, place),
            amount("支出总计", "executed-expenditure-total", "2", "元", "2", part: 1, cell),
        ]
        record.amounts[1].functionCode = "2010101"
        record.rates = [
            Rate(label: "执行率", role: "execution", percent: "98.20", part: 1, place: place)
        ]
        record.indicators = [
            Indicator(
                level1: "产出指标",
                level2: "数量指标",
                level3: "慰问人数",
                target: "≥100人",
                actual: "+120",
                unit: "人",
                weight: "10",
                score: "9.5",
                note: "第一行\n第二行",
                project: "慰问经费",
                part: 1,
                place: cell
            )
        ]
        record.problems = [ListedItem(text: "@提及", part: 0, place: place)]
        record.improvements = [ListedItem(text: "加强管理", part: 0, place: place)]
        record.projects = [
            Project(
                name: "慰问经费",
                code: "440811230000000012345",
                budget: "1,000.5",
                executed: "900",
                unit: "万元",
                part: 1,
                place: cell
            )
        ]
        record.sections = [Section(number: "一、", title: "基本情况", level: 1, place: place)]
        return record
    }

    private static func amount(
        _ label: String,
        _ role: String,
        _ value: String,
        _ unit: String,
        _ yuan: String,
        direction: String? = nil,
        part: Int,
        _ place: Place
    ) -> Amount {
        Amount(
            label: label,
            role: role,
            value: value,
            unit: unit,
            yuan: yuan,
            direction: direction,
            approximate: false,
            part: part,
            place: place
        )
    }

    /// The record as `get` prints it.
    static func exported() throws -> ExportedRecord {
        guard case .object(var members) = try record().json else {
            throw ReportError(.internal, "a record is an object")
        }
        members["status"] = "submitted"
        members["version"] = [
            "number": 3, "id": "3-0123abcd", "parents": [], "log": "00", "sequence": 9,
            "recordedAt": "2024-03-05T16:30:00.500Z", "node": "县", "comment": nil,
            "conflict": [],
        ]
        var exported = try ExportedRecord(printed: JSONValue.object(members).canonicalBytes)
        let place = Place(source: 0, block: 1, start: 0, end: 2, quote: "王某")
        let people: JSONValue = .array([Person(name: "13800000000", role: "联系人", place: place).json]
        )
        try exported.addPeople(printed: people.canonicalBytes)
        return exported
    }
}

import ReportModel
import Testing

/// The record's own writer gives the bytes of its JSON tree.
@Suite("Canonical bytes of a record")
struct CanonicalRecordTests {
    private static let place = Place(
        source: 0,
        block: 3,
        start: 1,
        end: 9,
        quote: "第一行\n\"二\"\\\u{1}",
        page: 2,
        sheet: "表一",
        cell: "B3"
    )

    private static let plainPlace = Place(source: 1, block: 0, start: 0, end: 2, quote: "甲")

    @Test("a record with everything in it is written as its JSON tree is")
    func full() {
        var record = Record(parser: "text/1", rules: "rules/1")
        record.key = "2023/湛江市/麻章区/总工会/整体支出"
        record.year = 2023
        record.title = "自评报告😀"
        record.given = ["unit": "总工会", "force": true]
        record.score = "97"
        record.amounts = [
            Amount(
                label: "收入总计",
                role: "other",
                value: "1.5",
                unit: "万元",
                yuan: "15000",
                direction: "up",
                approximate: true,
                year: 2022,
                functionCode: "208",
                project: "培训",
                part: 0,
                place: Self.place
            ),
            Amount(
                label: "支出",
                role: "other",
                value: "2",
                unit: "元",
                yuan: "2",
                approximate: false,
                part: 1,
                place: Self.plainPlace
            ),
        ]
        record.rates = [
            Rate(label: "执行率", role: "other", percent: "94.91", part: 0, place: Self.place),
            Rate(
                label: "资金总额 执行率",
                role: "execution",
                percent: "98",
                weight: "10",
                score: "9.8",
                part: 0,
                place: Self.place
            ),
        ]
        record.executionLines = [
            ExecutionLine(label: "合计", weight: "10", score: "10", part: 0, place: Self.place),
            ExecutionLine(
                label: "资金总额",
                percent: "98",
                weight: "10",
                score: "9.8",
                project: "培训",
                part: 1,
                place: Self.plainPlace
            ),
        ]
        record.indicators = [
            Indicator(level1: "产出指标", level3: "场次", target: "≥6", part: 0, place: Self.place),
            Indicator(part: 0, place: Self.plainPlace),
        ]
        #expect(record.canonicalBytes == record.json.canonicalBytes)
    }

    @Test("a record without facts is written as its JSON tree is")
    func empty() {
        let record = Record(parser: "", rules: "")
        #expect(record.canonicalBytes == record.json.canonicalBytes)
    }

    @Test("members whose names are not ASCII stand in the order of UTF-16")
    func names() {
        let value: JSONValue = ["\u{FF01}": 1, "\u{1F600}": 2, "b": 3, "a": 4, "": 5]
        #expect(value.canonicalText == "{\"\":5,\"a\":4,\"b\":3,\"\u{1F600}\":2,\"\u{FF01}\":1}")
    }
}

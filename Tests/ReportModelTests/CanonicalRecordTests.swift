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

    @Test("sections, findings, files and all else are written as their JSON trees are")
    func lists() throws {
        var record = Record(parser: "text/1", rules: "rules/1")
        record.region = Region(code: "440811", province: "广东省", city: "湛江市", district: "麻章区")
        record.region.candidates = [Region(city: "甲"), Region(code: "1", local: true)]
        record.unit = UnitIdentity(name: "总工会", scope: "汇总", aliases: ["\"工会\"", "总会"])
        record.sections = [
            Section(number: "一", title: "概况", level: 1, place: Self.place),
            Section(title: "其他", level: 12, place: Self.plainPlace),
        ]
        record.parts = [
            Part(kind: .overallSelfEvaluationReport, source: 0, place: Self.place),
            Part(kind: .overallSelfEvaluationReport, title: "表", source: 10, place: Self.place),
        ]
        record.findings = [
            Finding(
                rule: "SUM",
                severity: .high,
                message: "合计不符",
                stated: "1",
                places: [Self.place, Self.plainPlace],
                fingerprint: "00"
            )
        ]
        record.sources = [
            SourceFile(name: "甲\t.pdf", format: "pdf", bytes: 123_456_789, sha256: "ab", pages: 3),
            SourceFile(
                name: "乙",
                format: "txt",
                bytes: 0,
                sha256: "",
                encoding: "GB",
                isOptical: true
            ),
        ]
        record.problems = [ListedItem(text: "慢", part: 0, place: Self.place)]
        record.scores = [TotalScore(total: "98", full: "100", part: -1, place: Self.place)]
        record.staffing = [
            Staffing(role: "other", count: "7", label: "编制", unit: "人", part: 0, place: Self.place)
        ]
        record.projects = [Project(name: "培训", budget: "1", part: 0, place: Self.plainPlace)]
        record.unread = [
            UnreadItem(what: "表", reason: "空"),
            UnreadItem(what: "图", reason: "图像", place: Self.place),
        ]
        #expect(record.canonicalBytes == record.json.canonicalBytes)
        let form = record.canonicalForm
        #expect(form.bytes[form.sources...].starts(with: "[{\"bytes\":123456789,".utf8))
        let body = Body(kind: .record, bytes: form.bytes)
        #expect(body.reference(ofRecordWithSourcesAt: form.sources) == body.reference)
        let digested = Body(
            kind: .source,
            salt: body.salt,
            bytes: RecordDigest.form(of: form.bytes)
        )
        #expect(digested.reference.hash == body.reference.hash)
    }

    @Test("a list row and a version are written as their JSON trees are")
    func summary() throws {
        let log = try #require(LogID(Array(0..<16)))
        var version = VersionInfo(
            key: "2023/湛江市/总工会/整体支出",
            number: 3,
            hash: Hash256(hashing: [1]),
            parents: [Hash256(hashing: [2]), Hash256(hashing: [3])],
            log: log,
            sequence: 70_000,
            recordedAt: Timestamp(milliseconds: 1_700_000_000_007),
            arrivedAt: .now,
            node: "县"
        )
        version.conflict = ["3-00000000"]
        var bytes = ByteWriter()
        version.appendCanonical(to: &bytes)
        #expect(bytes.bytes == version.json.canonicalBytes)
        var findings = FindingCounts()
        findings.add(.medium)
        let summary = RecordSummary(
            version: version,
            year: 2023,
            unit: "总工会",
            kind: "整体支出",
            score: "98",
            regionCode: "440811",
            findings: findings
        )
        var members = summary.json.objectValue ?? [:]
        members["province"] = "广东省"
        members["partKinds"] = ["甲", "乙"]
        var row = ByteWriter(capacity: 1)
        summary.appendCanonical(to: &row, province: "广东省", partKinds: ["甲", "乙"])
        #expect(row.bytes == JSONValue.object(members).canonicalBytes)
    }

    @Test("bytes are written alike whatever room there is at first")
    func growth() {
        let text = JSONValue.array([
            .string("总工会\u{1}\\"), .integer(.min), .integer(0), .bool(true),
        ])
        for capacity in 0..<64 {
            var bytes = ByteWriter(capacity: capacity)
            text.appendCanonical(to: &bytes)
            #expect(
                String(decoding: bytes.bytes, as: UTF8.self)
                    == "[\"总工会\\u0001\\\\\",-9223372036854775808,0,true]"
            )
            #expect(bytes.count == bytes.bytes.count)
        }
    }

    @Test("every byte that JSON escapes is found, wherever it stands")
    func escapes() {
        for byte in UInt8(0)..<0x80 {
            for offset in 0..<17 {
                var text = [UInt8](repeating: UInt8(ascii: "a"), count: 17)
                text[offset] = byte
                let value = JSONValue.string(String(decoding: text, as: UTF8.self))
                let isEscaped = value.canonicalBytes.count != text.count + 2
                #expect(isEscaped == (byte < 0x20 || byte == 0x22 || byte == 0x5C))
            }
        }
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

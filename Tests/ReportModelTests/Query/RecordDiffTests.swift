import ReportModel
import Testing

@Suite("What changed between two records")
struct RecordDiffTests {
    private func place(_ block: Int, _ quote: String) -> JSONValue {
        [
            "source": 0, "block": .integer(block), "start": 0, "end": 1, "quote": .string(quote),
        ]
    }

    private func amount(_ label: String, _ yuan: String, block: Int = 5) -> JSONValue {
        [
            "label": .string(label), "role": "executed-item", "value": .string(yuan),
            "unit": "元", "yuan": .string(yuan), "direction": nil, "approximate": false,
            "year": nil, "project": nil, "part": 0, "place": place(block, yuan + "元"),
        ]
    }

    private func row(_ name: String, _ actual: String, score: String) -> JSONValue {
        [
            "level1": "产出指标", "level2": "数量指标", "level3": .string(name), "target": "≥3次",
            "actual": .string(actual), "unit": nil, "weight": "10", "score": .string(score),
            "note": nil, "part": 0, "place": place(9, name),
        ]
    }

    private func changes(
        _ name: String,
        _ old: JSONValue,
        _ new: JSONValue
    ) -> [JSONValue] {
        RecordDiff(from: old, to: new).json[name]?.arrayValue ?? []
    }

    @Test("a record is the same as itself")
    func same() {
        let record: JSONValue = ["amounts": [amount("甲", "1")], "score": "90", "findings": []]
        let diff = RecordDiff(from: record, to: record).json
        #expect(diff["identical"] == true)
    }

    @Test("an amount that moved is none that changed; one that changed has both quotations")
    func amounts() {
        let old: JSONValue = [
            "amounts": [amount("人员经费", "100"), amount("公用经费", "50"), amount("差旅费", "7")]
        ]
        let new: JSONValue = [
            "amounts": [amount("公用经费", "50", block: 1), amount("人员经费", "90"), amount("培训费", "7")],
            "sections": [["title": "三、支出", "level": 1, "place": place(3, "三、支出")]],
        ]
        let found = changes("amounts", old, new)
        #expect(found.count == 3)
        let changed = found.first { $0["change"] == "changed" }
        #expect(changed?["label"] == "人员经费" && changed?["difference"] == "-10")
        #expect(changed?["percent"] == "-10" && changed?["section"] == "三、支出")
        #expect(changed?["from"]?["place"]?["quote"] == "100元")
        #expect(found.contains { $0["change"] == "removed" && $0["label"] == "差旅费" })
        #expect(found.contains { $0["change"] == "added" && $0["label"] == "培训费" })
        let sections = changes("sections", old, new)
        #expect(sections.contains { $0["title"] == "三、支出" && $0["facts"] == 2 })
    }

    @Test("an indicator row is found again by its name, and a renamed one by likeness")
    func indicators() {
        let old: JSONValue = [
            "indicators": [row("开展职工培训次数", "3次", score: "10"), row("慰问困难职工人数", "20人", score: "8")]
        ]
        let new: JSONValue = [
            "indicators": [row("慰问困难职工人数", "25人", score: "8"), row("开展职工培训的次数", "3次", score: "10")]
        ]
        let found = changes("indicators", old, new)
        #expect(found.count == 2)
        let cell = found.first { $0["level3"] == "慰问困难职工人数" }
        #expect(cell?["cells"] == ["actual": ["from": "20人", "to": "25人"]])
        let renamed = found.first { $0["renamed"] == true }
        #expect(renamed?["from"]?["level3"] == "开展职工培训次数")
        #expect(renamed?["cells"] == [:])
    }

    @Test("findings are new, gone or still there, and only the first two are differences")
    func findings() {
        func finding(_ print: String) -> JSONValue {
            [
                "rule": "R", "severity": "high", "message": .string("说明" + print),
                "fingerprint": .string(print), "places": [place(1, "原文")],
            ]
        }
        let old: JSONValue = ["findings": [finding("a"), finding("b")]]
        let new: JSONValue = ["findings": [finding("b"), finding("c")]]
        let found = changes("findings", old, new)
        #expect(found.map { $0["change"] } == ["new", "gone", "still"])
        #expect(found[0]["quotes"] == ["原文"])
        let still = RecordDiff(from: old, to: old).json
        #expect(still["identical"] == true && still["findings"]?.arrayValue?.count == 2)
    }

    @Test("fields, problems, files and staff are compared")
    func rest() {
        let old: JSONValue = [
            "score": "90", "unit": ["name": "甲局"], "problems": [["text": "预算编制不够精细，执行偏慢"]],
            "sources": [["name": "a.docx", "sha256": "1"]],
            "scores": [["total": "90", "part": 0, "place": place(2, "总分90分")]],
            "staffing": [
                ["role": "serving", "label": "在职", "count": "7", "place": place(1, "7人")]
            ],
        ]
        let new: JSONValue = [
            "score": "92.5", "unit": ["name": "乙局"], "problems": [["text": "预算编制不够精细，执行仍偏慢"]],
            "sources": [["name": "a.docx", "sha256": "2"]],
            "scores": [["total": "92.5", "part": 0, "place": place(2, "总分92.5分")]],
            "staffing": [
                ["role": "serving", "label": "在职", "count": "8", "place": place(1, "8人")]
            ],
        ]
        let fields = changes("fields", old, new)
        let score = fields.first { $0["field"] == "score" }
        #expect(score?["difference"] == "2.5" && score?["fromPlace"]?["quote"] == "总分90分")
        #expect(fields.contains { $0["field"] == "unit.name" && $0["to"] == "乙局" })
        #expect(changes("problems", old, new).map { $0["change"] } == ["changed"])
        #expect(changes("sources", old, new).map { $0["change"] } == ["changed"])
        #expect(changes("staffing", old, new)[0]["difference"] == "1")
    }

    @Test("records of any other form, and huge lists, are compared within bounds")
    func hostile() {
        let odd: JSONValue = [
            "amounts": "none", "indicators": [1, nil, [], ["level3": 7]], "sections": [[:]],
            "score": 12, "findings": [["fingerprint": nil]], "unit": [],
        ]
        #expect(RecordDiff(from: odd, to: []).json["identical"] == false)
        #expect(RecordDiff(from: nil, to: "text").json["from"]?["key"]?.isNull == true)
        let many = { (word: String) -> JSONValue in
            .array((0..<6000).map { index in amount("\(word)\(index)的金额说明", "\(index)") })
        }
        let diff = RecordDiff(from: ["amounts": many("甲")], to: ["amounts": many("乙")]).json
        #expect(diff["amounts"]?.arrayValue?.count == DiffLimits.maximumChangeCount)
        #expect(diff["more"]?["amounts"] == 7000)
    }
}

@Suite("Lines compared")
struct LineDiffTests {
    /// What is left of a comparison on one side.
    private func side(_ diff: LineDiff, without mark: LineDiff.Mark) -> [String] {
        diff.lines.filter { $0.mark != mark }.map(\.text)
    }

    @Test("both texts can be told from a comparison, whatever they are", arguments: 0..<60)
    func property(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        let old = (0..<next(30)).map { _ in "行\(next(6))" }
        let new = (0..<next(30)).map { _ in "行\(next(6))" }
        let diff = LineDiff(old, new)
        #expect(side(diff, without: .added) == old)
        #expect(side(diff, without: .removed) == new)
        #expect(diff.hunks().isEmpty == (old == new))
    }

    @Test("a changed line stands with its neighbours, and long texts fall back")
    func hunks() {
        let old = (1...20).map { "\($0)" }
        var new = old
        new[9] = "ten"
        let hunks = LineDiff(old, new).hunks(context: 1)
        #expect(hunks.map { $0?.text ?? "…" } == ["9", "10", "ten", "11"])
        let long = (0..<3000).map { "a\($0)" }
        let other = (0..<3000).map { "b\($0)" }
        let diff = LineDiff(["x"] + long + ["y"], ["x"] + other + ["y"])
        #expect(diff.lines.count == 6002)
        #expect(diff.lines.count { $0.mark == .same } == 2)
    }
}

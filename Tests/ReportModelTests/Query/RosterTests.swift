import ReportModel
import Testing

@Suite("Tables of commas")
struct CSVTableTests {
    private func table(_ text: String) throws -> CSVTable {
        try CSVTable(Array(text.utf8), name: "t.csv")
    }

    @Test("quotes, commas and line ends within quotes, blank lines and a byte order mark")
    func forms() throws {
        let table = try table("\u{FEFF}年度,单位\r\n2023,\"甲,\"\"乙\"\"\n局\"\r\n\r\n2024,丙\n")
        #expect(table.header == ["年度", "单位"])
        #expect(table.rows.map(\.fields) == [["2023", "甲,\"乙\"\n局"], ["2024", "丙"]])
        #expect(table.rows.map(\.line) == [2, 5])
        #expect(try self.table("a\tb\n1\t2").rows[0].fields == ["1", "2"])
    }

    @Test("GB18030 is read, and bytes that are no text are refused")
    func encodings() throws {
        // 单位 and 局 in GB18030.
        let bytes: [UInt8] = [0xB5, 0xA5, 0xCE, 0xBB, 0x0A, 0xBE, 0xD6]
        let table = try CSVTable(bytes, name: "t.csv")
        #expect(table.header == ["单位"] && table.rows[0].fields == ["局"])
        #expect(throws: ReportError.self) { try CSVTable([0xFF, 0xFF, 0x0A], name: "t.csv") }
    }

    @Test("what is wrong is named with its line")
    func errors() {
        for (text, message) in [
            ("a\n\"open", "t.csv line 2 opens a quote"), ("a\n\"x\"y\n", "line 2 has text behind"),
            ("", "no header"),
            (String(repeating: ",", count: 70), "line 1 has more than"),
        ] {
            let error = #expect(throws: ReportError.self) { try table(text) }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        }
    }
}

@Suite("Rosters")
struct RosterTests {
    private func roster(_ text: String, aliases: String? = nil) throws -> Roster {
        let names = try aliases.map { try UnitAliases(Array($0.utf8), name: "a.csv") }
        return try Roster(Array(text.utf8), name: "r.csv", aliases: names ?? UnitAliases())
    }

    private func row(
        _ key: String,
        filed: String = "2024-05-01T08:00:00.000Z",
        status: String = "submitted",
        parts: [String] = []
    ) -> JSONValue {
        [
            "key": .string(key), "status": .string(status), "version": 1,
            "filedAt": .string(filed), "partKinds": .strings(parts),
        ]
    }

    private func check(
        _ roster: Roster,
        _ rows: [JSONValue],
        day: String = "2024-06-10",
        years: ClosedRange<Int>? = nil,
        region: String? = nil,
        kind: String? = nil
    ) throws -> JSONValue {
        let query = MissingQuery(
            years: years,
            region: region,
            kind: kind,
            day: try Timestamp(argument: day)
        )
        var check = try RosterCheck(roster, query, now: Timestamp(milliseconds: 0))
        for row in rows { check.add(row) }
        return check.json
    }

    private func states(_ answer: JSONValue) -> [String] {
        (answer["rows"]?.arrayValue ?? []).map { row in
            let days = row["days"]?.integerValue.map { " \($0)" } ?? ""
            return (row["state"]?.stringValue ?? "") + days
        }
    }

    private static let header = "年度,地区,单位,类型,截止日期,联系人\n"

    @Test("each expected report is on time, late, sent back, missing or overdue")
    func outcomes() throws {
        let roster = try roster(
            Self.header + """
                2023,湛江市/麻章区,总工会,整体支出,2024-05-31,张
                2023,440811,湛江市麻章区财政局,,05-31,
                2023,麻章区,教育局,整体支出,2024年5月31日,
                2023,湛江市/麻章区,民政局,整体支出,2024/5/31,
                2023,湛江市/麻章区,司法局,整体支出,2024-07-01,
                2023,湛江市,审计局,,,
                """
        )
        let place = "2023/湛江市/麻章区/"
        let answer = try check(
            roster,
            [
                row(place + "总工会/整体支出", filed: "2024-05-31T15:59:59.999Z"),
                row(place + "财政局/部门决算", filed: "2024-05-31T16:00:00.000Z"),
                row(place + "教育局/整体支出", status: "returned"),
                row("2023/湛江市/审计局/部门决算"), row(place + "气象局/整体支出"),
                row("2023/湛江市/坡头区/气象局/整体支出"),
            ]
        )
        #expect(
            states(answer) == [
                "on-time", "late 1", "returned 10", "overdue 10", "missing", "filed", "unexpected",
            ]
        )
        #expect(answer["summary"]?["expected"] == 6)
        #expect(answer["rows"]?.arrayValue?[0]["contact"] == "张")
        let regions = answer["regions"]?.arrayValue ?? []
        #expect(regions.map { $0["region"] } == ["湛江市", "湛江市/麻章区"])
        #expect(regions[1]["unexpected"] == 1)
    }

    @Test("a part of a bundle, a （汇总） record and another name of those years count as filed")
    func equivalents() throws {
        let roster = try roster(
            Self.header + """
                2021-,湛江市/麻章区,人力社保局,整体支出,05-31,
                2021-2023,湛江市/麻章区,教育局,整体支出,,
                """,
            aliases: "原名称,新名称,起始年度,截止年度\n人社局,人力社保局,,2022\n"
        )
        let place = "/湛江市/麻章区/"
        let rows = [
            row("2022" + place + "人社局/整体支出", filed: "2023-03-01T00:00:00.000Z"),
            row("2023" + place + "人社局/整体支出", filed: "2024-03-01T00:00:00.000Z"),
            row("2022" + place + "教育局（汇总）/整体支出"),
            row(
                "2023" + place + "教育局/部门决算",
                parts: ["department-overall-self-evaluation-report"]
            ),
        ]
        let answer = try check(roster, rows, years: 2022...2023)
        // In 2023 the old name is no longer the unit's.
        #expect(states(answer) == ["on-time", "filed", "overdue 10", "filed", "unexpected"])
        let all = try check(roster, [])
        #expect(all["rows"]?.arrayValue?.count == 6)
        let key = try ReportKey(parsing: "2022/湛江市/麻章区/人社局/整体支出")
        #expect(roster.deadline(for: key) == (try Timestamp(argument: "2023-05-31")))
        let other = try ReportKey(parsing: "2023/湛江市/麻章区/人社局/整体支出")
        #expect(roster.deadline(for: other) == nil)
    }

    @Test("region and kind leave out what was not asked for")
    func scope() throws {
        let roster = try roster(
            Self.header + """
                2023,湛江市/麻章区,总工会,整体支出,,
                2023,湛江市/坡头区,总工会,部门决算,,
                2023,四川省/乐山市,总工会,整体支出,,
                """
        )
        #expect(try check(roster, [], region: "湛江市")["summary"]?["missing"] == 2)
        #expect(try check(roster, [], region: "510000")["summary"]?["missing"] == 1)
        #expect(try check(roster, [], kind: "整体支出")["summary"]?["missing"] == 2)
        #expect(throws: ReportError.self) { try check(roster, [], region: "a/b/c/d") }
    }

    @Test("lines that say nothing sensible are named")
    func errors() {
        for (line, message) in [
            ("二〇二三,麻章区,总工会,,,", "line 2 has '二〇二三' as year"),
            ("2023,鼓楼区,总工会,,,", "line 2 names '鼓楼区'"),
            ("2023,麻章区,,,,", "line 2 lacks the unit"),
            ("2023,麻章区,总工会,报告,,", "has '报告' as kind"),
            ("2023,麻章区,总工会,,明天,", "has '明天' as deadline"),
            ("2023,麻章区,总工会,,2024-02-30,", "has '2024-02-30' as deadline"),
        ] {
            let error = #expect(throws: ReportError.self) { try roster(Self.header + line) }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        }
        #expect(throws: ReportError.self) { try roster("年度\n2023") }
        #expect(throws: ReportError.self) { try UnitAliases(Array("a,b\n".utf8), name: "a") }
    }

    @Test("names of renamed units are followed in a chain, within their years")
    func aliases() throws {
        let text = "old,new,from,to\n甲局,乙局,,2018\n乙局,丙局,2019,2023\n湛江市麻章区丁局,戊局,,\n"
        let aliases = try UnitAliases(Array(text.utf8), name: "a.csv")
        #expect(aliases.names(of: "丙局", in: nil) == ["丙局", "乙局", "甲局"])
        #expect(aliases.names(of: "丙局", in: 2020) == ["丙局", "乙局"])
        #expect(aliases.names(of: "丙局", in: 2024) == ["丙局"])
        #expect(aliases.names(of: "戊局", in: 2000).count == 2)
        #expect(aliases.names(of: "甲局", in: 2020) == ["甲局"])
        #expect(aliases.names(of: "丙局", in: 2018) == ["丙局", "乙局", "甲局"])
        #expect(aliases.spans(of: "丙局") == ["乙局@1900..2023", "甲局@1900..2018"])
        let query = try TrendQuery("麻章区/乙局", otherNames: aliases.spans(of: "乙局"))
        #expect(query.otherNames == ["甲局@1900..2018", "丙局"])
        #expect(query.lookups(in: 2019).map(\.text) == ["2019/麻章区/乙局", "2019/麻章区/丙局"])
        #expect(query.isOtherName("甲局", in: 2018) && !query.isOtherName("甲局", in: 2019))
        #expect(throws: ReportError.self) { try TrendQuery("a", otherNames: ["乙局@"]) }
        #expect(throws: ReportError.self) { try TrendQuery("a", otherNames: ["乙局@12"]) }
    }
}

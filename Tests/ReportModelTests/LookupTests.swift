import ReportModel
import Testing

@Suite("Lookups")
struct LookupTests {
    static let keys = [
        "2023/湛江市/麻章区/总工会/整体支出",
        "2023/湛江市/麻章区/总工会/项目支出/工会经费",
        "2023/湛江市/总工会/整体支出",
        "2023/广州市/越秀区/总工会/整体支出",
        "2023/广东省/总工会/整体支出",
        "2023/南京市/鼓楼区/总工会/整体支出",
        "2023/福州市/鼓楼区/总工会/整体支出",
        "2023/乐山市/市中区/总工会/整体支出",
        "2023/重庆市/荣昌区/总工会/整体支出",
        "2023/湛江市/高新区/财政局/整体支出",
        "2023/乐山市/金口河区/区委宣传部/整体支出",
        "2023/湛江市/麻章区/总工会（汇总）/整体支出",
        "2022/湛江市/麻章区/总工会/整体支出",
    ]

    /// What a store does with a lookup.
    static func find(_ text: String) throws -> (stage: Lookup.Stage?, keys: [String]) {
        let alternatives = try Lookup(parsing: text).expanded()
        let all = try keys.map { try ReportKey(parsing: $0) }
        for stage in Lookup.Stage.allCases {
            let found = all.filter { key in alternatives.contains { $0.matches(key, stage: stage) }
            }
            if !found.isEmpty { return (stage, found.map(\.text)) }
        }
        return (nil, [])
    }

    @Test(
        "the first stage with a hit decides",
        arguments: [
            ("2023/湛江市/总工会/整体支出", Lookup.Stage.whole, [2]),
            ("2023/湛江市/麻章区/总工会/整体支出", .whole, [0]),
            ("2023/湛江市/麻章区/总工会", .beginning, [0, 1]),
            ("2023/湛江市", .beginning, [0, 1, 2, 9, 11]),
            ("2023/湛江市/总工会", .beginning, [2]),
            ("2023/麻章区", .gaps, [0, 1, 11]),
            ("2023/麻章区/整体支出", .gaps, [0, 11]),
            ("2023/工会经费", .gaps, [1]),
            ("2023/鼓楼区/总工会", .gaps, [5, 6]),
            ("2022/麻章区/总工会/整体支出", .gaps, [12]),
            ("2023/440811", .beginning, [0, 1, 11]),
            ("2023/440800", .beginning, [0, 1, 2, 9, 11]),
            ("2023/440000", .beginning, [0, 1, 2, 3, 4, 9, 11]),
            ("2023/440000/总工会", .beginning, [2, 4]),
            ("2023/440000/整体支出", .gaps, [0, 2, 3, 4, 9, 11]),
            ("2023/500000", .beginning, [8]),
            ("2023/500153", .beginning, [8]),
            ("2023/440811/总工会/整体支出", .whole, [0]),
            ("2023/麻章区总工会", .beginning, [0, 1]),
            ("2023/麻章区总工会/整体支出", .whole, [0]),
            ("2023/湛江市麻章区总工会/整体支出", .whole, [0]),
            ("2023/湛江市/麻章区总工会/整体支出", .whole, [0]),
            ("2023/广东省湛江市麻章区总工会/整体支出", .whole, [0]),
            ("2023/麻章区总工会（汇总）", .beginning, [11]),
            ("2023/鼓楼区总工会", .beginning, [5, 6]),
            ("2023/南京市/鼓楼区总工会", .beginning, [5]),
            ("2023/南京市鼓楼区", .beginning, [5]),
            ("2023/乐山市市中区总工会", .beginning, [7]),
            ("2023/乐山市中区总工会", .beginning, [7]),
            ("2023/中共金口河区委宣传部", .beginning, [10]),
            ("2023/湛江市高新区财政局", .beginning, [9]),
            ("2023/广东省/湛江市/麻章区/总工会/整体支出", .whole, [0]),
            ("2023/广东省", .beginning, [4]),
            ("2023", .beginning, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        ]
    )
    func stages(text: String, stage: Lookup.Stage, hits: [Int]) throws {
        let found = try Self.find(text)
        #expect(found.keys == hits.map { Self.keys[$0] })
        #expect(found.stage == stage)
    }

    @Test(
        "parts are matched whole and in order",
        arguments: [
            "2023/麻章", "2023/工会", "2023/总工会/麻章区", "2021/麻章区", "2023/999999", "2023/麻章区/麻章区",
        ]
    )
    func misses(text: String) throws {
        #expect(try Self.find(text).stage == nil)
    }

    @Test("a project with the name of a region or a code is not expanded")
    func projectsStay() throws {
        let lookup = try Lookup(parsing: "2023/湛江市/总工会/项目支出/440811")
        #expect(lookup.expanded() == [lookup])
    }

    @Test(
        "a version follows the last @",
        arguments: [
            ("2023/麻章区@3", ["麻章区"], VersionSelector.number(3)),
            ("2023/麻章区@3-1a2b3c4d", ["麻章区"], .id(number: 3, hashPrefix: "1a2b3c4d")),
            ("2023/麻章区@3-1A2B3C4D", ["麻章区"], .id(number: 3, hashPrefix: "1a2b3c4d")),
            ("2023/麻章区", ["麻章区"], nil),
            ("2023/麻章区＠3", ["麻章区＠3"], nil),
            ("2023/a@b", ["a＠b"], nil),
            ("2023/a@b@12", ["a＠b"], .number(12)),
            ("2023/a@3号", ["a＠3号"], nil),
            ("2023/麻章区/@2", ["麻章区"], .number(2)),
            ("2023/麻章区/", ["麻章区"], nil),
            ("２０２３/（a）/(b)", ["（a）", "（b）"], nil),
            ("2023", [], nil),
        ] as [(String, [String], VersionSelector?)]
    )
    func versions(text: String, parts: [String], version: VersionSelector?) throws {
        let lookup = try Lookup(parsing: text)
        #expect(lookup.year == 2023)
        #expect(lookup.parts == parts)
        #expect(lookup.version == version)
        #expect(try Lookup(parsing: lookup.description) == lookup)
    }

    @Test(
        "what is no lookup says why",
        arguments: [
            ("", KeyError.Code.emptyPart), ("/", .emptyPart), ("麻章区", .badYear),
            ("2023//总工会", .emptyPart),
            ("2023/麻章区@0", .badVersion), ("2023/麻章区@3-", .badVersion),
            ("2023/麻章区@3-12", .badVersion),
            ("2023/麻章区@3-1a2b3c4d5", .badVersion), ("2023/麻章区@9999999999", .badVersion),
            ("2023/麻章区@3-1a2b3c4d-1", .badVersion),
            ("2023" + String(repeating: "/x", count: 9), .tooManyParts),
            (String(repeating: "长", count: 1400), .tooLong),
        ]
    )
    func refuses(text: String, code: KeyError.Code) {
        let error = #expect(throws: KeyError.self) { try Lookup(parsing: text) }
        #expect(error?.code == code)
    }

    @Test("a full key that is too long finds itself")
    func longKey() throws {
        let typed = "2024/乐山市/总工会/项目支出/" + String(repeating: "工会经费", count: 40)
        let key = try ReportKey(parsing: typed)
        let lookup = try Lookup(parsing: typed)
        #expect(lookup.key == key)
        #expect(lookup.stage(matching: key) == .whole)
        #expect(Lookup(key).stage(matching: key) == .whole)
    }

    @Test("a code stands for its division under each of its names")
    func codeNames() throws {
        let parts = try Lookup(parsing: "2020/130503/总工会").expanded().map(\.parts)
        #expect(parts == [["邢台市", "桥西区", "总工会"], ["邢台市", "信都区", "总工会"]])
    }

    @Test("many codes and shared names in one lookup stay within the bound")
    func manyCodes() throws {
        for part in ["/440000", "/鼓楼区总工会", "/650000"] {
            let lookup = try Lookup(
                parsing: "2023" + String(repeating: part, count: KeyLimits.maximumLookupPartCount)
            )
            #expect(lookup.expanded().count <= KeyLimits.maximumAlternativeCount)
        }
    }

    @Test("the expansion of a province stays within its bound")
    func bound() throws {
        for code in ["410000", "420000", "460000", "650000"] {
            let lookup = try Lookup(parsing: "2023/\(code)/总工会")
            let expanded = lookup.expanded()
            #expect(expanded.count > 4)
            #expect(expanded.count <= KeyLimits.maximumAlternativeCount)
        }
        #expect(try Lookup(parsing: "2023/420000").expanded().contains { $0.parts == ["仙桃市"] })
    }
}

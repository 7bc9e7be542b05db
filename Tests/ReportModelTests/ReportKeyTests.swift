import ReportModel
import Testing

@Suite("Keys")
struct ReportKeyTests {
    struct Valid: Sendable, CustomStringConvertible {
        var typed: String
        var city: String
        var district: String?
        var unit: String
        var kind: ReportKind
        var text: String?
        var description: String { typed }
    }

    static let valid: [Valid] = [
        Valid(
            typed: "2023/湛江市/麻章区/总工会/整体支出",
            city: "湛江市",
            district: "麻章区",
            unit: "总工会",
            kind: .overall
        ),
        Valid(typed: "2022/益阳市/总工会/整体支出", city: "益阳市", unit: "总工会", kind: .overall),
        Valid(
            typed: "2024/重庆市/荣昌区/总工会/部门决算",
            city: "重庆市",
            district: "荣昌区",
            unit: "总工会",
            kind: .finalAccount
        ),
        Valid(
            typed: "2024/乐山市/金口河区/总工会/项目支出/工会经费",
            city: "乐山市",
            district: "金口河区",
            unit: "总工会",
            kind: .project("工会经费")
        ),
        Valid(typed: "2024/乐山市/总工会/项目支出", city: "乐山市", unit: "总工会", kind: .project(nil)),
        Valid(typed: "2021/广东省/总工会/三公经费", city: "广东省", unit: "总工会", kind: .threePublic),
        Valid(typed: "2021/东莞市/总工会/基础数据", city: "东莞市", unit: "总工会", kind: .baseData),
        Valid(typed: "2021/济源市/总工会/其他", city: "济源市", unit: "总工会", kind: .other),
        Valid(typed: "2021/其他/总工会/其他", city: "其他", unit: "总工会", kind: .other),
        Valid(typed: "2023/湛江市/总工会/项目支出/整体支出", city: "湛江市", unit: "总工会", kind: .project("整体支出")),
        Valid(
            typed: "２０２３/湛江市 / 麻章区/总工会(汇总)/整 体支出",
            city: "湛江市",
            district: "麻章区",
            unit: "总工会（汇总）",
            kind: .overall,
            text: "2023/湛江市/麻章区/总工会（汇总）/整体支出"
        ),
        Valid(
            typed: "2023/湛江市/a@3/整体支出",
            city: "湛江市",
            unit: "a＠3",
            kind: .overall,
            text: "2023/湛江市/a＠3/整体支出"
        ),
    ]

    @Test("a full key is read and printed", arguments: valid)
    func reads(row: Valid) throws {
        let key = try ReportKey(parsing: row.typed)
        #expect(key.text == row.text ?? row.typed)
        #expect(key.city == row.city)
        #expect(key.district == row.district)
        #expect(key.unit == row.unit)
        #expect(key.kind == row.kind)
        #expect(key.description == key.text)
        #expect(ReportKey(key.description) == key)
        let made = try ReportKey(
            year: key.year,
            city: row.city,
            district: row.district,
            unit: row.unit,
            kind: row.kind
        )
        #expect(made == key)
        #expect(made.hashValue == key.hashValue)
        #expect(key.parts.joined(separator: "/") == key.text)
    }

    @Test(
        "what is no key says why",
        arguments: [
            ("", KeyError.Code.emptyPart),
            ("2023", .missingPart),
            ("2023/湛江市", .missingPart),
            ("2023/湛江市/整体支出", .missingPart),
            ("2023/湛江市/麻章区/总工会", .missingKind),
            ("2023//总工会/整体支出", .emptyPart),
            ("2023/湛江市/\u{3000}/整体支出", .emptyPart),
            ("2023/湛江市/总工会/整体支出/", .emptyPart),
            ("23/湛江市/总工会/整体支出", .badYear),
            ("2023年/湛江市/总工会/整体支出", .badYear),
            ("0023/湛江市/总工会/整体支出", .badYear),
            ("+202/湛江市/总工会/整体支出", .badYear),
            ("湛江市/总工会/整体支出", .badYear),
            ("2023/湛江市/麻章区/麻章镇/总工会/整体支出", .tooManyParts),
            ("2023/湛江市/总工会/整体支出/名", .tooManyParts),
            ("2023/湛江市/总工会/项目支出/名/二", .tooManyParts),
            ("2023/湛江市/其他/总工会/整体支出", .missingPart),
            ("2023/湛江市/总工会/其他/整体支出", .tooManyParts),
            ("/2023/湛江市/总工会/整体支出", .emptyPart),
            (String(repeating: "长", count: 1400), .tooLong),
        ]
    )
    func refuses(text: String, code: KeyError.Code) {
        let error = #expect(throws: KeyError.self) { try ReportKey(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.description.isEmpty == false)
        #expect(ReportKey(text) == nil)
    }

    @Test("a key cannot be made of a reserved word, an empty part or an odd year")
    func refusesParts() {
        func code(
            _ year: Int,
            _ city: String,
            _ district: String?,
            _ unit: String,
            _ kind: ReportKind
        ) -> KeyError.Code? {
            do {
                _ = try ReportKey(
                    year: year,
                    city: city,
                    district: district,
                    unit: unit,
                    kind: kind
                )
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(2023, "湛江市", nil, "其 他", .overall) == .reservedWord)
        #expect(code(2023, "湛江市", "整体支出", "总工会", .overall) == .reservedWord)
        #expect(code(2023, " ", nil, "总工会", .overall) == .emptyPart)
        #expect(code(2023, "湛江市", "", "总工会", .overall) == .emptyPart)
        #expect(code(2023, "湛江市", nil, "总工会", .project("\u{200B}")) == .emptyPart)
        #expect(code(99, "湛江市", nil, "总工会", .overall) == .badYear)
        #expect(code(12_023, "湛江市", nil, "总工会", .overall) == .badYear)
        #expect(code(2023, "湛江市", nil, String(repeating: "长", count: 2000), .overall) == .tooLong)
        #expect(code(2023, "湛江市", nil, "总工会", .overall) == nil)
    }

    @Test("a key over 400 bytes has its longest part cut")
    func cuts() throws {
        let project = String(repeating: "工会经费", count: 40)
        let key = try ReportKey(
            year: 2024,
            city: "乐山市",
            district: "金口河区",
            unit: "总工会",
            kind: .project(project)
        )
        #expect(key.text.utf8.count <= 400)
        #expect(key.text.utf8.count > 396)
        // printf of the project | sha256sum
        let hash = "4219594f"
        let cut = try #require(key.project)
        #expect(cut.hasSuffix("~" + hash))
        #expect(project.hasPrefix(cut.dropLast(9)))
        #expect(key.unit == "总工会")
        #expect(try ReportKey(parsing: key.text) == key)
        #expect(try ReportKey(parsing: "2024/乐山市/金口河区/总工会/项目支出/\(project)") == key)
    }

    @Test("a key of exactly 400 bytes is left whole, one of 401 is cut")
    func cutsAtTheBound() throws {
        let frame = "2024/乐山市/总工会/项目支出/".utf8.count
        let whole = try ReportKey(
            parsing: "2024/乐山市/总工会/项目支出/" + String(repeating: "a", count: 400 - frame)
        )
        #expect(whole.text.utf8.count == 400)
        #expect(!whole.text.contains("~"))
        let cut = try ReportKey(
            parsing: "2024/乐山市/总工会/项目支出/" + String(repeating: "a", count: 401 - frame)
        )
        #expect(cut.text.utf8.count == 400)
        #expect(cut.text.dropLast(8).hasSuffix("~"))
    }

    @Test("several long parts are cut, the longest first, until the key fits")
    func cutsSeveral() throws {
        let long = String(repeating: "长", count: 300)
        let key = try ReportKey(
            year: 2024,
            city: long,
            district: long + "区",
            unit: long + "会",
            kind: .project(long)
        )
        #expect(key.text.utf8.count <= 400)
        #expect(key.kind.word == "项目支出")
        #expect(key.parts.count == 6)
        #expect(try ReportKey(parsing: key.text) == key)
    }

    @Test("keys are ordered by bytes")
    func order() throws {
        let keys = try [
            "2023/b市/x/其他", "2023/市/x/其他", "2022/市/y/其他", "2023/市/x/项目支出/a", "2023/市/\u{20000}/其他",
        ]
        .map { try ReportKey(parsing: $0) }
        let sorted = keys.sorted().map { Array($0.text.utf8) }
        #expect(sorted == sorted.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test(
        "a record's kind is read and printed",
        arguments: [
            ("整体支出", ReportKind.overall), ("部门决算", .finalAccount), ("项目支出", .project(nil)),
            ("项目支出/工会经费", .project("工会经费")), ("项目支出/甲/乙", .project("甲/乙")),
            ("三公经费", .threePublic), ("基础数据", .baseData), ("其他", .other),
        ]
    )
    func kinds(text: String, kind: ReportKind) {
        #expect(ReportKind(text) == kind)
        #expect(kind.text == text)
        #expect(ReportKind.reservedWords.contains(kind.word))
    }

    @Test("what is no kind is nil", arguments: ["", "整体", "项目支出/", "项目支出/ ", "整体支出/名", "整体支出x"])
    func noKind(text: String) {
        #expect(ReportKind(text) == nil)
    }

    @Test("no text traps")
    func noTrap() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            let text = generator.text(maximumCount: 24)
            for candidate in [text, "2023/" + text, "2023/市/" + text + "/其他"] {
                if let key = ReportKey(candidate) {
                    #expect(ReportKey(key.text) == key)
                    #expect(key.text.utf8.count <= ReportKey.maximumByteCount)
                }
                if let lookup = try? Lookup(parsing: candidate) {
                    #expect(!lookup.expanded().isEmpty)
                }
            }
        }
    }
}

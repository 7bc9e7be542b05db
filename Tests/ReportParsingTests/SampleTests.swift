import ReportModel
import ReportParsing
import Testing

@Suite(
    "The sample documents",
    .enabled(if: Samples.areThere, "the samples are not beside the repository")
)
struct SampleTests {
    static func truth() throws -> [String: JSONValue] {
        let bytes = try #require(Samples.read("samples-truth.json"))
        let json = try JSONValue(parsing: bytes)
        return try #require(json["samples"]?.objectValue)
    }

    static let keys = [
        ("000_dd9baf7bf1bd903f.txt", "2022/乐山市/市中区/总工会/整体支出"),
        ("001_769edc04ee080ac9.txt", "2023/湛江市/麻章区/总工会/整体支出"),
        ("003_91a311319d233d88.txt", "2022/长沙市/岳麓区/总工会/整体支出"),
        ("004_867eb05ee1b92696.txt", "2024/乐山市/金口河区/总工会/部门决算"),
    ]

    static func record(_ name: String) throws -> Record {
        let bytes = try #require(Samples.read("samples/" + name))
        return try Parser.parse(ParsingInput(name: name, bytes: bytes)).record
    }

    @Test("each has its key", arguments: keys)
    func key(_ name: String, _ key: String) throws {
        #expect(try Self.record(name).key == key)
    }

    @Test("identity agrees with what was read by hand", arguments: keys)
    func identity(_ name: String, _ key: String) throws {
        let record = try Self.record(name)
        let truth = try #require(try Self.truth()[name])
        #expect(record.year == truth["fiscalYear"]?.integerValue)
        #expect(record.unit.name == truth["unit"]?["fullName"]?.stringValue)
        #expect(record.reportDate == truth["reportDate"]?.stringValue)
        let region = try #require(truth["region"])
        #expect(record.region.code == region["code"]?.stringValue)
        #expect(record.region.city == region["city"]?.stringValue)
        #expect(record.region.district == region["district"]?.stringValue)
        let kinds = truth["documentKinds"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(record.parts.map(\.kind.rawValue).filter { $0 != "other" } == kinds)
        let aliases = truth["unit"]?["aliases"]?.arrayValue ?? []
        for alias in aliases.compactMap({ $0["text"]?.stringValue })
        where !["我会", "本会"].contains(alias) {
            #expect(record.unit.aliases.contains(alias))
        }
    }

    @Test("problems and improvements agree with what was read by hand", arguments: keys)
    func lists(_ name: String, _ key: String) throws {
        let record = try Self.record(name)
        let truth = try #require(try Self.truth()[name])
        #expect(record.problems.map(\.text) == Self.items(truth["problems"]))
        #expect(record.improvements.map(\.text) == Self.items(truth["improvements"]))
    }

    /// The truth keeps numbers in front of items and writes 无 for none; the schema drops both.
    private static func items(_ json: JSONValue?) -> [String] {
        let texts = json?.arrayValue?.compactMap { $0["text"]?.stringValue } ?? []
        return texts.filter { $0 != "无" }.map { text in
            guard let first = text.unicodeScalars.first, first == "（" || first.value < 0x3A else {
                return text
            }
            let mark = text.firstIndex { $0 == "." || $0 == "）" } ?? text.startIndex
            return String(text[text.index(after: mark)...].drop { $0 == " " })
        }
    }
}

import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("Facts of a record")
struct RecordFactsTests {
    private func foreign(_ bytes: [UInt8]) -> RecordFacts? {
        RecordFacts(
            foreignRecordBytes: bytes,
            outline: RecordOutline.read(canonical: bytes)?.outline
        )
    }

    @Test("facts are the same whether a record is read member by member or as a tree")
    func sameFacts() throws {
        var record = try Samples.filing(files: ["甲", "乙"], names: ["一.txt", "二\".txt"]).record
        record.given = ["overridden": ["year": 2022]]
        record.title = "标题\n二"
        let place = Place(source: 0, block: 1, start: 0, end: 2, quote: "12")
        record.amounts = [
            Amount(
                label: "预算",
                role: "budget",
                value: "12",
                unit: "万元",
                yuan: "120000",
                approximate: false,
                part: 0,
                place: place
            )
        ]
        let bytes = record.canonicalBytes
        // A member that is not known makes the reader give up.
        let later = bytes.dropLast() + Array(",\"zeal\":1}".utf8)
        #expect(Record(canonical: Array(later)) == nil)
        let known = try #require(RecordFacts(recordBytes: bytes))
        let foreign = try #require(self.foreign(bytes))
        let tree = try #require(RecordFacts(recordBytes: Array(later)))
        let foreignTree = try #require(self.foreign(Array(later)))
        for facts in [known, foreign, foreignTree] {
            #expect(String(describing: facts) == String(describing: tree))
        }
        #expect(known.sourceNames == ["一.txt", "二\".txt"])
        #expect(known.isForced)
        #expect(self.foreign(bytes + [0x20]) == nil)
        #expect(RecordFacts(recordBytes: bytes + [0x20]) != nil)
    }
}

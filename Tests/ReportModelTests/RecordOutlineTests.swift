import ReportModel
import Testing

@testable import ReportModel

/// The outline of a record against the whole record.
@Suite("Outlines of records")
struct RecordOutlineTests {
    /// What facts are taken from.
    private func facts(_ record: Record) -> [String] {
        [
            "\(record.key ?? "-") \(record.kind) \(record.title ?? "-") \(record.year ?? 0)",
            "\(record.score ?? "-") \(record.grade ?? "-") \(record.executionRate ?? "-")",
            "\(record.unit.name ?? "-") \(record.region)",
            JSONValue.object(record.given).canonicalText,
            "\(record.parts.map(\.kind)) \(record.findings.map(\.severity))",
            "\(record.sources.map { [$0.name, $0.sha256] })",
            "\(record.indicators.count) \(record.problems.count)",
        ]
    }

    @Test("the facts of an outline are those of the record")
    func facts() throws {
        for seed in 0..<300 {
            var maker = RecordMaker(seed: UInt64(seed))
            let record = maker.record()
            let bytes = record.canonicalBytes
            let outline = try #require(RecordOutline(canonical: bytes), "seed \(seed)")
            #expect(facts(outline.record) == facts(record))
            #expect(RecordNumbers(outline.record) == RecordNumbers(record), "seed \(seed)")
            let place = record.canonicalForm.sources
            #expect(outline.sources == place)
            let body = Body(kind: .record, bytes: bytes)
            #expect(body.reference(ofRecordWithSourcesAt: outline.sources) == body.reference)
        }
    }

    @Test("of changed bytes those are records whose outline can be read, and no others")
    func changed() {
        let tokens: [[UInt8]] = [
            [0xC0, 0x80], [0xE4, 0xB8], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
            [0x80], [0x01], [0x5C], [0x22], Array("\\n".utf8), Array("\\u0041".utf8),
            Array("\\u001f".utf8), Array("\\u000a".utf8), Array("中".utf8), Array("😀".utf8),
            [0xE0, 0x9F, 0xBF], [0xEF, 0xBC, 0x91],
        ]
        var accepted = 0
        var refused = 0
        for seed in 0..<300 {
            var maker = RecordMaker(seed: UInt64(seed))
            let whole = maker.record().canonicalBytes
            for _ in 0..<30 {
                var bytes = whole
                let offset = maker.number(0..<bytes.count)
                switch maker.number(0..<4) {
                case 0: bytes[offset] = UInt8(truncatingIfNeeded: maker.next())
                case 1: bytes.remove(at: offset)
                default:
                    bytes.insert(
                        contentsOf: tokens[maker.number(0..<tokens.count)],
                        at: offset
                    )
                }
                let record = Record(canonical: bytes)
                let outline = RecordOutline(canonical: bytes)
                let isAgreed = (record == nil) == (outline == nil)
                #expect(isAgreed, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
                guard let record, let outline else {
                    refused += 1
                    continue
                }
                accepted += 1
                let numbers = RecordNumbers(record)
                #expect(RecordNumbers(outline.record) == numbers, "seed \(seed)")
                #expect(facts(outline.record) == facts(record))
            }
        }
        #expect(accepted > 500)
        #expect(refused > 500)
    }

    @Test("a quotation is a bare number in the outline when it is one in the record")
    func quotations() throws {
        let quotes = [
            "12", "１２．５", "１２，３４５％", "12.5%", "-3", "", " ", "12万元", "共12", "\"12", "１2", "１２万",
            "１２\n", "〇", "Ａ", "ﾁ", "１２～",
        ]
        for quote in quotes {
            var record = Record(parser: "p", rules: "r")
            let place = Place(source: 0, block: 1, start: 0, end: 2, quote: quote)
            let prose = Place(source: 0, block: 2, start: 0, end: 2, quote: "预算 3 万元")
            for (place, value) in [(prose, "3"), (place, "12")] {
                record.amounts.append(
                    Amount(
                        label: "预算",
                        role: "budget",
                        value: value,
                        unit: "元",
                        yuan: value,
                        approximate: false,
                        part: 0,
                        place: place
                    )
                )
            }
            let outline = try #require(RecordOutline(canonical: record.canonicalBytes))
            let numbers = RecordNumbers(record)
            #expect(RecordNumbers(outline.record) == numbers, "\(quote)")
        }
    }

    @Test("bytes are UTF-8 when a text of them needs no repair")
    func validity() {
        var maker = RecordMaker(seed: 5)
        let pieces: [[UInt8]] = [
            Array("abcdefgh".utf8), Array("中文的字".utf8), Array("é".utf8), Array("😀".utf8), [0x80],
            [0xC1, 0xBF], [0xC2], [0xE0, 0xA0, 0x80], [0xE0, 0x9F, 0x80], [0xED, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80],
            [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xE4, 0xB8],
        ]
        var valid = 0
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<maker.number(1..<6) { bytes += pieces[maker.number(0..<pieces.count)] }
            if maker.number(0..<4) == 0 { bytes.removeLast() }
            let isText = Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes
            let isValid = bytes.withUnsafeBufferPointer { UTF8Check.isValid($0) }
            if isText { valid += 1 }
            #expect(isValid == isText, "\(bytes)")
        }
        #expect(valid > 100)
    }
}

import ReportModel
import Testing

@testable import ReportModel

/// The outline of a record against the whole record.
@Suite("Outlines of records")
struct RecordOutlineTests {
    /// What facts are taken from.
    private func facts(_ outline: RecordOutline) -> [String] {
        let record = outline.record
        return [
            "\(record.key ?? "-") \(record.kind) \(record.title ?? "-") \(record.year ?? 0)",
            "\(record.score ?? "-") \(record.grade ?? "-") \(record.executionRate ?? "-")",
            "\(record.unit.name ?? "-") \(record.region)",
            JSONValue.object(record.given).canonicalText,
            "\(record.parts.map(\.kind)) \(record.findings.map(\.severity))",
            "\(record.sources.map { [$0.name, $0.sha256] })",
            "\(outline.indicatorCount) \(outline.problemCount)",
        ]
    }

    @Test("the facts of an outline are those of the record")
    func facts() throws {
        for seed in 0..<300 {
            var maker = RecordMaker(seed: UInt64(seed))
            let record = maker.record()
            let bytes = record.canonicalBytes
            let read = try #require(RecordOutline.read(canonical: bytes), "seed \(seed)")
            #expect(facts(read.outline) == facts(RecordOutline(record)))
            #expect(RecordNumbers(read.outline) == RecordNumbers(record), "seed \(seed)")
            let place = record.canonicalForm.sources
            #expect(read.sources == place)
            let body = Body(kind: .record, bytes: bytes)
            #expect(body.reference(ofRecordWithSourcesAt: read.sources) == body.reference)
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
                let outline = RecordOutline.read(canonical: bytes)?.outline
                let isAgreed = (record == nil) == (outline == nil)
                #expect(isAgreed, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
                guard let record, let outline else {
                    refused += 1
                    continue
                }
                accepted += 1
                let numbers = RecordNumbers(record)
                #expect(RecordNumbers(outline) == numbers, "seed \(seed)")
                #expect(facts(outline) == facts(RecordOutline(record)))
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
            let read = try #require(RecordOutline.read(canonical: record.canonicalBytes))
            let numbers = RecordNumbers(record)
            #expect(RecordNumbers(read.outline) == numbers, "\(quote)")
        }
    }

    @Test("an outline counts lists of which the facts ask no more, and keeps none of them")
    func countedLists() throws {
        var kept = 0
        for seed in 0..<100 {
            var maker = RecordMaker(seed: UInt64(seed))
            let record = maker.record()
            let read = try #require(RecordOutline.read(canonical: record.canonicalBytes))
            let outline = read.outline
            #expect(outline.indicatorCount == record.indicators.count)
            #expect(outline.problemCount == record.problems.count)
            let left = outline.record
            #expect(left.indicators.isEmpty && left.problems.isEmpty && left.sections.isEmpty)
            #expect(left.counts.isEmpty && left.executionLines.isEmpty && left.projects.isEmpty)
            #expect(left.improvements.isEmpty && left.remarks.isEmpty && left.scores.isEmpty)
            #expect(left.unread.isEmpty)
            kept += record.indicators.count + record.problems.count + record.sections.count
        }
        #expect(kept > 100)
    }

    @Test("what stands before the end of a string is UTF-8 when a text of it needs no repair")
    func validity() {
        var maker = RecordMaker(seed: 5)
        let pieces: [[UInt8]] = [
            Array("abcdefgh".utf8), Array("中文的字".utf8), Array("é".utf8), Array("😀".utf8), [0x80],
            [0xC1, 0xBF], [0xC2], [0xE0, 0xA0, 0x80], [0xE0, 0x9F, 0x80], [0xED, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80],
            [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xE4, 0xB8], [0x22], [0x5C], [0x1F], Array("，a\"".utf8),
            Array("中中中中\\".utf8),
        ]
        var valid = 0
        var ended = 0
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<maker.number(1..<6) { bytes += pieces[maker.number(0..<pieces.count)] }
            if maker.number(0..<4) == 0 { bytes.removeLast() }
            let end = bytes.firstIndex { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C } ?? bytes.count
            let plain = Array(bytes[..<end])
            let isText = Array(String(decoding: plain, as: UTF8.self).utf8) == plain
            let found = bytes.withUnsafeBufferPointer { bytes in
                (UTF8Check.plainEnd(in: bytes, from: 0), JSONText.plainEnd(in: bytes, from: 0))
            }
            if isText { valid += 1 }
            if end < bytes.count { ended += 1 }
            #expect(found.0 == (isText ? end : nil), "\(bytes)")
            #expect(found.1 == end, "\(bytes)")
        }
        #expect(valid > 100)
        #expect(ended > 100)
    }
}

import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("Layout of chunks")
struct ChunkLayoutTests {
    @Test("chunks of every size hold all bytes and stay below the limits")
    func sums() {
        for byteCount in Array(0...20_000) + stride(from: 20_001, to: 1 << 20, by: 997) {
            let counts = ChunkLayout.byteCounts(of: byteCount)
            let smallest = counts.min() ?? 0
            #expect(counts.reduce(0, +) == byteCount)
            #expect(byteCount == 0 ? counts == [0] : smallest > 0)
            #expect(counts.allSatisfy { $0 <= StoreLimits.chunkByteCount })
        }
    }

    @Test("a record of any size up to some pages leaves little room unused in pages of its own")
    func waste() {
        for byteCount in 4096...100_000 {
            var unused = 0
            var shared = 0
            for (index, count) in ChunkLayout.byteCounts(of: byteCount).enumerated() {
                let stored = count + 8 + (index == 0 ? BodyRows.Head.byteCount : 0)
                if stored <= ChunkLayout.sharedByteCount {
                    shared += 1
                } else {
                    unused += (4096 - (stored + 16) % 4096) % 4096
                }
            }
            #expect(unused <= 256)
            #expect(shared <= 2)
        }
    }

    @Test("records of every length are got as they were appended, and lent in pieces")
    func roundTrip() async throws {
        try await withStore { store in
            for length in stride(from: 0, to: 20_000, by: 611) {
                let key = "2023/湛江市/麻章区/单位\(length)/整体支出"
                var filing = try Samples.filing(key)
                filing.record.title = String(repeating: "a", count: length)
                _ = try await store.append(filing)
                let expected = try store.text(key)
                let lent = try Array(key.utf8).withUnsafeBytes { key in
                    try store.withCurrentRecord(key: key) { record in
                        let pieces = [record.first, record.second, record.third, record.suffix]
                        return String(decoding: pieces.flatMap { Array($0) }, as: UTF8.self)
                    }
                }
                let stored = filing.record.canonicalBytes.dropLast()
                #expect(expected.utf8.starts(with: stored))
                #expect(lent == expected)
            }
        }
    }
}

import ReportModel
import Testing

@testable import ReportPostgres

@Suite("Bodies as rows")
struct PackedEntryTests {
    private let bodies: [Body?] = [
        Body(kind: .record, bytes: Array(String(repeating: "自评", count: 500).utf8)),
        nil,
        Body(kind: .people, bytes: []),
        Body(kind: .source, bytes: [UInt8](repeating: 7, count: 900_000)),
        Body(kind: .source, bytes: (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }),
        Body(kind: .source, bytes: Array("小".utf8)),
    ]

    /// What goes into the rows of an entry.
    private func pack(_ bodies: [Body?]) -> (body: [UInt8], files: [Int: [UInt8]]) {
        var files: [Int: [UInt8]] = [:]
        for (index, body) in bodies.enumerated() {
            guard let body, PackedEntry.isFile(body) else { continue }
            files[index] = PackedEntry.file(body, index: index).bytes
        }
        return (PackedEntry.column(bodies), files)
    }

    @Test("come back as they went, large files by themselves")
    func roundTrip() throws {
        let packed = pack(bodies)
        #expect(packed.files.keys.sorted() == [3, 4])
        let back = try PackedEntry.unpack(packed.body, count: 6, files: packed.files)
        #expect(back == bodies)
    }

    @Test("lose what was erased, and nothing else")
    func reduced() throws {
        let packed = pack(bodies)
        let reduced = try PackedEntry.reduced(packed.body, dropping: [0, 3], count: 6)
        let back = try PackedEntry.unpack(reduced, count: 6, files: packed.files)
        #expect(back == [nil, nil, bodies[2], nil, bodies[4], bodies[5]])
        let again = try PackedEntry.reduced(reduced, dropping: [0, 3], count: 6)
        #expect(try PackedEntry.unpack(again, count: 6, files: packed.files) == back)
    }

    @Test("a file whose pieces are gone is damage: an erasure says absent in the same transaction")
    func withoutPieces() throws {
        let packed = pack(bodies)
        let error = #expect(throws: ReportError.self) {
            try PackedEntry.unpack(packed.body, count: 6, files: [:])
        }
        #expect(error?.code == .integrity)
    }

    @Test("damaged rows are refused and never trap", arguments: 0..<60)
    func damaged(place: Int) {
        let packed = pack([bodies[0], bodies[5]])
        var bytes = packed.body
        #expect(!bytes.isEmpty)
        let cut = Array(bytes.prefix(place * bytes.count / 60))
        #expect(throws: ReportError.self) { try PackedEntry.unpack(cut, count: 2, files: [:]) }
        bytes[place % bytes.count] ^= 0x55
        // A flipped bit may hit a salt or the text itself, which their hashes tell: nothing traps.
        let back = try? PackedEntry.unpack(bytes, count: 2, files: [:])
        #expect(back?.count ?? 2 == 2)
    }
}

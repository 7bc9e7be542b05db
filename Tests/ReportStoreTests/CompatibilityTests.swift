import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// What docs/compatibility.md promises to offices that are updated at different times.
@Suite("Entries of later programs")
struct CompatibilityTests {
    /// A record as a later program of schema 1 may write it: with members that this one does not know.
    private func later(_ filing: Filing) throws -> [UInt8] {
        var members = try #require(filing.record.json.objectValue)
        members["aLaterMember"] = ["of": "a later program", "numbers": .array([1, 2])]
        members["zzz"] = .null
        var parts = try #require(members["parts"]?.arrayValue)
        var first = try #require(parts.first?.objectValue)
        first["later"] = "inside a part"
        parts[0] = .object(first)
        members["parts"] = .array(parts)
        return JSONValue.object(members).canonicalBytes
    }

    @Test("a record with unknown members is kept, answered and passed on byte for byte")
    func unknownMembers() async throws {
        var log = try ForgedLog("新版本节点")
        let filing = try Samples.filing()
        let bytes = try later(filing)
        log.add(filing, bodies: [Body(kind: .record, bytes: bytes)])
        let fixture = try StoreFixture()
        _ = try await fixture.store.accept(log.batch(), descriptor: log.descriptor)
        let lookup = try Lookup(parsing: Samples.key)
        let kept = try await fixture.store.get(lookup, body: .record, at: .now)
        #expect(contains(kept.bytes, bytes.dropLast()))
        let row = try #require(try await fixture.store.list(ListFilter(), at: .now).rows.first)
        #expect(row.score == "96.50")

        let third = try StoreFixture()
        try await replicate(log.descriptor.id, from: fixture.store, to: third.store)
        let passed = try await third.store.get(lookup, body: .record, at: .now)
        #expect(contains(passed.bytes, bytes.dropLast()))
        #expect(try third.store.verifyNow().isSound)
        third.close()
        fixture.close()
    }

    @Test("an entry of an unknown kind is kept, verified and passed on")
    func unknownKind() async throws {
        var log = try ForgedLog("新版本节点")
        log.add(try Samples.filing())
        let hash = log.add(kind: EntryKind(rawValue: 200)) { $0.number = 0 }
        let fixture = try StoreFixture()
        _ = try await fixture.store.accept(log.batch(), descriptor: log.descriptor)
        let third = try StoreFixture()
        try await replicate(log.descriptor.id, from: fixture.store, to: third.store, count: 1)
        let held = try await third.store.entryHash(log: log.descriptor.id, sequence: 2)
        #expect(held == hash)
        #expect(try third.store.verifyNow().isSound)
        #expect(try await third.store.status().versionCount == 1)
        third.close()
        fixture.close()
    }

    private func contains(_ whole: [UInt8], _ part: ArraySlice<UInt8>) -> Bool {
        String(decoding: whole, as: UTF8.self).contains(String(decoding: part, as: UTF8.self))
    }
}

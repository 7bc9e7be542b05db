import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Erasing by law")
struct ErasureTests {
    private func lookup(_ text: String = Samples.key) throws -> Lookup { try Lookup(parsing: text) }

    private func erase(
        _ store: Store,
        _ text: String = Samples.key,
        parts: Set<EraseCommand.Part> = EraseCommand.Part.usual,
        isRehearsal: Bool = false
    ) async throws -> JSONValue {
        let command = try EraseCommand(
            try lookup(text),
            parts: parts,
            reason: "当事人要求",
            authority: "个人信息保护法第四十七条",
            by: "档案科",
            isRehearsal: isRehearsal
        )
        return try await store.erase(command)
    }

    @Test("readers of what was erased are told who did it, by which law and when")
    func told() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"], people: ["王某"]))
            let rehearsal = try await erase(store, isRehearsal: true)
            #expect(rehearsal["entry"] == .null)
            #expect(try store.number(Samples.key) == 1)
            _ = try await erase(store)
            let error = await failure { _ = try store.text(Samples.key) }
            #expect(error.code == .erased)
            #expect(error.message.contains("+08:00: 个人信息保护法第四十七条"), "\(error)")
            #expect(error.details["authority"] == "个人信息保护法第四十七条")
            #expect(error.details["erasedBy"] == "档案科")
            for body in [BodySelector.people, .source(0)] {
                await expectFailure(.erased) { _ = try store.getNow(try lookup(), body: body) }
            }
            let row = try await store.list(ListFilter(), at: .now).rows[0]
            #expect(row.isWithheld)
            #expect(row.unit == nil && row.title == nil && row.score == nil)
            #expect(row.version.key == Samples.key)
            let kinds = try await store.history(try lookup()).map(\.kind)
            #expect(kinds == [.submit, .erase])
            await expectFailure(.conflict) { _ = try await erase(store) }
            let audit = try await store.audit(AuditQuery())
            #expect(audit["items"]?.arrayValue?.map { $0["kind"] } == ["erase"])
            #expect(try await store.verify { _, _ in }.absentBodyCount == 3)
        }
    }

    @Test("names alone are erased, in every reading, and the record stays")
    func peopleOnly() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"], people: ["王某"]))
            _ = try await erase(store, parts: [.people])
            #expect(try store.text(Samples.key).contains("96.50"))
            await expectFailure(.erased) {
                _ = try store.getNow(try lookup(), body: .people)
            }
            _ = try await erase(store)
            await expectFailure(.erased) { _ = try store.text(Samples.key) }
        }
    }

    @Test("a file that a later version shares stays for it, until that is erased as well")
    func shared() async throws {
        try await withStore { store in
            let file = String(repeating: "麻章区总工会", count: 100)
            let first = try await store.append(try Samples.filing(files: [file])).version
            var filing = try Samples.filing(files: [file, "乙"])
            filing.sources[0] = .held(entry: first.hash, body: 1)
            _ = try await store.append(filing)
            let answer = try await erase(store, Samples.key + "@1")
            #expect(answer["sharedWith"]?.arrayValue?.count == 1)
            let source = try store.getNow(try lookup(), body: .source(0))
            #expect(source.bytes == Array(file.utf8))
            await expectFailure(.erased) {
                _ = try store.getNow(try lookup(Samples.key + "@1"), body: .source(0))
            }
            #expect(try await store.verify { _, _ in }.isSound)
            _ = try await erase(store)
            await expectFailure(.erased) {
                _ = try store.getNow(try lookup(), body: .source(0))
            }
        }
    }

    @Test("a moved version keeps its file when the old key is erased")
    func sharedAcrossKeys() async throws {
        try await withStore { store in
            let file = String(repeating: "麻章区总工会", count: 100)
            _ = try await store.append(try Samples.filing(files: [file]))
            let key = try ReportKey(parsing: "2023/湛江市/麻章区/财政局/整体支出")
            _ = try await store.rekey(try RekeyCommand(try lookup(), to: key, reason: "错"))
            _ = try await erase(store)
            let source = try store.getNow(Lookup(key), body: .source(0))
            #expect(source.bytes == Array(file.utf8))
            _ = try await erase(store, key.text)
            await expectFailure(.erased) { _ = try store.getNow(Lookup(key), body: .source(0)) }
        }
    }

    @Test("a holder drops the bodies whether the erasure comes before or after them")
    func everyHolder() async throws {
        let clock = TestClock()
        try await withStore(name: "县", clock: clock) { county in
            try await withStore(name: "市", clock: clock) { city in
                try await withStore(name: "省", clock: clock) { province in
                    _ = try await county.append(try Samples.filing(files: ["甲"], people: ["王某"]))
                    let log = try await county.ownLog()
                    try await replicate(from: county, to: city)
                    _ = try await erase(city)
                    // The province has the erasure first, then the county's log with all bodies.
                    try await replicate(try await city.ownLog(), from: city, to: province)
                    try await replicate(log, from: county, to: province)
                    try await replicate(from: city, to: county)
                    await expectFailure(.erased) { _ = try county.text(Samples.key) }
                    await expectFailure(.erased) { _ = try province.text(Samples.key) }
                    let county = try await erasedAnswers(county)
                    #expect(try await erasedAnswers(city) == county)
                    #expect(try await erasedAnswers(province) == county)
                }
            }
        }
    }

    private func erasedAnswers(_ store: Store) async throws -> String {
        let error = await failure { _ = try store.text(Samples.key) }
        let list = try await store.list(ListFilter(), at: .now).json.canonicalText
        let history = try await store.history(try lookup()).map(\.json.canonicalText)
        let audit = try await store.audit(AuditQuery()).canonicalText
        return ([error.json.canonicalText, list, audit] + history).joined(separator: "\n")
    }

    @Test("what was erased is sent to nobody, and the chain holds without it")
    func notSent() async throws {
        try await withStore(name: "县") { county in
            _ = try await county.append(try Samples.filing(files: ["甲"]))
            _ = try await erase(county)
            let (batch, _) = try await ownBatch(county)
            #expect(batch.entries[0].bodies == [nil, nil])
            try await withStore(name: "市") { city in
                try await replicate(from: county, to: city)
                #expect(try await erasedAnswers(city) == erasedAnswers(county))
            }
        }
    }

    @Test("the bytes of what was erased stand nowhere in the file any more")
    func overwritten() async throws {
        try await withFixture { fixture in
            let store = fixture.store
            let text = "机密" + String(repeating: "金口河区林业局", count: 40)
            let long = (0..<30_000).map { "第\($0)段\(text.count)" }.joined()
            for unit in ["总工会", "财政局"] {
                let key = "2023/湛江市/麻章区/\(unit)/整体支出"
                _ = try await store.append(
                    try Samples.filing(key, files: [text + unit, long], people: ["欧阳某某"])
                )
            }
            let needles = ["欧阳某某", "麻章区总工会", "第29999段", "总工会.绝密"]
            #expect(try Self.holds(fixture.directory, "麻章区总工会"))
            let answer = try await erase(store, Samples.key)
            #expect(answer["overwritten"] == true)
            _ = try await erase(store, "2023/湛江市/麻章区/财政局/整体支出")
            for needle in needles {
                #expect(try !Self.holds(fixture.directory, needle), "\(needle)")
            }
        }
    }

    @Test("words about a version are erased too: comments, reasons and notes; statuses stay")
    func words() async throws {
        try await withFixture { fixture in
            let store = fixture.store
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            let returned = try ReviewCommand([try lookup()], .returned, comment: "见张某电话", by: "李审")
            _ = try await store.review(returned)
            let note = try Note(fingerprint: "0123456789abcdef", text: "张某说明", author: "张某")
            _ = try await store.append(note, about: try lookup())
            let kept = try await erase(store, parts: [.people], isRehearsal: true)["kept"]
            let ids = (kept?.arrayValue ?? []).compactMap {
                $0.stringValue?.split(separator: "-").first
            }
            #expect(ids == ["review", "note"])
            #expect(try Self.holds(fixture.directory, "见张某电话"))
            let answer = try await erase(store, parts: [.notes])
            #expect(answer["overwritten"] == true && answer["kept"] == [])
            for needle in ["见张某电话", "张某说明", "李审"] {
                #expect(try !Self.holds(fixture.directory, needle), "\(needle)")
            }
            let version = try await store.get(try lookup(), body: .record, at: .now).version
            #expect(version.status == .returned && version.comment == nil)
            let history = try await store.history(try lookup())
            #expect(history.map(\.kind) == [.submit, .review, .note, .erase])
            #expect(history[1].detail == nil && history[2].detail == nil)
            await expectFailure(.conflict) { _ = try await erase(store, parts: [.notes]) }
            #expect(try await store.verify { _, _ in }.isSound)
        }
    }

    @Test("an office that may not review drops its own words; those of the office above stay")
    func ownWords() async throws {
        try await withStore(name: "县") { county in
            try await withStore(name: "市") { city in
                _ = try await county.append(try Samples.filing(files: ["甲"]))
                let note = try Note(fingerprint: "0123456789abcdef", text: "张某说明", author: "张某")
                _ = try await county.append(note, about: try lookup())
                try await replicate(from: county, to: city)
                _ = try await city.review(
                    try ReviewCommand([try lookup()], .returned, comment: "补充依据", by: "李审")
                )
                try await replicate(from: city, to: county)
                try await county.setMayReview(false)
                let answer = try await erase(county, parts: [.notes])
                #expect(answer["kept"]?.arrayValue?.count == 1)
                let version = try await county.get(try lookup(), body: .record, at: .now).version
                #expect(version.comment == "补充依据")
                let notes = try await county.history(try lookup()).filter { $0.kind == .note }
                #expect(notes.map { $0.detail == nil } == [true])
                await expectFailure(.notAllowed) { _ = try await erase(county, parts: [.notes]) }
            }
        }
    }

    @Test("of what was erased a proof cannot say whether a file was it, and does not accuse it")
    func proofAfterwards() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲", "第二份文件"]))
            _ = try await erase(store, parts: [.sources])
            var check = ProofCheck(try await store.prove(try lookup(), since: nil))
            #expect(check.isSound)
            check.check(file: Array("甲".utf8), name: "genuine")
            check.check(file: Array("别的长度".utf8), name: "other")
            #expect(
                check.steps.suffix(2).map(\.subject) == [
                    .uncomparable(name: "genuine"), .file(name: "other", body: nil),
                ]
            )
        }
    }

    /// Whether the data file holds the bytes of a text.
    private static func holds(_ directory: String, _ text: String) throws -> Bool {
        let file = try #require(fopen(directory + "/data.mdb", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        let needle = Array(text.utf8)
        return bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            var offset = 0
            while offset + needle.count <= count,
                let hit = memchr(base + offset, Int32(needle[0]), count - offset)
            {
                offset = UnsafeRawPointer(hit) - base
                if offset + needle.count <= count, memcmp(hit, needle, needle.count) == 0 {
                    return true
                }
                offset += 1
            }
            return false
        }
    }

    @Test("an erasure that names an entry of another key drops nothing")
    func otherKey() async throws {
        try await withStore { store in
            let held = try await store.append(try Samples.filing(files: ["甲"])).version
            var log = try ForgedLog()
            let named = Entry.erasing([ErasedSubject(entry: held.hash, selection: .all)])
            log.add(kind: .erase) { entry in
                entry.keyHash = Entry.keyHash(of: "2023/别市/别局/整体支出")
                entry.subjects = named.subjects
                entry.trailer = named.trailer
            }
            _ = try await store.accept(log.batch(), descriptor: log.descriptor)
            #expect(try store.number(Samples.key) == 1)
            #expect(try store.getNow(try lookup(), body: .source(0)).bytes == Array("甲".utf8))
        }
    }
}

import ReportArchives
import ReportExport
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite struct EvidenceTests {
    private func archive(
        _ store: Store,
        _ lookup: String = Samples.key,
        people: Bool = false
    ) async throws -> (files: [String: [UInt8]], summary: EvidenceArchive.Summary) {
        let folder = TemporaryFolder()
        let path = folder.path("证据.zip")
        let evidence = EvidenceArchive(store, people: people)
        let summary = try await evidence.write(try Lookup(parsing: lookup), to: path)
        return (try members(of: path), summary)
    }

    @Test("the archive has every version, every file, every entry and what was said")
    func complete() async throws {
        try await withStore { store in
            try await fill(store)
            let (files, summary) = try await archive(store)
            #expect(summary.versionCount == 2)
            #expect(summary.fileCount == 3)
            #expect(files.keys.count { $0.hasSuffix("/record.json") } == 2)
            #expect(files.keys.count { $0.hasPrefix("entries/") } == 3)
            #expect(files.keys.count { $0.hasPrefix("logs/") } == 1)
            #expect(files.keys.count { $0.hasPrefix("details/") } == 1)
            #expect(files.keys.count { $0.hasPrefix("proofs/") } == 2)
            let source = files.first { $0.key.hasSuffix("sources/0-报告.txt") }
            #expect(source?.value == Array("第一版".utf8))
            let text = String(decoding: try #require(files["说明.txt"]), as: UTF8.self)
            #expect(text.contains(Samples.key) && text.contains("如何核对"))
            // Judgements and notes have no proof of their own.
            #expect(text.contains("每个版本的登记确在") && !text.contains("每条登记确在"))
            let notes = String(decoding: try #require(files["notes.json"]), as: UTF8.self)
            #expect(notes.contains("加分项目不计入总分"))
        }
    }

    @Test("people are in it only when they were asked for")
    func people() async throws {
        try await withStore { store in
            try await fill(store)
            let (without, _) = try await archive(store)
            #expect(!without.keys.contains { $0.hasSuffix("people.json") })
            for bytes in without.values {
                #expect(!String(decoding: bytes, as: UTF8.self).contains("王某"))
            }
            let (with, _) = try await archive(store, people: true)
            let people = with.first { $0.key.hasSuffix("people.json") }
            #expect(
                people.map { String(decoding: $0.value, as: UTF8.self) }?.contains("王某") == true
            )
        }
    }

    @Test("the hashes of every entry can be checked from the archive alone")
    func verifiable() async throws {
        try await withStore { store in
            try await fill(store)
            let (files, _) = try await archive(store, people: true)
            for (name, bytes) in files where name.hasPrefix("entries/") {
                let json = try JSONValue(parsing: bytes)
                let header = try #require(HexText.bytes(json["header"]?.stringValue ?? ""))
                #expect(Hash256(hashing: header).hex == json["hash"]?.stringValue)
                for (index, body) in (json["bodies"]?.arrayValue ?? []).enumerated() {
                    let content = try #require(files[body["file"]?.stringValue ?? ""])
                    let salt = try #require(Hash256(hex: body["salt"]?.stringValue ?? ""))
                    let reference = try #require(Entry(header)).bodies[index]
                    let made = Body(kind: reference.kind, salt: salt, bytes: content)
                    #expect(made.reference == reference)
                    #expect(body["hash"]?.stringValue == reference.hash.hex)
                }
            }
            let log = try #require(files.first { $0.key.hasPrefix("logs/") }).value
            let json = try JSONValue(parsing: log)
            let head = SignedHead(HexText.bytes(json["head"]?.stringValue ?? "") ?? [])
            let descriptor = LogDescriptor(
                HexText.bytes(json["descriptor"]?.stringValue ?? "") ?? []
            )
            #expect(try #require(head).isAuthentic(for: try #require(descriptor)))
        }
    }

    @Test("a key that is not there gives not-found and no file")
    func missing() async throws {
        try await withStore { store in
            await expectFailure(.notFound) { _ = try await archive(store, "1999/麻章区") }
        }
    }

    @Test("names of source files cannot leave the archive's folder")
    func hostileNames() async throws {
        try await withStore { store in
            _ = try await store.append(
                try Samples.filing(
                    files: ["甲", "乙"],
                    names: ["../../etc/passwd", "a\u{0}\\b:c?.txt"]
                )
            )
            let (files, _) = try await archive(store)
            #expect(files.keys.contains { $0.hasSuffix("/sources/0-.._.._etc_passwd") })
            #expect(files.keys.contains { $0.hasSuffix("/sources/1-a__b_c_.txt") })
        }
    }
}

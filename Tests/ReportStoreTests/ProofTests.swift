import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Proofs")
struct ProofTests {
    private let key = Samples.key

    /// Appends a record, then others, sends all to a city and keeps the city's acknowledgements.
    private func withCity(
        after others: Int,
        acknowledgeAt sequences: Set<UInt64> = [],
        _ body: (_ county: Store, _ city: Store) async throws -> Void
    ) async throws {
        try await withStore(name: "县") { county in
            try await withStore(name: "市") { city in
                _ = try await county.append(try Samples.filing(files: ["一", "二"], people: ["王某"]))
                for number in 0..<others {
                    let key = "2023/湛江市/麻章区/单位\(number)/整体支出"
                    _ = try await county.append(try Samples.filing(key, files: ["\(number)"]))
                }
                try await replicate(from: county, to: city)
                let log = try await county.ownLog()
                for sequence in sequences.sorted() {
                    let hash = try #require(try await city.entryHash(log: log, sequence: sequence))
                    let position = LogPosition(log: log, sequence: sequence, hash: hash)
                    try await county.keep(city.acknowledge(position))
                }
                try await body(county, city)
            }
        }
    }

    private func prove(_ store: Store, since: ProofSince? = nil) async throws -> Proof {
        try await store.prove(try Lookup(parsing: "2023/麻章区/总工会"), since: since)
    }

    @Test("a proof survives its file, is sound, and names record and owner")
    func roundTrip() async throws {
        try await withCity(after: 6) { county, _ in
            let proof = try await prove(county)
            let read = try Proof(fileBytes: proof.fileBytes)
            #expect(read == proof)
            #expect(read.key == key)
            let check = ProofCheck(read)
            #expect(check.isSound)
            #expect(check.steps.count == 3)
            #expect(read.fileName == "2023_湛江市_麻章区_总工会_整体支出@1.proof.json")
            #expect(proof.fileBytes.count < 4000)
        }
    }

    @Test("a change of any byte of any member is found, or leaves no proof")
    func tampered() async throws {
        try await withCity(after: 6, acknowledgeAt: [4]) { county, _ in
            let proof = try await prove(county, since: .size(3))
            let file = proof.fileBytes
            #expect(ProofCheck(proof).isSound)
            let salts = proof.salts.compactMap { $0?.hex }
            for index in file.indices.dropLast() {
                var changed = file
                changed[index] = changed[index] == 0x31 ? 0x32 : 0x31
                guard let read = try? Proof(fileBytes: changed) else { continue }
                // A salt is proven only beside its file; names of bodies stand in the header as well.
                guard read.json != proof.json else { continue }
                guard Set(salts) == Set(read.salts.compactMap { $0?.hex }) else { continue }
                let isSound = ProofCheck(read).isSound
                #expect(!isSound, "byte \(index)")
            }
        }
    }

    @Test("source files and the record are shown to be those of the entry, people are not")
    func files() async throws {
        try await withCity(after: 1) { county, _ in
            var check = ProofCheck(try await prove(county))
            check.check(file: Array("一".utf8), name: "a")
            check.check(file: Array("二".utf8), name: "b")
            let lookup = try Lookup(parsing: key)
            let record = try await county.get(lookup, body: .record, at: .now).bytes
            check.check(file: record, name: "r")
            #expect(check.isSound)
            let people = try await county.get(lookup, body: .people, at: .now).bytes
            check.check(file: people, name: "p")
            check.check(file: Array("三".utf8), name: "c")
            let found = check.steps.compactMap { step -> String? in
                guard case .file(let name, let body) = step.subject else { return nil }
                return name + ":" + (body ?? "-")
            }
            #expect(found == ["a:source 0", "b:source 1", "r:record", "c:-"])
            // Their salt is in no proof.
            #expect(check.steps.contains { $0.subject == .uncomparable(name: "p") && !$0.isTrue })
            #expect(!check.isSound)
        }
    }

    @Test(
        "the city's signature is bound by the entry itself, by the chain, or by the tree",
        arguments: [
            (UInt64(1), ProofCheck.Strength.itself), (7, .chain), (65, .chain), (70, .tree),
        ]
    )
    func acknowledged(sequence: UInt64, strength: ProofCheck.Strength) async throws {
        try await withCity(after: 75, acknowledgeAt: [sequence]) { county, city in
            let proof = try await prove(county)
            let check = ProofCheck(proof, keys: [county.node, city.node])
            #expect(check.isSound)
            let found = check.steps.compactMap { step -> ProofCheck.Strength? in
                guard case .acknowledgement(let node, let at, _, let strength) = step.subject,
                    node == city.node, at == sequence
                else { return nil }
                return strength
            }
            #expect(found == [strength])
            let stranger = ProofCheck(proof, keys: [NodeKey().id])
            #expect(!stranger.isSound)
            // Another city signs for an entry that is not in this log.
            var forged = proof
            let key = NodeKey()
            let position = LogPosition(
                log: proof.descriptor.id,
                sequence: sequence,
                hash: .random()
            )
            forged.acknowledgements[0].acknowledgement = Acknowledgement(
                position: position,
                receivedAt: .now,
                key: key
            )
            let other = ProofCheck(forged)
            #expect(!other.isSound)
        }
    }

    @Test("of several acknowledgements of a node the first that covers the entry is taken")
    func firstAcknowledgement() async throws {
        try await withCity(after: 9, acknowledgeAt: [2, 5, 10]) { county, _ in
            let last = try await county.prove(
                try Lookup(parsing: "2023/湛江市/麻章区/单位3/整体支出"),
                since: nil
            )
            let positions = last.acknowledgements.map(\.acknowledgement.position.sequence)
            #expect(positions == [5])
        }
    }

    @Test("a proof goes on from an older head, and says so when the log does not")
    func consistency() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing())
            let log = try await store.ownLog()
            let old = try #require(try await store.logState(log)?.head)
            for number in 0..<5 {
                let key = "2023/湛江市/麻章区/单位\(number)/整体支出"
                _ = try await store.append(try Samples.filing(key, files: ["\(number)"]))
            }
            let proof = try await prove(store, since: .head(old))
            #expect(proof.earlier?.head == old)
            #expect(ProofCheck(proof).isSound)
            let bySize = try await prove(store, since: .size(4))
            #expect(ProofCheck(bySize).isSound)
            await expectFailure(.usage) { _ = try await prove(store, since: .size(99)) }
            let key = try #require(store.nodeKey)
            let lie = SignedHead(
                log: log,
                size: 1,
                root: .random(),
                last: .random(),
                signedAt: .now,
                key: key
            )
            await expectFailure(.forked) { _ = try await prove(store, since: .head(lie)) }
            var wrong = proof
            wrong.earlier?.head = lie
            #expect(!ProofCheck(wrong).isSound)
        }
    }

    @Test("a proof from which something was taken, or that says two things, is refused")
    func incomplete() async throws {
        try await withCity(after: 6, acknowledgeAt: [4]) { county, _ in
            let proof = try await prove(county, since: .size(3)).json
            let members = try #require(proof.objectValue)
            /// Tells with which code a changed proof is refused; nil when it is read.
            func refused(
                _ name: String,
                _ change: (inout [String: JSONValue]) -> Void
            ) throws -> ReportError.Code? {
                var changed = members
                let isList = changed[name]?.arrayValue != nil
                let inner = isList ? changed[name]?.arrayValue?.first : changed[name]
                var object = try #require(inner?.objectValue)
                change(&object)
                let rest = (changed[name]?.arrayValue ?? []).dropFirst()
                changed[name] = isList ? .array([.object(object)] + rest) : .object(object)
                do throws(ReportError) {
                    let bytes = JSONValue.object(changed).canonicalBytes + [0x0A]
                    _ = try Proof(fileBytes: bytes)
                    return nil
                } catch {
                    return error.code
                }
            }
            #expect(try refused("bodies") { _ in } == nil)
            #expect(try refused("bodies") { $0["kind"] = "source" } == .integrity)
            #expect(try refused("bodies") { $0["kind"] = .null } == .integrity)
            #expect(try refused("bodies") { $0["kind"] = nil } == .unreadable)
            #expect(try refused("bodies") { $0["salt"] = nil } == .unreadable)
            #expect(try refused("earlier") { $0["head"] = .null } == nil)
            #expect(try refused("earlier") { $0["head"] = nil } == .unreadable)
            #expect(try refused("acknowledgements") { $0["inclusion"] = [] } == .unreadable)
            #expect(try refused("acknowledgements") { $0["chain"] = nil } == .unreadable)
        }
    }

    @Test("a proof that an editor saved is refused, a receipt that was set out in lines is not")
    func canonicalForm() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing())
            let proof = try await prove(store)
            let code = await failure { _ = try Proof(fileBytes: proof.fileBytes + [0x0A]) }.code
            #expect(code == .unreadable)
            let receipt =
                Array("{\n \"proof\": ".utf8) + proof.json.canonicalBytes + Array("\n}".utf8)
            #expect(try Proof(fileBytes: receipt) == proof)
        }
    }

    @Test("a head that names another last entry proves nothing of its last entry")
    func lastEntry() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing())
            let key = try #require(store.nodeKey)
            var proof = try await prove(store)
            #expect(proof.head.size == 1)
            proof.head = SignedHead(
                log: proof.head.log,
                size: 1,
                root: proof.head.root,
                last: .random(),
                signedAt: .now,
                key: key
            )
            #expect(!ProofCheck(proof).isSound)
        }
    }

    @Test("what is no proof is refused with a reason")
    func garbage() async {
        let texts = [
            "", "{}", "[]", #"{"format":"reportd.proof/2"}"#, #"{"format":"reportd.proof/1"}"#,
        ]
        for text in texts {
            let code = await failure { _ = try Proof(fileBytes: Array(text.utf8)) }.code
            #expect(code == .unreadable || code == .unsupported)
        }
    }

    @Test("a question for a proof survives the line protocol's arguments")
    func question() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing())
            let lookup = try Lookup(parsing: key)
            let query = StoreQuery.prove(ProveQuery(lookup, since: .size(1)))
            let read = try StoreQuery(query.verb, query.arguments)
            #expect(read == query)
            let json = try await store.answer(read)
            #expect(ProofCheck(try Proof(json: json)).isSound)
        }
    }
}

@Suite("Disk use")
struct DiskUseTests {
    @Test("bodies are counted as live and old, tables and free pages in bytes")
    func use() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"], padding: 300_000))
            _ = try await store.append(try Samples.filing(files: ["乙"], padding: 900))
            let use = try await store.diskUse()
            let record = try #require(use.kinds.first { $0.name == "record" })
            #expect(record.live.count == 1)
            #expect(record.old.count == 1)
            #expect(record.old.byteCount > 300_000)
            #expect(record.live.byteCount < 10_000)
            #expect(use.tables.count >= 21)
            let bodies = try #require(use.tables.first { $0.name == "bodies" })
            #expect(bodies.byteCount > 300_000 && !bodies.isDerived)
            #expect(use.usedByteCount > bodies.byteCount)
            #expect(use.fileByteCount >= use.usedByteCount / 2)
            #expect(use.others["node.key"] != nil)
            #expect(use.fileSystemByteCount > use.fileSystemFreeByteCount)
            let answer = try await store.answer(.diskUse(EmptyQuery()))
            #expect(answer["tables"]?.arrayValue?.count == use.tables.count)
        }
    }

    @Test("a file that a supplement took over from an older version is live")
    func alias() async throws {
        try await withStore { store in
            let first = try await store.append(try Samples.filing(files: ["甲"]))
            guard case .stored(let version) = first else { return }
            var second = try Samples.filing(files: ["甲", "乙"])
            second.sources[0] = .held(entry: version.hash, body: 1)
            _ = try await store.append(second)
            let use = try await store.diskUse()
            let source = try #require(use.kinds.first { $0.name == "source" })
            #expect(source.old == DiskUse.Amount())
        }
    }
}

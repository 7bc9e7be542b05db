import LMDB
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Mending by a peer's copy")
struct RepairTests {
    /// Changes a value of a table behind the store's back.
    private func spoil(
        _ fixture: StoreFixture,
        _ table: String,
        key: [UInt8],
        _ change: @escaping (inout [UInt8]) -> Void
    ) throws {
        try fixture.reopen {
            let environment = try Environment(path: fixture.directory)
            defer { try? environment.close() }
            let database = try environment.database(named: table)
            try environment.write { (transaction: borrowing WriteTransaction) throws in
                var value = try #require(try transaction.copyValue(key, in: database))
                change(&value)
                try transaction.put(key, value, in: database)
            }
        }
    }

    private func key(_ sequence: UInt8, body: UInt8? = nil) -> [UInt8] {
        var key: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, sequence]
        if let body { key += [0, body, 0, 0, 0, 0] }
        return key
    }

    /// Fetches what is damaged from a peer and mends it.
    private func mend(_ store: Store, by peer: Store, _ log: LogID) async throws -> LogRepair {
        let defects = try await store.defects(of: log, after: 0, limit: 1000)
        #expect(defects.isEnd)
        guard !defects.sequences.isEmpty else { return LogRepair() }
        let fetched = try await peer.entries(
            of: log,
            at: defects.sequences,
            maximumByteCount: 1 << 24
        )
        return try await store.repair(fetched)
    }

    @Test(
        "a damaged header, body, head of a body or node of the tree is whole again",
        arguments: ["header", "sequence", "body", "bodyHead", "node", "leaf"]
    )
    func damage(part: String) async throws {
        try await withFixture { fixture in
            for number in 0..<9 {
                _ = try await fixture.store.append(
                    try Samples.filing(files: ["\(number)"], people: ["王某"])
                )
            }
            let log = try await fixture.store.ownLog()
            try await withStore(name: "市") { city in
                try await replicate(from: fixture.store, to: city)
                let before = try await answers(city)
                switch part {
                case "header": try spoil(fixture, "entries", key: key(5)) { $0[60] ^= 1 }
                case "sequence": try spoil(fixture, "entries", key: key(5)) { $0[12] ^= 1 }
                case "body": try spoil(fixture, "bodies", key: key(5, body: 0)) { $0[90] ^= 1 }
                case "bodyHead": try spoil(fixture, "bodies", key: key(5, body: 0)) { $0[8] ^= 7 }
                case "node":
                    let node: [UInt8] = [0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1]
                    try spoil(fixture, "merkle", key: node) { $0[0] ^= 1 }
                default:
                    let node: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 4]
                    try spoil(fixture, "merkle", key: node) { $0[0] ^= 1 }
                }
                let store = fixture.store
                #expect(try !store.verifyNow().isSound)
                let found = try await store.defects(of: log, after: 0, limit: 1000).sequences
                // A node shows at the entry that made it, or the node above it, complete.
                #expect(found == (part == "node" ? [8] : part == "leaf" ? [5, 6] : [5]))
                let repair = try await mend(store, by: city, log)
                #expect(repair.remaining == [])
                #expect(!repair.needsReindex)
                #expect(try await answers(store) == before)
                #expect(try store.verifyNow().problems == [])
                #expect(try await mend(store, by: city, log) == LogRepair())
            }
        }
    }

    @Test("a peer's entry that was not signed for its place mends nothing")
    func lyingPeer() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        for number in 0..<5 {
            _ = try await fixture.store.append(try Samples.filing(files: ["\(number)"]))
        }
        let log = try await fixture.store.ownLog()
        let whole = try await fixture.store.entries(of: log, at: [3, 4], maximumByteCount: 1 << 20)
        try spoil(fixture, "entries", key: key(3)) { $0[60] ^= 1 }
        var forged: [FetchedEntries] = []
        var changed = whole
        changed.rows = [changed.rows[0]]
        changed.rows[0].entry?.header[80] ^= 1
        forged.append(changed)
        changed = whole
        changed.rows = [.init(sequence: 3, entry: whole.rows[1].entry)]
        forged.append(changed)
        changed = whole
        changed.rows = [.init(sequence: 3, entry: nil)]
        forged.append(changed)
        changed = whole
        changed.rows = [changed.rows[0]]
        changed.rows[0].entry?.bodies[0] = Body(kind: .record, bytes: [0x7B, 0x7D])
        forged.append(changed)
        for entries in forged {
            let repair = try await fixture.store.repair(entries)
            #expect(repair.remaining == [3])
            #expect(repair.entryCount == 0 && repair.bodyCount == 0)
        }
        #expect(try await fixture.store.repair(whole).entryCount == 1)
        #expect(try fixture.store.verifyNow().isSound)
    }

    @Test("a file that stayed behind on the way is fetched, and an erased one is not missed")
    func absent() async throws {
        try await withStore { source in
            for number in 0..<4 {
                _ = try await source.append(try Samples.filing(files: ["文件\(number)"]))
            }
            try await withStore(name: "市") { city in
                let log = try await source.ownLog()
                try await replicate(log, from: source, to: city) { batch in
                    for index in batch.entries.indices { batch.entries[index].bodies[1] = nil }
                }
                let defects = try await city.defects(of: log, after: 0, limit: 1000)
                #expect(defects.sequences == [1, 2, 3, 4])
                let repair = try await mend(city, by: source, log)
                #expect(repair.bodyCount == 4 && repair.remaining == [])
                let lookup = try Lookup(parsing: Samples.key)
                let there = try await city.get(lookup, body: .source(0), at: .now).bytes
                let here = try await source.get(lookup, body: .source(0), at: .now).bytes
                #expect(there == here)
                let erase = try EraseCommand(
                    try Lookup(parsing: Samples.key + "@2"),
                    parts: [.sources],
                    reason: "依法",
                    authority: "湛江市",
                    by: nil
                )
                _ = try await source.erase(erase)
                try await replicate(log, from: source, to: city)
                #expect(try await city.defects(of: log, after: 0, limit: 1000).sequences == [])
            }
        }
    }

    @Test(
        "bodies that come later make what follows from them, as if they had come with their entries",
        arguments: ["all", "first", "last", "words"]
    )
    func late(part: String) async throws {
        try await withStore(name: "县") { source in
            for number in 0..<3 {
                var filing = try Samples.filing(files: ["\(number)"], people: ["王某"])
                if number == 1 { filing.record.given = ["overridden": ["year": 2022]] }
                _ = try await source.append(filing)
            }
            _ = try await source.append(
                try Samples.filing("2023/湛江市/麻章区/第二中心/整体支出", files: ["甲"])
            )
            let lookup = try Lookup(parsing: Samples.key)
            _ = try await source.append(
                try Note(fingerprint: "0123456789abcdef", text: "说明"),
                about: lookup
            )
            _ = try await source.erase(
                EraseCommand(
                    try Lookup(parsing: "2023/湛江市/麻章区/第二中心/整体支出"),
                    reason: "依法",
                    authority: "湛江市"
                )
            )
            /// What a list and a history say: of the erased record nothing can be got.
            func told(_ store: Store) async throws -> [String] {
                let page = try await store.list(ListFilter(limit: 1000), at: .now)
                let record = try await store.get(lookup, body: .record, at: .now)
                return try await store.history(lookup).map(\.json.canonicalText)
                    + [page.json.canonicalText, String(decoding: record.bytes, as: UTF8.self)]
            }
            try await withStore(name: "市") { whole in
                try await replicate(from: source, to: whole)
                try await withStore(name: "区") { other in
                    let log = try await source.ownLog()
                    try await replicate(log, from: source, to: other) { batch in
                        for index in batch.entries.indices {
                            let sequence = Entry(batch.entries[index].header)?.sequence ?? 0
                            let isLeftOut =
                                switch part {
                                case "all": true
                                case "first": sequence == 1
                                case "last": sequence == 3
                                default: sequence > 4
                                }
                            guard isLeftOut else { continue }
                            for body in batch.entries[index].bodies.indices {
                                batch.entries[index].bodies[body] = nil
                            }
                        }
                    }
                    let defects = try await other.defects(of: log, after: 0, limit: 1000)
                    #expect(!defects.sequences.isEmpty)
                    #expect(defects.bare == Set(defects.sequences), "nothing is damaged")
                    #expect(try other.verifyNow().isSound)
                    // A peer that has no more bodies changes nothing.
                    #expect(try await mend(other, by: other, log).withheld == defects.sequences)
                    let repair = try await mend(other, by: whole, log)
                    #expect(repair.remaining == [] && repair.withheld == [])
                    #expect(repair.needsReindex, "the search has passed the entries")
                    #expect(try other.verifyNow().problems == [])
                    #expect(try await told(other) == told(whole))
                    #expect(try await other.notes(lookup) == whole.notes(lookup))
                    // And the same once more from nothing.
                    try await other.reindex()
                    #expect(try await told(other) == told(whole))
                    #expect(try other.verifyNow().problems == [])
                }
            }
        }
    }

    @Test("nodes of the tree are the same from entries, from the stored tree and on another node")
    func nodes() async throws {
        try await withStore { store in
            for number in 0..<11 {
                _ = try await store.append(try Samples.filing(files: ["\(number)"]))
            }
            let log = try await store.ownLog()
            for size in 1...11 {
                let root = TreeNodes.root(of: UInt64(size))
                var nodes = [root]
                if root.level > 0 {
                    nodes += TreeNodes.children(of: root, levels: 2, size: UInt64(size))
                }
                let question = TreeNodes(log: log, size: UInt64(size), nodes: nodes)
                let stored = try await store.hashes(of: question, fromEntries: false)
                #expect(try await store.hashes(of: question, fromEntries: true) == stored)
                #expect(!stored.hashes.contains(.zero))
            }
            let head = try #require(try await store.logState(log)?.head)
            let whole = TreeNodes(log: log, size: 11, nodes: [TreeNodes.root(of: 11)])
            #expect(try await store.hashes(of: whole, fromEntries: true).hashes == [head.root])
        }
    }
}

import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("What is not taken from another node")
struct RefusalTests {
    /// Offers a batch and expects that it is refused and nothing of it is kept.
    private func refuses(
        _ batch: EntryBatch,
        _ descriptor: LogDescriptor,
        _ code: ReportError.Code = .integrity,
        by store: Store,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await store.logState(descriptor.id)
        let error = await failure(
            { _ = try await store.accept(batch, descriptor: descriptor) },
            sourceLocation: sourceLocation
        )
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        let after = try await store.logState(descriptor.id)
        #expect(after == before, sourceLocation: sourceLocation)
    }

    @Test("tampered headers, bodies, proofs and heads are refused, each byte of a header counts")
    func tampered() async throws {
        var log = try ForgedLog()
        for number in 0..<5 { log.add(try Samples.filing("2023/湛江市/单位\(number)/整体支出")) }
        try await withStore { store in
            let good = log.batch(1, 3)
            for offset in 0..<good.entries[1].header.count {
                var batch = good
                batch.entries[1].header[offset] ^= 1
                try await refuses(batch, log.descriptor, by: store)
            }
            var bodies = good
            bodies.entries[0].bodies[1]?.bytes = [1]
            var salts = good
            salts.entries[0].bodies[0]?.salt = .zero
            var swapped = good
            swapped.entries[0].bodies.swapAt(0, 1)
            var fewer = good
            fewer.entries[0].bodies.removeLast()
            var cut = good
            cut.proof.removeLast()
            var longer = good
            longer.proof.append(.zero)
            var proof = good
            proof.proof[0] = .zero
            var head = good
            head.head.root = .zero
            var signature = good
            signature.head.signature[5] ^= 1
            var smaller = good
            smaller.head = log.head(2)
            var empty = good
            empty.entries = []
            var misplaced = good
            misplaced.first = 2
            var far = good
            far.first = .max
            for batch in [
                bodies, salts, swapped, fewer, cut, longer, proof, head, signature, smaller, empty,
                far,
            ] { try await refuses(batch, log.descriptor, by: store) }
            try await refuses(misplaced, log.descriptor, .integrity, by: store)
            let other = try ForgedLog()
            try await refuses(good, other.descriptor, by: store)
            #expect(try await store.accept(good, descriptor: log.descriptor).sequence == 3)
            try await refuses(log.batch(5, 5), log.descriptor, .conflict, by: store)
            #expect(
                try await store.accept(log.batch(2, 5), descriptor: log.descriptor).sequence == 5
            )
        }
    }

    @Test("a submit that makes no sound version is refused")
    func unsound() async throws {
        let filing = try Samples.filing()
        let spaced = Body(kind: .record, bytes: filing.record.canonicalBytes + [0x20])
        let other = Body(
            kind: .record,
            bytes: try Samples.filing("2023/湛江市/甲/整体支出").record.canonicalBytes
        )
        let twice = Body(
            kind: .record,
            bytes: Array(#"{"sources":[{"name":"a","name":"b"}]}"#.utf8)
        )
        var logs: [ForgedLog] = []
        for bodies in [[], [spaced], [other], [twice], [Body(kind: .source, bytes: [1])]] {
            var log = try ForgedLog()
            log.add(filing, bodies: bodies)
            logs.append(log)
        }
        let changes: [(inout Entry) -> Void] = [
            { $0.number = 0 }, { $0.number = .max }, { $0.number = 2 }, { $0.keyHash = .zero },
            { $0.parents = [.zero] },
            { $0.log = LogID([UInt8](repeating: 9, count: 16)) ?? $0.log },
            { $0.sequence = 2 }, { $0.previous = Hash256(hashing: [1]) },
        ]
        for change in changes {
            var log = try ForgedLog()
            log.add(filing, change)
            logs.append(log)
        }
        var older = try ForgedLog()
        older.add(filing)
        older.add(filing) { $0.recordedAt = Timestamp(milliseconds: 1) }
        logs.append(older)
        try await withStore { store in
            for log in logs { try await refuses(log.batch(), log.descriptor, by: store) }
            _ = try await store.accept(older.batch(1, 1), descriptor: older.descriptor)
            try await refuses(older.batch(2, 2), older.descriptor, by: store)
        }
    }

    @Test("the own log is not taken beyond what is held; what is held is passed over")
    func ownLog() async throws {
        try await withFixture { fixture in
            _ = try await fixture.store.append(try Samples.filing())
            let (batch, descriptor) = try await ownBatch(fixture.store)
            let copy = TemporaryFolder()
            _ = try fixture.store.backup(to: copy.path("b/"))
            _ = try await fixture.store.append(try Samples.filing(files: ["后来"]))
            let (longer, _) = try await ownBatch(fixture.store)
            #expect(try await fixture.store.accept(batch, descriptor: descriptor).sequence == 2)
            fixture.close()
            // The data file of yesterday is put back by hand.
            try #require(rename(copy.path("b/data.mdb"), fixture.directory + "/data.mdb") == 0)
            try fixture.reopen()
            try await refuses(longer, descriptor, .conflict, by: fixture.store)
        }
    }

    @Test("entries of unknown kinds and trailers are kept, passed on and shown as unknown")
    func unknownKinds() async throws {
        var log = try ForgedLog()
        log.add(try Samples.filing())
        log.add(try Samples.filing(), kind: EntryKind(rawValue: 77), bodies: []) { entry in
            entry.trailer = Array("more".utf8)
        }
        log.add(
            kind: EntryKind(rawValue: 78),
            bodies: [Body(kind: .detail, bytes: Array("{}".utf8))]
        )
        try await withStore { store in
            _ = try await store.accept(log.batch(), descriptor: log.descriptor)
            let history = try await store.history(try Lookup(parsing: Samples.key))
            #expect(history.map(\.kind.name).sorted() == ["submit", "unknown-77"])
            #expect(try await store.changes(after: 0, matching: nil, limit: 9).items.count == 3)
            try await withStore { next in
                try await replicate(log.descriptor.id, from: store, to: next)
                #expect(try await answers(next) == answers(store))
            }
        }
    }

    @Test("a version that names one with a greater number is a head beside it, in any order")
    func numbersThatLie() async throws {
        // A faulty node gave number 2 to a version that follows version 5 of another log.
        var first = try ForgedLog("甲")
        let five = first.add(try Samples.filing(files: ["甲"])) {
            $0.number = 5
            $0.parents = [Hash256(hashing: [1])]
        }
        var second = try ForgedLog("乙")
        second.add(try Samples.filing(files: ["乙"])) {
            $0.number = 2
            $0.parents = [five]
        }
        try await withStore { left in
            try await withStore { right in
                _ = try await left.accept(first.batch(), descriptor: first.descriptor)
                _ = try await left.accept(second.batch(), descriptor: second.descriptor)
                _ = try await right.accept(second.batch(), descriptor: second.descriptor)
                _ = try await right.accept(first.batch(), descriptor: first.descriptor)
                #expect(try await answers(left) == answers(right))
                #expect(try await left.append(try Samples.filing(files: ["丙"])).version.number == 6)
            }
        }
    }

    @Test("a key with very many heads is bounded, and appends end the conflict step by step")
    func manyHeads() async throws {
        var log = try ForgedLog()
        for number in 0..<300 { log.add(try Samples.filing(files: ["\(number)"])) }
        try await withStore { store in
            _ = try await store.accept(log.batch(), descriptor: log.descriptor)
            let key = try ReportKey(parsing: Samples.key)
            #expect(try await store.heads(of: key).count == 256)
            let next = try await store.append(try Samples.filing(files: ["新"])).version
            #expect(next.parents.count == Entry.maximumParentCount)
            #expect(try store.verifyNow().problems == [])
            for number in 0..<4 {
                _ = try await store.append(try Samples.filing(files: ["新\(number)"]))
            }
            #expect(try await store.heads(of: key).count == 1)
        }
    }
}

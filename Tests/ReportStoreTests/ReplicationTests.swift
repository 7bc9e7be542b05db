import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Taking the log of another node")
struct ReplicationTests {
    @Test("a store that took a log gives the same answers, byte for byte")
    func sameAnswers() async throws {
        try await withStore(name: "县") { county in
            try await withStore(name: "市") { city in
                for number in 0..<7 {
                    let key = "2023/湛江市/麻章区/单位\(number % 3)/整体支出"
                    _ = try await county.append(
                        try Samples.filing(key, files: ["文\(number)"], people: ["王某"])
                    )
                }
                try await replicate(from: county, to: city)
                #expect(try await answers(city) == answers(county))
                let log = try await county.ownLog()
                let position = try await city.logState(log)?.position
                #expect(try await position == county.logState(log)?.position)
            }
        }
    }

    @Test(
        "a stamp more than 24 hours ahead of the clock is flagged, also once the clock over there is right"
    )
    func stampAhead() async throws {
        let (there, here) = (TestClock(), TestClock())
        try await withStore(name: "县", clock: there) { county in
            try await withStore(name: "市", clock: here) { city in
                _ = try await county.append(try Samples.filing(files: ["甲"]))
                there.advance(milliseconds: 24 * 3_600_000)
                _ = try await county.append(try Samples.filing(files: ["乙"]))
                try await replicate(from: county, to: city)
                #expect(try await city.status().aheadOfClock.isEmpty)
                there.advance(milliseconds: 2 * 3_600_000)
                let wrong = there.closure()
                _ = try await county.append(try Samples.filing(files: ["丙"]))
                try await replicate(from: county, to: city)
                let log = try await county.ownLog()
                #expect(try await city.status().aheadOfClock == [log: wrong])
                let told = try await city.status().json["logs"]?.arrayValue ?? []
                let ahead = told.compactMap { $0["aheadOfClock"]?.stringValue }
                #expect(ahead == [wrong.description])
                #expect(try await county.status().aheadOfClock.isEmpty)
                here.advance(milliseconds: 3 * 3_600_000)
                #expect(try await city.status().aheadOfClock.isEmpty)
            }
        }
    }

    /// Two nodes that filed different files for one key, and took each other's logs.
    private func conflict(
        files: (String, String) = ("甲", "乙"),
        _ body: (_ left: Store, _ right: Store) async throws -> Void
    ) async throws {
        let clock = TestClock()
        try await withStore(name: "县", clock: clock) { left in
            try await withStore(name: "市", clock: clock) { right in
                _ = try await left.append(try Samples.filing(files: [files.0]))
                clock.advance(milliseconds: 10)
                _ = try await right.append(try Samples.filing(files: [files.1], names: ["别名.txt"]))
                try await replicate(from: left, to: right)
                try await replicate(from: right, to: left)
                try await body(left, right)
            }
        }
    }

    @Test("two heads are a conflict, the later one wins, on both nodes alike")
    func conflictAlike() async throws {
        try await conflict { left, right in
            #expect(try await answers(left) == answers(right))
            let heads = try await left.heads(of: try ReportKey(parsing: Samples.key))
            #expect(heads.map(\.node) == ["市", "县"])
            #expect(heads[0].conflict == [heads[1].id])
            #expect(try await left.list(ListFilter(), at: .now).rows[0].version.conflict.count == 1)
            #expect(try left.text(Samples.key).contains(heads[1].id))
            let first = try left.getNow(try Lookup(parsing: Samples.key + "@1"), body: .record)
            #expect(first.version.hash == heads[0].hash)
            #expect(try left.text(Samples.key + "@" + heads[1].id).contains(heads[1].hash.shortHex))
        }
    }

    @Test("the next append names all heads and ends the conflict")
    func conflictEnds() async throws {
        try await conflict { left, right in
            let refused = try Samples.filing(files: ["丙"], ifVersion: 1)
            await expectFailure(.conflict) { _ = try await left.append(refused) }
            let heads = try await left.heads(of: try ReportKey(parsing: Samples.key))
            let next = try await left.append(try Samples.filing(files: ["丙"])).version
            #expect(next.number == 2)
            #expect(next.parents == heads.map(\.hash))
            try await replicate(from: left, to: right)
            #expect(try await answers(left) == answers(right))
            #expect(
                try await right.heads(of: try ReportKey(parsing: Samples.key)).map(\.id) == [
                    next.id
                ]
            )
            let error = await failure { _ = try left.text(Samples.key + "@1") }
            #expect(error.code == .ambiguous)
        }
    }

    @Test("the same files from two logs are one version and no conflict")
    func twoOrigins() async throws {
        try await conflict(files: ("甲", "甲")) { left, right in
            #expect(try await answers(left) == answers(right))
            let heads = try await left.heads(of: try ReportKey(parsing: Samples.key))
            #expect(heads.count == 2)
            #expect(heads[0].conflict == [])
            let next = try await left.append(try Samples.filing(files: ["乙"], ifVersion: 1)).version
            #expect(next.parents.count == 2)
            #expect(try left.number(Samples.key + "@1") == 1)
        }
    }

    @Test("a version that arrives before the one it follows ends up the same")
    func childFirst() async throws {
        let clock = TestClock()
        try await withStore(name: "甲", clock: clock) { first in
            try await withStore(name: "乙", clock: clock) { second in
                try await withStore(name: "丙", clock: clock) { third in
                    _ = try await first.append(try Samples.filing(files: ["一"]))
                    try await replicate(from: first, to: second)
                    clock.advance(milliseconds: 1)
                    _ = try await second.append(try Samples.filing(files: ["二"]))
                    let child = try await second.ownLog()
                    try await replicate(child, from: second, to: third)
                    #expect(
                        try await third.heads(of: try ReportKey(parsing: Samples.key)).count == 1
                    )
                    try await replicate(try await first.ownLog(), from: second, to: third)
                    try await replicate(child, from: second, to: first)
                    #expect(try await answers(third) == answers(second))
                    #expect(try await answers(first) == answers(second))
                    #expect(
                        try await third.heads(of: try ReportKey(parsing: Samples.key)).map(\.number)
                            == [2]
                    )
                }
            }
        }
    }

    @Test("batches keep to their window, and each has a proof that another store accepts")
    func windows() async throws {
        try await withStore { source in
            for number in 0..<9 {
                _ = try await source.append(try Samples.filing("2023/湛江市/单位\(number)/整体支出"))
            }
            for count in [0, 1, 2, 5, 100] {
                try await withStore { target in
                    try await replicate(from: source, to: target, count: count)
                    #expect(try await answers(target) == answers(source))
                }
            }
            let log = try await source.ownLog()
            let small = try await source.batch(
                log: log,
                after: 3,
                maximumCount: 9,
                maximumByteCount: 1
            )
            #expect(small?.entries.count == 1)
            #expect(
                try await source.batch(log: log, after: 9, maximumCount: 9, maximumByteCount: 9)
                    == nil
            )
            #expect(
                try await source.batch(log: log, after: .max, maximumCount: 9, maximumByteCount: 9)
                    == nil
            )
        }
    }

    @Test("bodies that a peer may not read are not read for it, and leave room for more entries")
    func omittedBodies() async throws {
        try await withStore { source in
            for number in 0..<9 {
                _ = try await source.append(try Samples.filing("2023/湛江市/单位\(number)/整体支出"))
            }
            let log = try await source.ownLog()
            let whole = try #require(
                try await source.batch(log: log, after: 0, maximumCount: 1, maximumByteCount: 1)
            )
            let kept = try #require(Entry(whole.entries[0].header)).keyHash
            let room = 9 * (whole.entries[0].header.count + 40)
            let batch = try #require(
                try await source.batch(
                    log: log,
                    after: 0,
                    maximumCount: 9,
                    maximumByteCount: room
                ) { $0.keyHash != kept }
            )
            // The first entry has its bodies, and more than one such does not fit.
            #expect(batch.entries[0] == whole.entries[0])
            #expect(batch.entries.count > 1)
            #expect(batch.entries.dropFirst().allSatisfy { $0.bodies.allSatisfy { $0 == nil } })
            let plain = try await source.batch(
                log: log,
                after: 0,
                maximumCount: 9,
                maximumByteCount: room
            )
            #expect(plain?.entries.count == 1)
            try await withStore { target in
                let descriptor = try #require(try await source.logState(log)).descriptor
                let position = try await target.accept(batch, descriptor: descriptor)
                #expect(position.sequence == UInt64(batch.entries.count))
            }
        }
    }

    @Test("the states of logs are those after the last commit, whoever asked before it")
    func statesAfterCommits() async throws {
        try await withStore { county in
            try await withStore { city in
                _ = try await city.append(try Samples.filing(files: ["市"]))
                for count in 1...3 {
                    #expect(try await city.logStates().count == (count == 1 ? 1 : 2))
                    _ = try await county.append(try Samples.filing(files: ["\(count)"]))
                    try await replicate(from: county, to: city)
                    let log = try await county.ownLog()
                    for states in [try await county.logStates(), try city.logStatesNow()] {
                        let state = try #require(states.first { $0.descriptor.id == log })
                        #expect(state.position.sequence == UInt64(count))
                        #expect(state.head?.size == UInt64(count))
                    }
                }
            }
        }
    }

    @Test("entries that are held already are passed over and write nothing")
    func heldAlready() async throws {
        try await withStore { source in
            for number in 0..<3 {
                _ = try await source.append(try Samples.filing(files: ["\(number)"]))
            }
            try await withStore { target in
                let (batch, descriptor) = try await ownBatch(source)
                let position = try await target.accept(batch, descriptor: descriptor)
                let before = try await target.status().arrival
                #expect(try await target.accept(batch, descriptor: descriptor) == position)
                let (part, _) = try await ownBatch(source, after: 1, count: 1)
                #expect(try await target.accept(part, descriptor: descriptor) == position)
                #expect(try await target.status().arrival == before)
            }
        }
    }

    @Test("bodies that were not sent leave every proof valid, and are told as erased")
    func withheld() async throws {
        try await withStore { source in
            _ = try await source.append(try Samples.filing(people: ["王某"]))
            try await withStore { target in
                var (batch, descriptor) = try await ownBatch(source)
                batch.entries[0].bodies[1] = nil
                batch.entries[0].bodies[2] = nil
                _ = try await target.accept(batch, descriptor: descriptor)
                #expect(try target.text(Samples.key) == source.text(Samples.key))
                let lookup = try Lookup(parsing: Samples.key)
                for body in [BodySelector.people, .source(0)] {
                    await expectFailure(.erased) { _ = try target.getNow(lookup, body: body) }
                }
                #expect(try await target.verify { _, _ in }.absentBodyCount == 2)
            }
            try await withStore { target in
                var (batch, descriptor) = try await ownBatch(source)
                batch.entries[0].bodies[0] = nil
                _ = try await target.accept(batch, descriptor: descriptor)
                #expect(try await target.list(ListFilter(), at: .now).rows.isEmpty)
                let items = try await target.changes(after: 0, matching: nil, limit: 9).items
                #expect(items.map(\.version.key) == [""])
                #expect(target.regions(of: batch) == [LogRegion.unknown])
                // The next version tells the text of the key.
                _ = try await source.append(try Samples.filing(files: ["乙"]))
                try await replicate(from: source, to: target)
                #expect(try target.number(Samples.key) == 2)
                let error = await failure { _ = try target.text(Samples.key + "@1") }
                #expect(error.code == .erased)
            }
        }
    }

    @Test("a record of another key that hangs on an entry tells nothing of the entry's region")
    func foreignRecord() async throws {
        try await withStore { target in
            let granted = try Samples.filing("2023/湛江市/麻章区/甲/整体支出")
            var log = try ForgedLog()
            let body = Body(kind: .record, bytes: granted.record.canonicalBytes)
            log.add(try Samples.filing("2023/湛江市/赤坎区/乙/整体支出"), bodies: [body])
            #expect(target.regions(of: log.batch()) == [LogRegion.unknown])
            log.add(granted)
            #expect(target.regions(of: log.batch()) == [LogRegion.unknown, "湛江市/麻章区"].sorted())
            _ = try await target.append(try Samples.filing("2023/湛江市/赤坎区/乙/整体支出"))
            #expect(target.regions(of: log.batch(1, 1)) == ["湛江市/赤坎区"])
        }
    }

    @Test("acknowledgements are kept per peer, the newest counts, a forged one is refused")
    func acknowledgements() async throws {
        try await withFixture { fixture in
            let store = fixture.store
            try await withStore { peer in
                for number in 0..<3 {
                    _ = try await store.append(try Samples.filing(files: ["\(number)"]))
                }
                let log = try await store.ownLog()
                #expect(try await store.acknowledgement(log: log, from: peer.node) == nil)
                for count in [2, 1] {
                    let (batch, descriptor) = try await ownBatch(
                        store,
                        after: count == 2 ? 0 : 2,
                        count: count
                    )
                    let position = try await peer.accept(batch, descriptor: descriptor)
                    try await store.keep(peer.acknowledge(position))
                }
                let newest = try #require(
                    try await store.acknowledgement(log: log, from: peer.node)
                )
                #expect(newest.position.sequence == 3)
                #expect(newest.isAuthentic)
                var forged = newest
                forged.position.sequence = 9
                await expectFailure(.integrity) { try await store.keep(forged) }
                try fixture.reopen()
                #expect(
                    try await fixture.store.acknowledgement(log: log, from: peer.node) == newest
                )
                #expect(try await fixture.store.status().acknowledgements == [newest])
                let unknown = try #require(LogID([UInt8](repeating: 7, count: 16)))
                let stray = peer.acknowledge(LogPosition(log: unknown, sequence: 1, hash: .zero))
                await expectFailure(.notFound) { try await fixture.store.keep(stray) }
            }
        }
    }

    @Test("what is held of a log in part is passed on with a proof, in batches of any size")
    func heldInPart() async throws {
        try await withStore { source in
            for number in 0..<23 {
                _ = try await source.append(try Samples.filing(files: ["\(number)"]))
            }
            let log = try await source.ownLog()
            for part in [1, 2, 7, 8, 13, 22] {
                try await withStore(name: "市") { relay in
                    let (batch, descriptor) = try await ownBatch(source, count: part)
                    _ = try await relay.accept(batch, descriptor: descriptor)
                    try await withStore(name: "省") { target in
                        try await replicate(log, from: relay, to: target, count: 3)
                        let held = try await target.logState(log)
                        #expect(held?.position.sequence == UInt64(part))
                        #expect(held?.head?.size == 23)
                        // The rest comes from elsewhere, and the relay catches up.
                        try await replicate(log, from: source, to: target, count: 4)
                        try await replicate(log, from: target, to: relay, count: 5)
                        #expect(try await answers(target) == answers(source))
                        #expect(try await answers(relay) == answers(source))
                    }
                }
            }
        }
    }

    @Test("who is cancelled while batches are taken hears what was committed")
    func cancelled() async throws {
        try await withFixture { source in
            for index in 0..<6 {
                _ = try await source.store.append(try Samples.filing(files: ["第\(index)份"]))
            }
            try await withFixture { target in
                let store = target.store
                let first = try await ownBatch(source.store, count: 2)
                let second = try await ownBatch(source.store, after: 2, count: 4)
                let checked = [
                    try await store.check(first.batch, descriptor: first.descriptor),
                    try await store.check(second.batch, descriptor: second.descriptor),
                    // A gap: refused alone.
                    try await store.check(
                        try await ownBatch(source.store, after: 5).batch,
                        descriptor: first.descriptor
                    ),
                ]
                let task = Task { await store.take([checked[2]] + checked) }
                task.cancel()
                let results = await task.value
                let sequences = results.map { (try? $0.get())?.sequence }
                #expect(sequences == [nil, 2, 6, 6])
            }
        }
    }
}

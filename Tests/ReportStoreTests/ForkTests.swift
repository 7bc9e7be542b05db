import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Forked logs")
struct ForkTests {
    private let key = NodeKey()

    /// A log whose entries from the third on are those of a branch.
    private func branch(_ name: String, count: Int) throws -> ForgedLog {
        var log = try ForgedLog(key: key)
        // The salts of the common entries must be the same on both branches.
        for number in 1...2 {
            let filing = try Samples.filing("2023/湛江市/单位\(number)/整体支出")
            let salt = Hash256(hashing: [UInt8(number)])
            let record = Body(kind: .record, salt: salt, bytes: filing.record.canonicalBytes)
            log.add(filing, bodies: [record])
        }
        for number in 3...count {
            log.add(try Samples.filing("2023/湛江市/单位\(number)/整体支出", files: [name]))
        }
        return log
    }

    /// Takes `held` entries of one branch, then a batch, and tells what came of it.
    private func outcome(
        _ left: ForgedLog,
        held: Int,
        size: Int,
        _ batch: EntryBatch
    ) async throws -> (code: ReportError.Code, isForked: Bool, problems: [String]) {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let store = fixture.store
        _ = try await store.append(try Samples.filing())
        _ = try await store.accept(left.batch(1, held, size: size), descriptor: left.descriptor)
        let before = try await answers(store)
        let error = await failure { _ = try await store.accept(batch, descriptor: left.descriptor) }
        #expect(try await answers(store) == before)
        _ = try await store.append(try Samples.filing(files: ["后来"]))
        let state = try #require(try await store.logState(left.descriptor.id))
        #expect(state.position.sequence == UInt64(held))
        if state.isForked {
            let evidence = try #require(try store.forkEvidence(of: nil).first)
            #expect(evidence.faults == [])
            #expect(try ForkEvidence(json: try JSONValue(parsing: evidence.fileBytes)) == evidence)
            for change in Self.changes {
                var forged = evidence
                change(&forged)
                #expect(forged == evidence || !forged.isProven)
            }
        }
        try fixture.reopen()
        return (error.code, state.isForked, try fixture.store.verifyNow().problems)
    }

    /// What a liar may do to evidence.
    private static let changes: [@Sendable (inout ForkEvidence) -> Void] = [
        { $0.branches[1] = $0.branches[0] },
        { $0.branches[0].head = $0.branches[1].head },
        { $0.sequence += 1 },
        { $0.branches[0].consistency = [.zero] },
        { $0.branches[1].inclusion = [] },
        { $0.root = $0.root.map { _ in .zero } },
        { $0.consistency.append(.zero) },
        { evidence in
            guard var header = evidence.branches[1].header else { return }
            header[70] ^= 1
            evidence.branches[1].header = header
        },
    ]

    @Test("another entry at a held sequence is a fork, kept as evidence; the rest works on")
    func fork() async throws {
        let left = try branch("左", count: 5)
        let right = try branch("右", count: 6)
        for batch in [right.batch(), right.batch(3, 4), right.batch(1, 5)] {
            let outcome = try await outcome(left, held: 5, size: 5, batch)
            #expect(outcome.code == .forked)
            #expect(outcome.isForked)
            #expect(outcome.problems.count == 1)
            #expect(outcome.problems[0].contains("forked"))
        }
    }

    @Test("two heads of one size are a fork, also when the entries held are the same")
    func twoHeads() async throws {
        let left = try branch("左", count: 5)
        let right = try branch("右", count: 5)
        // Held are the two common entries, under a head of the left branch.
        for batch in [right.batch(1, 2), right.batch(3, 5), right.batch(3, 4)] {
            let outcome = try await outcome(left, held: 2, size: 5, batch)
            #expect(outcome.code == .forked)
            #expect(outcome.isForked)
        }
        // All five are held; the other branch shows only what is the same, under its own head.
        let outcome = try await outcome(left, held: 5, size: 5, right.batch(1, 2))
        #expect(outcome.code == .forked)
    }

    @Test("a longer head of another branch does not take the place of the own branch's")
    func longerHead() async throws {
        let left = try branch("左", count: 5)
        let right = try branch("右", count: 6)
        try await withStore { store in
            _ = try await store.accept(left.batch(), descriptor: left.descriptor)
            _ = try await store.accept(right.batch(1, 2), descriptor: left.descriptor)
            #expect(try await store.logState(left.descriptor.id)?.head == left.head(5))
        }
    }

    @Test("entries that the owner never signed make no fork")
    func forgedByRelay() async throws {
        let left = try branch("左", count: 5)
        let right = try branch("右", count: 5)
        // A relay puts entries of its own under the owner's head.
        var batch = right.batch(3, 5)
        batch.head = left.head(5)
        let outcome = try await outcome(left, held: 5, size: 5, batch)
        #expect(outcome.code == .integrity)
        #expect(!outcome.isForked)
        #expect(outcome.problems == [])
    }

    @Test("no log of a node whose log forked is taken until an administrator releases it")
    func release() async throws {
        let left = try branch("左", count: 5)
        let right = try branch("右", count: 6)
        var next = try ForgedLog("新", key: key)
        next.add(try Samples.filing())
        let fixture = try StoreFixture()
        defer { fixture.close() }
        _ = try await fixture.store.accept(left.batch(), descriptor: left.descriptor)
        await expectFailure(.forked) {
            _ = try await fixture.store.accept(right.batch(), descriptor: left.descriptor)
        }
        try fixture.reopen()
        await expectFailure(.forked) {
            _ = try await fixture.store.accept(next.batch(), descriptor: next.descriptor)
        }
        await expectFailure(.notFound) { _ = try await fixture.store.release("00ff00ff") }
        let log = left.descriptor.id
        _ = try await fixture.store.release(String("\(log)".prefix(8)))
        try fixture.reopen()
        let store = fixture.store
        #expect(try await store.accept(next.batch(), descriptor: next.descriptor).sequence == 1)
        let report = try store.verifyNow()
        #expect(report.isSound && report.notes.count == 1, "decided, told and no fault")
        #expect(VerifyReport(json: report.json)?.notes == report.notes)
        await expectFailure(.forked) {
            _ = try await store.accept(right.batch(), descriptor: left.descriptor)
        }
        #expect(try store.forkEvidence(of: "\(log)").first?.isProven == true)
    }

    @Test("nothing more is taken of a forked log, and others go on")
    func quarantine() async throws {
        let left = try branch("左", count: 5)
        let right = try branch("右", count: 6)
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let store = fixture.store
        _ = try await store.accept(left.batch(), descriptor: left.descriptor)
        for batch in [right.batch(), left.batch(), right.batch()] {
            let error = await failure {
                _ = try await store.accept(batch, descriptor: left.descriptor)
            }
            #expect(error.code == .forked)
        }
        var other = try ForgedLog("邻")
        other.add(try Samples.filing())
        #expect(try await store.accept(other.batch(), descriptor: other.descriptor).sequence == 1)
    }

    @Test("nothing is filed into the own log once it forked: a new one begins, and filing waits")
    func ownLog() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let store = fixture.store
        for name in ["甲", "乙"] { _ = try await store.append(try Samples.filing(files: [name])) }
        let former = try await store.ownLog()
        let descriptor = try #require(try await store.logState(former)).descriptor
        let secret = try #require(try nodeSecret(in: fixture.directory))
        let key = try #require(NodeKey(secret: secret))
        var branch = ForgedLog(of: descriptor, key: key)
        branch.add(try Samples.filing(files: ["丙"]))
        await expectFailure(.forked) {
            _ = try await store.accept(branch.batch(), descriptor: descriptor)
        }
        #expect(try await store.logState(former)?.isForked == true)
        #expect(try await store.ownLog() != former)
        #expect(try store.filingHold()?.reason == .forked)
        await expectFailure(.readOnly) { _ = try await store.append(try Samples.filing()) }
        let other = FilingHold(.forked, since: Timestamp(milliseconds: 1))
        let kept = try await store.proceedFiling(after: other)
        #expect(kept == nil, "the question was about another hold")
        try await store.proceedFiling()
        _ = try await store.append(try Samples.filing(files: ["丁"]))
        #expect(try await store.logState(former)?.position.sequence == 2)
        #expect(try store.forkEvidence(of: nil).first?.faults == [])
    }

    /// A county with two filings in a log that forked at a city, which has released it.
    private func released(_ county: StoreFixture, _ city: Store) async throws -> LogID {
        let store = county.store
        for number in 1...2 {
            let filing = try Samples.filing("2023/湛江市/单位\(number)/整体支出", files: ["甲\(number)"])
            _ = try await store.append(filing)
        }
        let former = try await store.ownLog()
        let (batch, descriptor) = try await ownBatch(store)
        let secret = try #require(try nodeSecret(in: county.directory))
        let key = try #require(NodeKey(secret: secret))
        var branch = ForgedLog(of: descriptor, key: key)
        branch.add(try Samples.filing(files: ["乙"]))
        _ = try await city.accept(branch.batch(), descriptor: descriptor)
        await expectFailure(.forked) { _ = try await city.accept(batch, descriptor: descriptor) }
        _ = try await city.release("\(former)")
        let other = LogPosition(log: former, sequence: 1, hash: branch.hashes[0])
        #expect(try await store.leaveOwnLog(other) != former)
        try await store.proceedFiling()
        return former
    }

    private func node(of store: Store) async throws -> NodeID {
        try #require(try await store.logState(try await store.ownLog())).descriptor.node
    }

    @Test("what lies in a branch that the node above does not take is filed again, once")
    func filedAgain() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let county = fixture.store
        try await withStore(name: "市") { city in
            let former = try await released(fixture, city)
            let above = try await node(of: city)
            let again = try Samples.filing("2023/湛江市/单位1/整体支出", files: ["甲1"])
            guard case .duplicate = try await county.append(again) else {
                Issue.record("nothing says yet that the node above lacks it")
                return
            }
            try await county.noteOtherBranch(of: former, at: above)
            #expect(try county.lag(of: above).entryCount == 2)
            guard case .stored(let version) = try await county.append(again) else {
                Issue.record("it is in the branch that was not taken")
                return
            }
            #expect(version.number == 2)
            guard case .duplicate = try await county.append(again) else {
                Issue.record("the second one comes there")
                return
            }
            let log = try await county.ownLog()
            try await replicate(log, from: county, to: city)
            let position = try #require(try await city.logState(log)).position
            #expect(try await city.status().versionCount == 2)
            try await county.keep(city.acknowledge(position))
            #expect(try county.lag(of: above).entryCount == 0, "of the branch nothing is missing")
            #expect(try city.verifyNow().isSound)
            // The evidence lies above; here it is known that it does.
            let told = try await county.perform(PeerCommand(json: ["action": "evidence"]))
            #expect(told["elsewhere"]?.arrayValue?.first?["log"] == .string("\(former)"))
            #expect(told["items"] == [])
            try await county.noteOtherBranch(of: former, at: above)
            #expect(try county.otherBranches(of: "\(former)").map(\.held) == [2])
            try await county.setMayReview(false)
            let untaken = try Lookup(parsing: "2023/湛江市/单位2/整体支出")
            await expectFailure(.notAllowed) {
                _ = try await county.retract(try RetractCommand(untaken, reason: "x"))
            }
        }
    }

    @Test("a version on the branch that was not taken is its own node's to judge alone")
    func judgedAcross() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let county = fixture.store
        try await withStore(name: "市") { city in
            _ = try await released(fixture, city)
            let lookup = try Lookup(parsing: "2023/湛江市/单位2/整体支出")
            _ = try await county.retract(try RetractCommand(lookup, reason: "x"))
            let (batch, descriptor) = try await ownBatch(county)
            #expect(city.judgement(in: batch, of: descriptor.node) == nil)
            #expect(city.judgement(in: batch, of: NodeKey().id) == .retract)
            _ = try await city.accept(batch, descriptor: descriptor)
            #expect(try city.verifyNow().isSound)
        }
    }

    /// The secret of a node's key, from the hexadecimal digits in its file.
    private func nodeSecret(in directory: String) throws -> [UInt8]? {
        let descriptor = open(directory + "/node.key", O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var digits = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &digits, digits.count)
        try #require(count == digits.count)
        return HexText.bytes(String(decoding: digits, as: UTF8.self))
    }
}

import Glibc
import LMDB
import ReportModel
import ReportStore
import ReportTestKit
import Synchronization
import Testing

@Suite("Verification in a process of its own")
struct VerifyProcessTests {
    private func shell(_ script: String) -> VerifyProcess.Command {
        VerifyProcess.Command(program: "/bin/sh", arguments: ["-c", script])
    }

    @Test("progress and report come through the pipe")
    func report() async throws {
        var expected = VerifyReport()
        expected.entryCount = 7
        expected.problems = ["一处"]
        let text = expected.json.canonicalText
        let seen = Mutex<[Int]>([])
        let found = try await VerifyProcess.run(
            shell("echo '{\"done\":3,\"total\":7}'; echo '\(text)'")
        ) { done, _ in seen.withLock { $0.append(done) } }
        #expect(found.json == expected.json)
        let steps = seen.withLock { $0 }
        #expect(steps == [3])
    }

    @Test(
        "a child that meets a bad page is a finding, not a crash",
        arguments: ["BUS", "SEGV", "ABRT"]
    )
    func killed(signal: String) async throws {
        let report = try await VerifyProcess.run(
            shell("echo '{\"done\":3,\"total\":7}'; kill -\(signal) $$")
        )
        #expect(!report.isSound)
        #expect(report.entryCount == 3)
        #expect(report.problems[0].contains("SIG\(signal)"))
    }

    @Test(
        "errors of the child come through; a child that says nothing, or is not there, is an error"
    )
    func errors() async {
        await expectFailure(.notFound) {
            _ = try await VerifyProcess.run(
                shell("echo '{\"error\":{\"code\":\"not-found\",\"message\":\"x\"}}'; exit 3")
            )
        }
        await expectFailure(.internal) { _ = try await VerifyProcess.run(shell("exit 0")) }
        await expectFailure(.internal) {
            _ = try await VerifyProcess.run(.init(program: "/no/such/program", arguments: []))
        }
    }

    @Test("a child holds nothing open that its parent has open, such as sockets of clients")
    func inheritsNothing() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let text = VerifyReport().json.canonicalText
        let report = try await VerifyProcess.run(
            shell(
                "[ -e /proc/$$/fd/\(ends[0]) ] && "
                    + "echo '{\"error\":{\"code\":\"internal\",\"message\":\"it is open\"}}' || echo '\(text)'"
            )
        )
        #expect(report.json == VerifyReport().json)
    }

    @Test("a cancelled task ends its child")
    func cancelled() async throws {
        let (steps, step) = AsyncStream.makeStream(of: Int.self)
        let task = Task {
            let sleeping = shell("echo '{\"done\":1,\"total\":9}'; exec sleep 600")
            return try await VerifyProcess.run(sleeping) { done, _ in step.yield(done) }
        }
        for await _ in steps { break }
        task.cancel()
        let result = await task.result
        let report = try? result.get()
        #expect(report == nil)
    }

    @Test("a damaged acknowledgement, fork, note of the daemon and row too many are named")
    func evidence() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        _ = try await fixture.store.append(try Samples.filing())
        let log = try await fixture.store.ownLog()
        let hash = try #require(try await fixture.store.entryHash(log: log, sequence: 1))
        let city = NodeKey()
        try await fixture.store.keep(
            Acknowledgement(
                position: LogPosition(log: log, sequence: 1, hash: hash),
                receivedAt: Timestamp(milliseconds: 5),
                key: city
            )
        )
        try fixture.verify()
        let rows: [(table: String, key: [UInt8], value: [UInt8], word: String)] = [
            ("journal", [1], [1, 2, 3], "journal"),
            ("forks", [UInt8](repeating: 0, count: 44), [9], "forks"),
            ("nameParts", [7, 0, 7], [], "nameParts"),
            ("keyEntries", [7], [], "keyEntries"),
            ("merkle", [7], [], "merkle"),
        ]
        for row in rows {
            try edit(fixture, row.table) { transaction, table in
                try transaction.put(row.key, row.value, in: table)
            }
            let report = try fixture.store.verifyNow()
            #expect(report.problems.contains { $0.contains(row.word) }, "\(row.table)")
            try edit(fixture, row.table) { transaction, table in
                _ = try transaction.delete(row.key, in: table)
            }
        }
        try edit(fixture, "acks") { transaction, table in
            let key = try keys(transaction, table)[0]
            let value = try #require(try transaction.copyValue(key, in: table))
            var moved = key
            moved[moved.count - 1] = 9
            try transaction.put(moved, value, in: table)
        }
        let report = try fixture.store.verifyNow()
        #expect(report.problems.contains { $0.contains("acknowledgement") })
    }

    @Test("a check that rests between its steps finds the same")
    func resting() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing())
            let quick = try store.verifyNow()
            let resting = try store.verifyNow(restRatio: 1)
            #expect(quick.json == resting.json)
        }
    }
}

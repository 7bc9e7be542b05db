import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

@Suite("Several writers of one log", .serialized, .enabled(if: PostgresServer.absence == nil))
struct ContentionTests {
    private func count(_ address: PostgresAddress, _ table: String) throws -> Int64 {
        let connection = try PostgresConnection(address.text, library: address.library)
        return try connection.run(Statement("SELECT count(*) FROM \(table)"), []).rows[0].integer(0)
    }

    @Test("leave no gap and write nothing twice", arguments: Isolation.allCases)
    func eightWriters(isolation: Isolation) async throws {
        try await withDatabase(isolation) { address in
            try await withStore { county in
                for number in 0..<200 {
                    _ = try await county.append(
                        try Samples.filing(
                            "2023/湛江市/麻章区/单位\(number % 9)/整体支出",
                            files: ["\(number)"]
                        )
                    )
                }
                let id = try await county.ownLog()
                let state = try #require(try await county.logState(id))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            try await write(state, county, address, seed: UInt64(writer))
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try count(address, "records") == 200)
                #expect(try await StoreCopy.check(address) == 200)
            }
        }
    }

    /// Sends batches of random length until the database has everything, as a node does whose peer
    /// sends what others send at the same time.
    private func write(
        _ state: LogState,
        _ county: Store,
        _ address: PostgresAddress,
        seed: UInt64
    ) async throws {
        var generator = SeededGenerator(seed: seed)
        let log = SharedLog(address)
        log.node = NodeKey().id
        // On a slow machine somebody always loses for a while.
        log.patience = 300
        var held: UInt64 = 0
        while held < state.position.sequence {
            let batch = try await county.batch(
                log: state.descriptor.id,
                after: held,
                maximumCount: Int.random(in: 1...7, using: &generator),
                maximumByteCount: 1 << 20
            )
            guard let batch else { return }
            var commit = SharedCommit()
            commit.parts = [SharedCommit.Part(descriptor: state.descriptor, batch: batch)]
            try await log.committing(commit)
            held = batch.first + UInt64(batch.entries.count) - 1
        }
    }

    @Test("a writer whose epoch has passed writes nothing before it has looked anew")
    func fenced() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.append(try Samples.filing(files: ["一"]))
            let admin = try PostgresConnection(address.text, library: address.library)
            try admin.run("UPDATE heads SET epoch = epoch + 5, writer = 'another'")
            _ = try await node.store.append(try Samples.filing(files: ["二"]))
            let row = try admin.run(.heads, []).rows[0]
            #expect(try row.integer(2) == 7)
            #expect(try row.text(3) == node.store.node.description)
            #expect(try await StoreCopy.check(address) == 2)
        }
    }

    @Test("a connection that ends between its claim and its commit leaves nothing")
    func clientDies() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.append(try Samples.filing(files: ["一"]))
            do {
                let dying = try PostgresConnection(address.text, library: address.library)
                try dying.run("BEGIN")
                try dying.run("UPDATE heads SET seq = seq + 10, epoch = epoch + 1")
            }
            _ = try await node.store.append(try Samples.filing(files: ["二"]))
            #expect(try await StoreCopy.check(address) == 2)
        }
    }

    @Test("a commit whose answer was lost is found by reading back, and is not written twice")
    func lostAnswer() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.append(try Samples.filing(files: ["一"]))
            node.shared.log.interruption = .afterCommit
            let version = try await node.store.append(try Samples.filing(files: ["二"])).version
            #expect(version.number == 2)
            node.shared.log.interruption = .beforeCommit
            let next = try await node.store.append(try Samples.filing(files: ["三"])).version
            #expect(next.number == 3)
            #expect(try await StoreCopy.check(address) == 3)
            #expect(try count(address, "records") == 3)
        }
    }

    @Test("entries of the own log that only the database has are taken over before more is filed")
    func ownLogBehind() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.append(try Samples.filing(files: ["一"]))
            // The commit counts in the database, and the node never learns of it.
            node.shared.log.interruption = .afterCommitForGood
            let error = await #expect(throws: ReportError.self) {
                _ = try await node.store.append(try Samples.filing(files: ["二"]))
            }
            #expect(error?.code == .unreachable)
            node.shared.log.interruption = nil
            #expect(
                try node.store.getNow(try Lookup(parsing: Samples.key), body: .record).version
                    .number == 1
            )
            try await node.shared.catchUp()
            #expect(
                try node.store.getNow(try Lookup(parsing: Samples.key), body: .record).version
                    .number == 2
            )
            let version = try await node.store.append(try Samples.filing(files: ["三"])).version
            #expect(version.number == 3)
            #expect(try await StoreCopy.check(address) == 3)
            #expect(try node.store.verifyNow().problems == [])
        }
    }

    @Test("entries that were taken while others wrote are no reason to call a database put back")
    func takenMeanwhile() async throws {
        try await withDatabase { address in
            var county = try ForgedLog(key: NodeKey())
            for number in 1...3 {
                county.add(try Samples.filing("2023/湛江市/单位\(number)/整体支出"))
            }
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            let (store, log) = (node.store, node.shared.log)
            _ = try await store.accept(county.batch(1, 1), descriptor: county.descriptor)
            // Another node writes the second one, and this one takes it: by what it knows, there is one.
            let second = county.batch(2, 2)
            let other = SharedLog(address)
            defer { other.close() }
            var commit = SharedCommit()
            commit.parts = [.init(descriptor: county.descriptor, batch: second)]
            try other.commit(commit)
            let descriptor = county.descriptor
            let last = LogPosition(log: descriptor.id, sequence: 2, hash: county.hashes[1])
            _ = try await log.taking(last) { () throws(ReportError) in
                try await store.adopt(second, descriptor: descriptor)
            }
            #expect(log.knownHead(descriptor.id)?.sequence == 1)
            _ = try await store.accept(county.batch(3, 3), descriptor: descriptor)
            #expect(!log.isInDoubt)
            #expect(try await StoreCopy.check(address) == 3)
        }
    }
}

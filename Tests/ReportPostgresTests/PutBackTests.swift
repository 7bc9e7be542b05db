import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

@Suite(
    "A database that was put back under running nodes",
    .serialized,
    .enabled(if: PostgresServer.absence == nil)
)
struct PutBackTests {
    /// Takes every log back to an entry, as a backup or a standby that lacked the rest has it.
    private func putBack(_ address: PostgresAddress, to last: Int) throws {
        let admin = try PostgresConnection(address.text, library: address.library)
        try admin.run("BEGIN")
        for table in ["records WHERE seq", "chunks WHERE seq", "seals WHERE last"] {
            try admin.run("DELETE FROM \(table) > \(last)")
        }
        let hash = "SELECT hash FROM records WHERE records.origin = heads.origin AND seq = \(last)"
        try admin.run("UPDATE heads SET seq = \(last), last = (\(hash)) WHERE seq > \(last)")
        try admin.run("COMMIT")
    }

    @Test(
        "gets what it lacks again without a restart, and somebody is told",
        arguments: [true, false]
    )
    func recovered(isKnown: Bool) async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            for text in ["一", "二"] {
                _ = try await node.store.append(try Samples.filing(files: [text]))
            }
            try await node.shared.catchUp()
            for text in ["三", "四"] {
                _ = try await node.store.append(try Samples.filing(files: [text]))
            }
            if isKnown { try await node.shared.catchUp() }
            try putBack(address, to: 2)
            if !isKnown {
                // The node learns of it by a commit, and knows nothing of the end any more.
                let filing = try Samples.filing(files: ["五"])
                let refused = await #expect(throws: ReportError.self) {
                    _ = try await node.store.append(filing)
                }
                #expect(refused?.code == .unreachable)
            }
            let told = await #expect(throws: ReportError.self) { try await node.shared.catchUp() }
            #expect(told?.code == .integrity)
            #expect(told?.message.contains("put back") == true)
            try await node.shared.catchUp()
            #expect(node.shared.condition == .current)
            #expect(try await StoreCopy.check(address) == 4)
            let version = try await node.store.append(try Samples.filing(files: ["六"])).version
            #expect(version.number == 5)
        }
    }

    /// A log with common entries and then those of a branch.
    private func branch(_ name: String, key: NodeKey, common: Int, count: Int) throws -> ForgedLog {
        var log = try ForgedLog(key: key)
        for number in 1...common {
            let filing = try Samples.filing("2023/湛江市/单位\(number)/整体支出")
            let salt = Hash256(hashing: [UInt8(number)])
            let record = Body(kind: .record, salt: salt, bytes: filing.record.canonicalBytes)
            log.add(filing, bodies: [record])
        }
        for number in (common + 1)...count {
            log.add(try Samples.filing("2023/湛江市/单位\(number)/整体支出", files: [name]))
        }
        return log
    }

    /// Puts a log into a database, as another node did.
    private func send(_ log: ForgedLog, from first: Int, to address: PostgresAddress) throws {
        let other = SharedLog(address)
        defer { other.close() }
        var commit = SharedCommit()
        commit.parts = [.init(descriptor: log.descriptor, batch: log.batch(first))]
        try other.commit(commit)
    }

    @Test("and has another branch of a log now is told as a fork, with evidence, once")
    func forked() async throws {
        try await withDatabase { address in
            let key = NodeKey()
            let left = try branch("左", key: key, common: 2, count: 4)
            let right = try branch("右", key: key, common: 2, count: 4)
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            for batch in [left.batch(1, 2), left.batch(3, 4)] {
                _ = try await node.store.accept(batch, descriptor: left.descriptor)
            }
            try await node.shared.catchUp()
            try putBack(address, to: 2)
            try send(right, from: 3, to: address)
            let lost = await #expect(throws: ReportError.self) { try await node.shared.catchUp() }
            #expect(lost?.code == .integrity)
            let forked = await #expect(throws: ReportError.self) { try await node.shared.catchUp() }
            #expect(forked?.code == .forked)
            #expect(forked?.message.contains("from 3 on") == true)
            #expect(forked?.hint?.contains("peer release") == true)
            let evidence = try #require(try node.store.forkEvidence(of: nil).first)
            #expect(evidence.isProven)
            try await node.shared.catchUp()
            #expect(node.shared.condition == .current)
            // Own work goes on.
            _ = try await node.store.append(try Samples.filing(files: ["后来"]))
        }
    }

    @Test("a copy onto a longer log compares what both have")
    func longer() async throws {
        try await withDatabase { address in
            let key = NodeKey()
            let left = try branch("左", key: key, common: 1, count: 2)
            let right = try branch("右", key: key, common: 1, count: 4)
            try send(right, from: 1, to: address)
            try await withStore { store in
                _ = try await store.accept(left.batch(), descriptor: left.descriptor)
                let error = await #expect(throws: ReportError.self) {
                    _ = try await StoreCopy.copy(from: store, to: address) { _, _ in }
                }
                #expect(error?.code == .conflict)
            }
            try await withStore { store in
                let whole = right.batch(1, 3)
                _ = try await store.accept(whole, descriptor: right.descriptor)
                let done = try await StoreCopy.copy(from: store, to: address) { _, _ in }
                #expect(done.entryCount == 0)
                #expect(done.checkedCount == 4)
            }
        }
    }

    @Test("a log under quarantine holds up none of those behind it")
    func quarantined() async throws {
        try await withDatabase { address in
            let keys = [NodeKey(), NodeKey()]
            let left = try branch("左", key: keys[0], common: 1, count: 2)
            let right = try branch("右", key: keys[0], common: 1, count: 2)
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.accept(left.batch(), descriptor: left.descriptor)
            _ = try? await node.store.accept(right.batch(), descriptor: right.descriptor)
            #expect(try await node.store.logState(left.descriptor.id)?.isForked == true)
            // A later log of the same owner is not taken before somebody has released it, and what is
            // said of it cannot be kept.
            let refused = try log(0, of: keys[0]) { _ in true }
            let late = try log(1, of: keys[1]) { $0.id > refused.descriptor.id }
            for log in [refused, late] { try send(log, from: 1, to: address) }
            try tell(of: refused, to: address)
            let error = await #expect(throws: ReportError.self) {
                try await node.shared.catchUp()
            }
            #expect(error?.code == .forked)
            let lookup = try Lookup(parsing: "2023/湛江市/晚到1/整体支出")
            #expect(try node.store.getNow(lookup, body: .record).version.number == 1)
            _ = try await node.store.release(left.descriptor.id.description)
            try await node.shared.catchUp()
            #expect(node.shared.condition == .current)
            let released = try Lookup(parsing: "2023/湛江市/晚到0/整体支出")
            #expect(try node.store.getNow(released, body: .record).version.number == 1)
        }
    }

    /// A log with one entry whose descriptor meets a condition.
    private func log(
        _ number: Int,
        of owner: NodeKey,
        where isMet: (LogDescriptor) -> Bool
    ) throws -> ForgedLog {
        for byte in UInt8.min...UInt8.max {
            let descriptor = LogDescriptor(
                node: owner.id,
                nonce: try #require(LogID([UInt8](repeating: byte, count: 16))),
                createdAt: Timestamp(milliseconds: 2),
                name: "他"
            )
            guard isMet(descriptor) else { continue }
            var log = ForgedLog(of: descriptor, key: owner)
            log.add(try Samples.filing("2023/湛江市/晚到\(number)/整体支出"))
            return log
        }
        throw ReportError(.internal, "no such descriptor")
    }

    /// Says in a database that somebody holds a log.
    private func tell(of log: ForgedLog, to address: PostgresAddress) throws {
        let other = SharedLog(address)
        defer { other.close() }
        let position = LogPosition(
            log: log.descriptor.id,
            sequence: 1,
            hash: log.hashes.first ?? .zero
        )
        var commit = SharedCommit()
        commit.notices = [
            .acknowledgement(
                Acknowledgement(
                    position: position,
                    receivedAt: Timestamp(milliseconds: 9),
                    key: NodeKey()
                )
            )
        ]
        try other.commit(commit)
    }
}

import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

@Suite(
    "A log that is damaged in the database",
    .serialized,
    .enabled(if: PostgresServer.absence == nil)
)
struct DamagedLogTests {
    private func isFailed(_ node: SharedNode) -> Bool {
        if case .failed = node.shared.condition { true } else { false }
    }

    @Test(
        "keeps no node from starting, nor from taking the other logs, and is taken once it is mended"
    )
    func oneOfTwo() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            try await withStore(name: "县") { county in
                for number in 1...3 {
                    _ = try await node.store.append(try Samples.filing(files: ["\(number)"]))
                    let key = "2023/湛江市/赤坎区/单位\(number)/整体支出"
                    _ = try await county.append(try Samples.filing(key, files: ["\(number)"]))
                }
                try await replicate(from: county, to: node.store)
                let own = try await node.store.ownLog()
                node.close()
                let admin = try PostgresConnection(address.text, library: address.library)
                let row = Statement("SELECT body FROM records WHERE origin = $1 AND seq = 2", .text)
                let name = PostgresValue.text(own.description)
                var body = try admin.run(row, [name]).rows[0].present(0)
                let sound = body
                body[body.count / 2] ^= 0x20
                _ = try admin.run(.setBody, [name, .int8(2), .bytes(body)])

                let fresh = try await SharedNode(address, name: "新")
                defer { fresh.close() }
                #expect(isFailed(fresh))
                let other = try await fresh.store.logState(try await county.ownLog())
                #expect(other?.position.sequence == 3)
                #expect(try await fresh.store.logState(own)?.position.sequence ?? 0 < 2)
                let filing = try Samples.filing("2023/湛江市/赤坎区/单位9/整体支出", files: ["九"])
                #expect(try await fresh.store.append(filing).version.number == 1)

                _ = try admin.run(.setBody, [name, .int8(2), .bytes(sound)])
                try await fresh.shared.catchUp()
                #expect(fresh.shared.condition == .current)
                #expect(try await fresh.store.logState(own)?.position.sequence == 3)
                #expect(try await StoreCopy.check(address) == 7)
            }
        }
    }

    @Test("that ends otherwise than the node's own is not written to, and status says so")
    func other() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            for number in 1...3 {
                _ = try await node.store.append(try Samples.filing(files: ["\(number)"]))
            }
            node.shared.close()
            let admin = try PostgresConnection(address.text, library: address.library)
            for table in ["records WHERE seq = 3", "seals WHERE last = 3"] {
                try admin.run("DELETE FROM \(table)")
            }
            try admin.run(
                "UPDATE heads SET seq = 2, last = overlay(last placing '\\x00'::bytea from 3)"
            )
            try await node.reopen()
            #expect(isFailed(node))
            #expect(try await node.store.list(ListFilter(), at: .now).rows.count == 1)
            let error = await #expect(throws: ReportError.self) {
                try await node.shared.catchUp()
            }
            #expect(error?.code == .conflict)
            #expect(try admin.run(.heads, []).rows[0].number(1) == 2)
        }
    }

    @Test("that has lost a file is told as damaged to who reads it, and is known by all else")
    func lostFile() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            let text = String(repeating: "原件", count: 20_000)
            _ = try await node.store.append(try Samples.filing(files: [text, "小"]))
            let admin = try PostgresConnection(address.text, library: address.library)
            try admin.run("DELETE FROM chunks")
            let (store, lookup) = (node.store, try Lookup(parsing: Samples.key))
            let error = await #expect(throws: ReportError.self) {
                _ = try await store.get(lookup, body: .source(0), at: .now)
            }
            #expect(error?.code == .integrity)
            #expect(error?.message.contains("database") == true)
            #expect(error?.hint != nil)
            #expect(
                try await store.get(lookup, body: .source(1), at: .now).bytes == Array("小".utf8)
            )
            _ = try await store.erase(
                try EraseCommand(lookup, reason: "依申请", authority: "档案局")
            )
            let erased = await #expect(throws: ReportError.self) {
                _ = try await store.get(lookup, body: .source(0), at: .now)
            }
            #expect(erased?.code == .erased)
        }
    }
}

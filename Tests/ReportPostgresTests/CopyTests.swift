import ReportModel
import ReportStore
import ReportTestKit
import Synchronization
import Testing

@testable import ReportPostgres

@Suite(
    "Copies between a folder and a database",
    .serialized,
    .enabled(if: PostgresServer.absence == nil)
)
struct CopyTests {
    @Test("carry everything there and back, and go on where they were broken off")
    func thereAndBack() async throws {
        try await withDatabase { address in
            try await withStore { store in
                for number in 0..<30 {
                    let size = number % 10 == 0 ? 1_200_000 : 20
                    _ = try await store.append(
                        try Samples.filing(
                            "2023/湛江市/麻章区/单位\(number % 4)/整体支出",
                            files: [String(repeating: "\(number)", count: size)],
                            people: ["王某"]
                        )
                    )
                }
                let none: @Sendable (UInt64, UInt64) -> Void = { _, _ in }
                let first = try await StoreCopy.copy(from: store, to: address, progress: none)
                #expect(first.entryCount == 30)
                #expect(first.checkedCount == 30)
                let again = try await StoreCopy.copy(from: store, to: address, progress: none)
                #expect(again.entryCount == 0)
                #expect(again.checkedCount == 30)
                _ = try await store.append(try Samples.filing(files: ["后来"]))
                let later = try await StoreCopy.copy(from: store, to: address, progress: none)
                #expect(later.entryCount == 1)
                try await withStore(name: "抄") { copy in
                    let told = Mutex<[UInt64]>([])
                    let back = try await StoreCopy.copy(from: address, to: copy) { done, total in
                        #expect(total == 31)
                        told.withLock { $0.append(done) }
                    }
                    #expect(back.entryCount == 31)
                    #expect(told.withLock { $0.last } == 31)
                    #expect(try await answers(copy) == answers(store))
                    let nothing = try await StoreCopy.copy(from: address, to: copy, progress: none)
                    #expect(nothing.entryCount == 0)
                }
            }
        }
    }

    @Test(
        "an altered row is found by the check, and no node takes it",
        arguments: [
            "UPDATE records SET body = overlay(body placing '\\xff'::bytea from 40) WHERE seq = 2",
            "UPDATE records SET header = overlay(header placing '\\x00'::bytea from 60) WHERE seq = 2",
            "DELETE FROM records WHERE seq = 2",
            "UPDATE seals SET signed = overlay(signed placing '\\x00'::bytea from 190)",
            "UPDATE heads SET last = overlay(last placing '\\x00'::bytea from 3)",
            "DELETE FROM seals WHERE last = 3",
            "DELETE FROM chunks WHERE part = 0",
        ]
    )
    func altered(sql: String) async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            for number in 1...3 {
                // The last one is large enough for rows of its own.
                let text = number < 3 ? "\(number)" : String(repeating: "原件", count: 20_000)
                _ = try await node.store.append(try Samples.filing(files: [text]))
            }
            node.close()
            #expect(try await StoreCopy.check(address) == 3)
            let admin = try PostgresConnection(address.text, library: address.library)
            try admin.run(sql)
            let found = await #expect(throws: ReportError.self) {
                _ = try await StoreCopy.check(address)
            }
            #expect(found?.code == .integrity)
            let copied = await #expect(throws: ReportError.self) {
                try await withStore(name: "抄") { copy in
                    _ = try await StoreCopy.copy(from: address, to: copy) { _, _ in }
                }
            }
            #expect(copied?.code == .integrity)
        }
    }

    @Test("a database without tables, or with newer ones, is refused with what to do")
    func formats() async throws {
        try await withDatabase { address in
            let admin = try PostgresConnection(address.text, library: address.library)
            #expect(try await StoreCopy.prepare(address) == false)
            _ = try admin.run(.setFormat, [.text("format"), .int8(99)])
            let newer = await #expect(throws: ReportError.self) {
                _ = try await SharedNode(address, name: "省")
            }
            #expect(newer?.code == .unsupported)
            try admin.run("DROP TABLE facts")
            let none = await #expect(throws: ReportError.self) {
                _ = try await SharedNode(address, name: "省")
            }
            #expect(none?.code == .notFound)
            #expect(none?.hint?.contains("store init") == true)
        }
    }

    @Test("a password is never shown")
    func shown() throws {
        let address = try #require(
            PostgresAddress("postgresql://reportd:secret@db1,db2:5433/reportd?sslmode=require")
        )
        #expect(address.shown == "postgresql://db1,db2:5433/reportd")
        for password in ["a/b", "a?b", "a@b", "a:b", "a#b"] {
            let odd = try #require(PostgresAddress("postgresql://u:\(password)@db/reportd?x=1"))
            #expect(odd.shown == "postgresql://db/reportd")
        }
        #expect(PostgresAddress("/var/lib/reportd/store") == nil)
    }
}

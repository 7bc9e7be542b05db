import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("What a peer has not signed for")
struct LagTests {
    @Test(
        "what is held by headers alone is not to be sent, and bodies that are not here weigh nothing"
    )
    func bare() async throws {
        try await withStore(name: "霞山区") { neighbour in
            for number in 0..<4 {
                let key = "2023/湛江市/霞山区/单位\(number)/整体支出"
                _ = try await neighbour.append(try Samples.filing(key, files: ["文件\(number)"]))
            }
            let log = try await neighbour.ownLog()
            let peer = NodeKey().id
            try await withStore(name: "麻章区") { county in
                _ = try await county.append(try Samples.filing())
                let own = try county.lag(of: peer)
                #expect(own.entryCount == 1 && own.byteCount > 0)
                try await replicate(log, from: neighbour, to: county) { batch in
                    for index in batch.entries.indices {
                        let sequence = Entry(batch.entries[index].header)?.sequence ?? 0
                        guard sequence != 2 else { continue }
                        for body in batch.entries[index].bodies.indices
                        where body > 0 || sequence > 2 {
                            batch.entries[index].bodies[body] = nil
                        }
                    }
                }
                // The first without its file, the second whole, the others not passed on.
                let some = try county.lag(of: peer)
                #expect(some.entryCount == 3)
                let whole = try neighbour.lag(of: peer).byteCount
                #expect(some.byteCount < own.byteCount + whole / 2)
                #expect(try county.lag(of: peer, settled: [log: 2]) == own)
                #expect(try county.lag(of: peer, settled: [log: 1]).entryCount == 2)
            }
        }
    }
}

import Glibc
import ReportModel
import ReportPipe
import ReportStore
import ReportTestKit
import Testing

@Suite("Bundles through a stream of messages")
struct PipeTests: PipeSuite {
    @Test("what the city signs for comes back, and a review goes down the same way")
    func bothWays() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let broker = LossyBroker()
                let (left, right) = (End(county, broker), End(city, broker))
                let log = try await county.ownLog()
                for number in 0..<10 { _ = try await county.append(try file(number)) }
                _ = try await rounds(left, right) {
                    try await signed(log, at: county, by: city) == 10
                }
                #expect(left.sent == [4, 4, 2], "so many entries in a bundle, each once")
                _ = try await city.append(
                    try Samples.filing("2023/湛江市/麻章区/局/整体支出", files: ["市里"])
                )
                let cityLog = try await city.ownLog()
                _ = try await rounds(left, right) {
                    try await signed(cityLog, at: city, by: county) == 1
                }
                #expect(try await county.logState(cityLog)?.position.sequence == 1)
                // Nothing is said any more when nothing is new.
                let said = broker.publishedCount
                for second in 100..<110 {
                    try await left.step(with: city, at: start + .seconds(second))
                    try await right.step(with: county, at: start + .seconds(second))
                }
                #expect(broker.publishedCount == said)
            }
        }
    }

    @Test(
        "a peer is sent no more than the node grants it, whatever the pipe was told; a stranger nothing"
    )
    func granted() async throws {
        try await withStore(name: "市") { city in
            try await withStore { county in
                let broker = LossyBroker()
                let (left, right) = (End(city, broker), End(county, broker))
                _ = try await city.append(try file(1))
                _ = try await city.append(try Samples.filing("2023/湛江市/霞山区/乙/整体支出"))
                let log = try await city.ownLog()
                try await city.noteBundleGrants([:])
                for second in 0..<10 {
                    try await left.step(with: county, at: start + .seconds(second))
                }
                #expect(left.sent.isEmpty && Set(left.failures) == [.notAllowed])
                // The next commit is looked at anew.
                try await city.noteBundleGrants([county.node: ["湛江市/麻章区"]])
                _ = try await rounds(left, right, from: 20) {
                    try await signed(log, at: city, by: county) == 2
                }
                let rows = try await county.list(ListFilter(), at: .now).rows
                #expect(rows.map(\.version.key) == ["2023/湛江市/麻章区/单位1/整体支出"])
            }
        }
    }

    @Test(
        "lost, repeated and shuffled messages and lost processes: everything arrives, and no position moves early",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func lossy(seed: UInt64) async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                var habits = LossyBroker.Habits()
                habits.lost = 20
                habits.twice = 20
                habits.isShuffled = true
                habits.unsettled = 20
                let broker = LossyBroker(seed: seed, habits)
                let (left, right) = (End(county, broker), End(city, broker))
                var generator = SeededGenerator(seed: seed)
                let log = try await county.ownLog()
                var filed: UInt64 = 0
                for round in 0..<120 {
                    if round % 10 == 0 {
                        _ = try await county.append(try file(round))
                        filed += 1
                    }
                    let now = start + .seconds(30 * round)
                    broker.setAway(Int.random(in: 0..<10, using: &generator) == 0)
                    if Int.random(in: 0..<10, using: &generator) == 0 { left.restart() }
                    if Int.random(in: 0..<10, using: &generator) == 0 { right.restart() }
                    for (end, other) in [(left, city), (right, county)] {
                        do { try await end.step(with: other, at: now) } catch let error
                            as ReportError
                        {
                            #expect(error.code == .unreachable, "\(error)")
                        }
                    }
                    let held = try await city.logState(log)?.position.sequence ?? 0
                    #expect(try await signed(log, at: county, by: city) <= held)
                }
                broker.setAway(false)
                broker.become(LossyBroker.Habits())
                // After the patience of an hour at most.
                _ = try await rounds(left, right, from: 3600 * 4, most: 400) {
                    try await signed(log, at: county, by: city) == filed
                }
                #expect(try await city.logState(log)?.position.sequence == filed)
            }
        }
    }

    @Test("while the other end is away one bundle waits in the stream, however long that is")
    func away() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let broker = LossyBroker()
                let (left, right) = (End(county, broker), End(city, broker))
                let log = try await county.ownLog()
                for number in 0..<6 { _ = try await county.append(try file(number)) }
                try await left.step(with: city, at: start)
                var most = broker.count
                for day in 1..<30 {
                    _ = try await county.append(try file(100 + day))
                    if day % 7 == 0 { left.restart() }
                    for minute in 0..<60 {
                        let now = start + .seconds(86_400 * day + 60 * minute)
                        try await left.step(with: city, at: now)
                    }
                    most = max(most, broker.count)
                }
                #expect(most <= 12, "the parts of one bundle with four entries: \(most)")
                #expect(left.sent.count < 100, "hourly at most, but after a new start")
                _ = try await rounds(left, right, from: 86_400 * 30) {
                    try await signed(log, at: county, by: city) == 35
                }
            }
        }
    }

    @Test("what the stream lost is sent again after a while, with more patience each time")
    func patience() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                var habits = LossyBroker.Habits()
                habits.lost = 100
                let broker = LossyBroker(habits)
                let left = End(county, broker)
                _ = try await county.append(try file(1))
                for second in 0..<1000 {
                    try await left.step(with: city, at: start + .seconds(second))
                }
                // At 0, 60, 180, 420, 900.
                #expect(left.sent.count == 5)
            }
        }
    }
}

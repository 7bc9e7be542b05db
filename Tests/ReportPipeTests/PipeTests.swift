import Glibc
import ReportModel
import ReportPipe
import ReportStore
import ReportTestKit
import Synchronization
import Testing

/// One end of a pipe: a store, and the process beside it, which may be lost.
private final class End {
    let store: Store
    let folder: TemporaryFolder
    private let broker: LossyBroker
    private let regions: [String]
    private var pipe: Pipe?
    /// What the pipe told.
    private(set) var events: [PipeEvent] = []
    /// What the node answers in place of taking a bundle.
    var refusal: ReportError?
    /// Regions that the other end was granted.
    var granted = ["*"]
    var limits = PipeLimits()

    init(_ store: Store, _ broker: LossyBroker, regions: [String] = ["*"]) {
        self.store = store
        self.broker = broker
        self.regions = regions
        folder = TemporaryFolder()
        limits.partByteCount = 1000
        limits.entryCount = 4
    }

    /// Loses the process with everything that it knew.
    func restart() { pipe = nil }

    func step(with other: Store, at now: ContinuousClock.Instant) async throws {
        if pipe == nil {
            pipe = Pipe(
                store: store,
                stream: broker.stream(of: store.node),
                peers: [PipePeer(other.node, regions: regions)],
                folder: try PartFolder(folder.path("nats")),
                limits: limits,
                tell: { [unowned self] in events.append($0) },
                take: { [unowned self] path throws(ReportError) in
                    if let refusal { throw refusal }
                    let sender = other.node
                    let regions = granted
                    let rules = BundleRules(regions: { $0 == sender ? regions : nil })
                    return try await store.importBundle(path, rules: rules)
                }
            )
        }
        try await pipe?.step(at: now)
    }

    /// Bundles that were sent, each with the number of its entries.
    var sent: [Int] {
        events.compactMap { if case .sent(_, let count, _, _) = $0 { count } else { nil } }
    }

    var failures: [ReportError.Code] {
        events.compactMap { if case .failed(_, let error) = $0 { error.code } else { nil } }
    }

    var refusals: [ReportError.Code] {
        events.compactMap { if case .refused(_, let error, _) = $0 { error.code } else { nil } }
    }

    var passedOver: Int { events.count { if case .passedOver = $0 { true } else { false } } }
}

@Suite("Bundles through a stream of messages")
struct PipeTests {
    private let start = ContinuousClock.now

    private func file(_ number: Int) throws -> Filing {
        try Samples.filing("2023/湛江市/麻章区/单位\(number % 5)/整体支出", files: ["文件\(number)"])
    }

    private func signed(_ log: LogID, at store: Store, by other: Store) async throws -> UInt64 {
        try await store.acknowledgement(log: log, from: other.node)?.position.sequence ?? 0
    }

    /// Rounds of both ends, a second each, until a condition holds.
    private func rounds(
        _ left: End,
        _ right: End,
        from second: Int = 0,
        most: Int = 40,
        until isDone: () async throws -> Bool
    ) async throws -> Int {
        for round in 0..<most {
            if try await isDone() { return round }
            let now = start + .seconds(second + round)
            for (end, other) in [(left, right), (right, left)] {
                do { try await end.step(with: other.store, at: now) } catch let error as ReportError
                {
                    guard error.code == .unreachable else { throw error }
                }
            }
        }
        Issue.record("not done after \(most) rounds")
        return most
    }

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

    @Test("a city put back to yesterday says how far it is, and is sent the rest")
    func putBack() async throws {
        try await withStore { county in
            let folder = TemporaryFolder()
            let broker = LossyBroker()
            let log = try await county.ownLog()
            let left = End(county, broker)
            try await withStore(name: "市") { city in
                let right = End(city, broker)
                for number in 0..<3 { _ = try await county.append(try file(number)) }
                _ = try await rounds(left, right) {
                    try await signed(log, at: county, by: city) == 3
                }
                _ = try city.backup(to: folder.path("backup"), includesKey: true)
                for number in 3..<9 { _ = try await county.append(try file(number)) }
                _ = try await rounds(left, right, from: 50) {
                    try await signed(log, at: county, by: city) == 9
                }
            }
            _ = try await StoreRestore.restore(folder.path("backup"), to: folder.path("s"))
            let restored = try Store.open(
                directory: folder.path("s"),
                options: Store.Options(mapByteCount: 1 << 30)
            )
            defer { restored.close() }
            let right = End(restored, broker)
            _ = try await county.append(try file(10))
            _ = try await rounds(left, right, from: 100) {
                try await restored.logState(log)?.position.sequence == 10
            }
            #expect(try restored.verifyNow().isSound)
        }
    }

    @Test("a city that lost everything asks for the beginning")
    func emptied() async throws {
        try await withStore { county in
            let broker = LossyBroker()
            let left = End(county, broker)
            let log = try await county.ownLog()
            let key = TemporaryFolder()
            var directory = ""
            try await withFixture(name: "市") { fixture in
                let right = End(fixture.store, broker)
                for number in 0..<6 { _ = try await county.append(try file(number)) }
                _ = try await rounds(left, right) {
                    try await signed(log, at: county, by: fixture.store) == 6
                }
                directory = fixture.directory
                // The key is all that is left.
                mkdir(key.path("s"), 0o700)
                #expect(link(directory + "/node.key", key.path("s") + "/node.key") == 0)
            }
            let emptied = try Store.open(
                directory: key.path("s"),
                options: Store.Options(nodeName: "市", mapByteCount: 1 << 30)
            )
            defer { emptied.close() }
            let right = End(emptied, broker)
            _ = try await county.append(try file(7))
            _ = try await rounds(left, right, from: 100) {
                try await emptied.logState(log)?.position.sequence == 7
            }
            #expect(right.refusals == [.conflict])
            #expect(try emptied.verifyNow().isSound)
        }
    }

    @Test("a bundle waits while the node is away, and one that it refuses is not tried for ever")
    func refused() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let broker = LossyBroker()
                let (left, right) = (End(county, broker), End(city, broker))
                let log = try await county.ownLog()
                _ = try await county.append(try file(1))
                right.refusal = ReportError(.unreachable, "no node")
                for second in 0..<12 {
                    try await left.step(with: city, at: start + .seconds(second))
                    try await right.step(with: county, at: start + .seconds(second))
                }
                #expect(right.refusals == [.unreachable, .unreachable, .unreachable])
                right.restart()
                right.refusal = nil
                _ = try await rounds(left, right, from: 20) {
                    try await signed(log, at: county, by: city) == 1
                }
                #expect(left.sent == [1], "it lay on the disk")
                _ = try await county.append(try file(2))
                right.refusal = ReportError(.notAllowed, "no grant")
                for second in 100..<300 {
                    try await left.step(with: city, at: start + .seconds(second))
                    try await right.step(with: county, at: start + .seconds(second))
                }
                // After 0, 60 and 180 seconds.
                #expect(left.sent == [1, 1, 1, 1])
                #expect(try await signed(log, at: county, by: city) == 1)
            }
        }
    }

    @Test("strangers, forged senders and words that nobody signed move nothing")
    func strangers() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                try await withStore(name: "外人") { stranger in
                    let broker = LossyBroker()
                    let (left, right) = (End(county, broker), End(city, broker))
                    right.limits.partByteCount = 100_000
                    let log = try await county.ownLog()
                    for number in 0..<4 { _ = try await county.append(try file(number)) }
                    _ = try await rounds(left, right) {
                        try await signed(log, at: county, by: city) == 4
                    }
                    let folder = TemporaryFolder()
                    _ = try await stranger.append(try file(9))
                    _ = try await stranger.exportBundle(
                        to: folder.path("b"),
                        BundleRequest(start: .beginning, recipient: city.node)
                    )
                    let bytes = try read(folder.path("b"))
                    let header = PartHeader(count: 1).text
                    func subject(_ sender: Store, _ kind: PipeSubject.Kind) -> String {
                        PipeSubject(recipient: city.node, sender: sender.node, kind: kind).text
                    }
                    broker.inject(bytes, header: header, subject: subject(stranger, .entries))
                    broker.inject(bytes, header: header, subject: subject(county, .entries))
                    broker.inject([1, 2], header: "x 0 1", subject: subject(county, .entries))
                    broker.inject([1, 2], header: nil, subject: subject(county, .entries))
                    let held = JSONValue.object([log.description: 0]).canonicalBytes
                    let toCounty = PipeSubject(
                        recipient: county.node,
                        sender: city.node,
                        kind: .positions
                    )
                    broker.inject(held, header: header, subject: toCounty.text)
                    for second in 50..<55 {
                        try await left.step(with: city, at: start + .seconds(second))
                        try await right.step(with: county, at: start + .seconds(second))
                    }
                    #expect(broker.count == 0)
                    #expect(right.passedOver == 3)
                    #expect(right.refusals == [.integrity], "a bundle that the county did not sign")
                    #expect(left.sent == [4])
                    let owners = try await city.logStates().map(\.descriptor.node)
                    #expect(!owners.contains(stranger.node))
                }
            }
        }
    }

    @Test("a forked log, and a peer for whom the stream has no room, stop nobody else")
    func others() async throws {
        // A store with a fork is not sound, so it is not verified at the end.
        let fixture = try StoreFixture(name: "市")
        defer { fixture.close() }
        let city = fixture.store
        try await withStore(name: "乙县") { second in
            let broker = LossyBroker()
            let folder = TemporaryFolder()
            _ = try await city.append(try file(1))
            // The log of the first county has two branches here.
            let key = NodeKey()
            for number in 1...2 {
                var branch = try ForgedLog("甲县", key: key)
                branch.add(try file(number))
                do {
                    _ = try await city.accept(branch.batch(), descriptor: branch.descriptor)
                } catch let error as ReportError { #expect(error.code == .forked) }
            }
            #expect(try await city.logStates().contains { $0.isForked })
            broker.refuse(key.id)
            var sent: [NodeID] = []
            var failed: [ReportError.Code] = []
            var limits = PipeLimits()
            limits.partByteCount = 1000
            let pipe = Pipe(
                store: city,
                stream: broker.stream(of: city.node),
                peers: [key.id, second.node].map { PipePeer($0, regions: ["*"]) },
                folder: try PartFolder(folder.path("nats")),
                limits: limits,
                tell: { event in
                    switch event {
                    case .sent(let node, _, _, _): sent.append(node)
                    case .failed(_, let error): failed.append(error.code)
                    default: break
                    }
                },
                take: { _ throws(ReportError) in throw ReportError(.usage, "nothing came") }
            )
            for second in 0..<50 { try await pipe.step(at: start + .seconds(second)) }
            #expect(sent == [second.node])
            #expect(failed == [.noSpace], "tried again after a minute, not each round")
            broker.refuse(nil)
            for second in 50..<70 { try await pipe.step(at: start + .seconds(second)) }
            #expect(sent == [second.node, key.id, second.node])
        }
    }

    @Test("a bundle that is too large is made smaller, and one entry goes whatever its size")
    func large() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let broker = LossyBroker()
                let (left, right) = (End(county, broker), End(city, broker))
                left.limits.bundleByteCount = 1
                let log = try await county.ownLog()
                for number in 0..<6 { _ = try await county.append(try file(number)) }
                _ = try await rounds(left, right) {
                    try await signed(log, at: county, by: city) == 6
                }
                #expect(left.sent == [1, 1, 1, 1, 1, 1])
                #expect(left.failures == [])
            }
        }
    }

    @Test("a log that the city does not take stays behind, and does not ride along")
    func resting() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let broker = LossyBroker()
                let (left, right) = (End(county, broker), End(city, broker))
                right.granted = ["湛江市/麻章区"]
                var foreign = try ForgedLog("邻")
                foreign.add(try Samples.filing("2023/湛江市/赤坎区/乙/整体支出"))
                _ = try await county.accept(foreign.batch(), descriptor: foreign.descriptor)
                let log = try await county.ownLog()
                for number in 0..<6 {
                    _ = try await county.append(try file(number))
                    _ = try await rounds(left, right, from: 10 * number) {
                        try await signed(log, at: county, by: city) == number + 1
                    }
                }
                #expect(left.sent == [2, 1, 1, 1, 1, 1])
            }
        }
    }

    @Test("a peer gets the records of its regions, and of others the headers")
    func regions() async throws {
        try await withStore { city in
            try await withStore(name: "县") { county in
                let broker = LossyBroker()
                let left = End(city, broker, regions: ["湛江市/麻章区"])
                let right = End(county, broker)
                _ = try await city.append(try file(1))
                _ = try await city.append(try Samples.filing("2023/湛江市/赤坎区/乙/整体支出"))
                let log = try await city.ownLog()
                _ = try await rounds(left, right) {
                    try await signed(log, at: city, by: county) == 2
                }
                let rows = try await county.list(ListFilter(), at: .now).rows
                #expect(rows.map(\.version.key) == ["2023/湛江市/麻章区/单位1/整体支出"])
            }
        }
    }

    @Test("one process works with a folder of parts, of few transfers, and a new one sweeps it")
    func parts() throws {
        let folder = TemporaryFolder()
        let parts = try PartFolder(folder.path("nats"))
        #expect(throws: ReportError.self) { try PartFolder(folder.path("nats")) }
        let sender = try #require(NodeID([UInt8](repeating: 7, count: 32)))
        var first = PartHeader(count: 2)
        var second = PartHeader(count: 2)
        #expect(try !parts.keep([1], first, from: sender, .entries))
        #expect(try !parts.keep([3], second, from: sender, .entries))
        first.index = 1
        second.index = 1
        #expect(try parts.keep([4], second, from: sender, .entries), "beside the other")
        #expect(parts.has(sender, .entries))
        #expect(try read(parts.bundle(of: sender, .entries)) == [3, 4])
        parts.drop(sender, .entries)
        #expect(!parts.has(sender, .entries))
        // The oldest makes room.
        #expect(try !parts.keep([2], first, from: sender, .entries))
        for _ in 0..<3 {
            usleep(20_000)
            #expect(try !parts.keep([9], PartHeader(count: 2), from: sender, .entries))
        }
        first.index = 0
        #expect(try !parts.keep([1], first, from: sender, .entries))
        let folders = try names(parts.bundle(of: sender, .entries) + ".parts")
        #expect(folders.count == 3)
        // What a killed process left goes; what is not ours stays.
        let outgoing = parts.outgoing(to: sender, .entries) + ".partial-1"
        for path in [outgoing, folder.path("nats/else")] { fclose(fopen(path, "w")) }
        parts.sweep(keeping: [sender])
        let left = Set(try names(folder.path("nats")))
        #expect(left == ["lock", "else", "\(sender.key.hex).entries.parts"])
        parts.sweep(keeping: [])
        #expect(Set(try names(folder.path("nats"))) == ["lock", "else"])
    }

    @Test(
        "headers and subjects that are none of ours are not read",
        arguments: [
            "", "0 1", "g0000000000000000000000000000000 0 1",
            "00000000000000000000000000000000 1 1",
            "00000000000000000000000000000000 -1 1", "00000000000000000000000000000000 0 4097",
            "00000000000000000000000000000000 0 0", "../../../../../../../../../etc/00 0 1",
            "00000000000000000000000000000000  0 1",
        ]
    )
    func headers(text: String) {
        #expect(PartHeader(text) == nil)
        #expect(PipeSubject("reportd." + text) == nil)
    }

    private func names(_ path: String) throws -> [String] {
        let stream = try #require(opendir(path))
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }
}

import Glibc
import ReportModel
import ReportPipe
import ReportStore
import ReportTestKit
import Testing

@Suite("Bundles through a stream of messages: what goes wrong at an end")
struct PipeFaultTests: PipeSuite {
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
                    let bytes = try contents(of: folder.path("b"))
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
}

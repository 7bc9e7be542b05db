import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Bundles on removable media")
struct BundleTests {
    private let region = "湛江市/麻章区"

    private func file(_ number: Int) throws -> Filing {
        try Samples.filing("2023/湛江市/麻章区/单位\(number % 5)/整体支出", files: ["文件\(number)"])
    }

    private func rules(_ store: Store, _ regions: [String]) -> BundleRules {
        let sender = store.node
        return BundleRules(regions: { $0 == sender ? regions : nil })
    }

    @Test("two offices without a network go on by bundles, and acknowledgements come back")
    func backAndForth() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let folder = TemporaryFolder()
                let log = try await county.ownLog()
                for round in 0..<3 {
                    for number in 0..<7 {
                        _ = try await county.append(try file(round * 7 + number))
                    }
                    let there = folder.path("there\(round)")
                    let request = BundleRequest(start: .acknowledged, recipient: city.node)
                    let told = try await county.exportBundle(to: there, request)
                    #expect(told["entries"] == 7, "only what the city has not signed for")
                    let taken = try await city.importBundle(there, rules: rules(county, [region]))
                    #expect(taken["entries"] == 7)
                    let again = try await city.importBundle(there, rules: rules(county, [region]))
                    #expect(again["entries"] == 0)
                    let back = folder.path("back\(round)")
                    let answer = BundleRequest(
                        start: .beginning,
                        recipient: county.node,
                        hasEntries: false
                    )
                    _ = try await city.exportBundle(to: back, answer)
                    let kept = try await county.importBundle(back, rules: rules(city, ["*"]))
                    #expect(kept["acknowledgements"] == 1 && kept["entries"] == 0)
                    let signed = try await county.acknowledgement(log: log, from: city.node)
                    #expect(signed?.position.sequence == UInt64(round + 1) * 7)
                }
                #expect(try await answers(city) == answers(county))
                let answer = try await county.witnesses(try Lookup(parsing: "2023/麻章区/单位1"))
                #expect(answer.witnesses.map(\.node) == [city.node])
                // What each knows of the other without a session.
                #expect(try city.lastBundle(from: county.node) != nil)
                #expect(try county.lastBundle(from: city.node) != nil)
                #expect(try city.lastBundle(from: city.node) == nil)
                try await city.forgetBundles(from: county.node)
                #expect(try city.lastBundle(from: county.node) == nil)
                let commits = city.commitCount
                try await city.forgetBundles(from: county.node)
                #expect(city.commitCount == commits, "nothing is written for nothing")
                let ahead = try county.lag(of: city.node)
                #expect(ahead.entryCount == 0 && ahead.lastSigned != nil)
                #expect(ahead.lastArrived == nil, "the city has filed nothing")
                let heard = try city.lag(of: county.node)
                #expect(heard.lastArrived != nil && heard.lastSigned == nil)
                let stranger = NodeKey().id
                let whole = try city.lag(of: stranger)
                #expect(whole.entryCount == 21 && whole.byteCount > 0 && whole.oldest != nil)
                let counted = try city.lag(of: stranger, measuring: false)
                #expect(counted.entryCount == 21 && counted.byteCount == 0)
                let partly = try city.lag(of: stranger, settled: [log: 20])
                #expect(partly.entryCount == 1 && partly.signedCount == 0)
                #expect(try city.lag(of: stranger, settled: [log: 99]).oldest == nil)
                let lookup = try Lookup(parsing: "2023/麻章区/单位1")
                let bytes = try await city.get(lookup, body: .source(0), at: .now).bytes
                #expect(bytes == (try await county.get(lookup, body: .source(0), at: .now).bytes))
            }
        }
    }

    @Test("a gap is refused, and the message says from where to export")
    func gap() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let folder = TemporaryFolder()
                let log = try await county.ownLog()
                for number in 0..<4 { _ = try await county.append(try file(number)) }
                try await replicate(from: county, to: city)
                for number in 4..<9 { _ = try await county.append(try file(number)) }
                let position = try await county.status().arrival
                _ = try await county.append(try file(9))
                let late = folder.path("late")
                let told = try await county.exportBundle(
                    to: late,
                    BundleRequest(start: .arrival(position))
                )
                #expect(told["entries"] == 1)
                let error = await failure {
                    _ = try await city.importBundle(late, rules: rules(county, [region]))
                }
                #expect(error.code == .conflict)
                #expect(error.details["export"] == .strings(["\(log)=4"]))
                let wanted = folder.path("wanted")
                _ = try await county.exportBundle(
                    to: wanted,
                    BundleRequest(
                        start: .beginning,
                        logs: [(String("\(log)".prefix(8)), 4)]
                    )
                )
                let taken = try await city.importBundle(wanted, rules: rules(county, [region]))
                #expect(taken["entries"] == 6)
                #expect(try await answers(city) == answers(county))
            }
        }
    }

    @Test("a changed byte, another sender, another recipient and another region are refused")
    func refused() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let folder = TemporaryFolder()
                for number in 0..<3 { _ = try await county.append(try file(number)) }
                let path = folder.path("b")
                _ = try await county.exportBundle(to: path, BundleRequest(start: .beginning))
                await expectFailure(.conflict) {
                    _ = try await county.exportBundle(to: path, BundleRequest(start: .beginning))
                }
                let bytes = try TestFile.read(path)
                for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
                    var changed = bytes
                    changed[place] ^= 4
                    try TestFile.write(changed, to: folder.path("x"))
                    let error = await failure {
                        _ = try await city.importBundle(
                            folder.path("x"),
                            rules: rules(county, ["*"])
                        )
                    }
                    let expected: Set<ReportError.Code> = [
                        .integrity, .unreadable, .truncated, .unsupported,
                    ]
                    #expect(expected.contains(error.code), "byte \(place): \(error)")
                }
                for count in [0, 3, 80, bytes.count / 2, bytes.count - 1] {
                    try TestFile.write(Array(bytes.prefix(count)), to: folder.path("x"))
                    let error = await failure {
                        _ = try await city.importBundle(
                            folder.path("x"),
                            rules: rules(county, ["*"])
                        )
                    }
                    #expect(error.code != .partial)
                }
                await expectFailure(.notAllowed) {
                    _ = try await city.importBundle(path, rules: rules(city, ["*"]))
                }
                await expectFailure(.notAllowed) {
                    _ = try await city.importBundle(path, rules: rules(county, ["湛江市/赤坎区"]))
                }
                await expectFailure(.conflict) {
                    _ = try await county.importBundle(path, rules: rules(county, ["*"]))
                }
                #expect(try await city.status().arrival == 0)
                let addressed = folder.path("addressed")
                _ = try await county.exportBundle(
                    to: addressed,
                    BundleRequest(start: .beginning, recipient: NodeKey().id)
                )
                await expectFailure(.notAllowed) {
                    _ = try await city.importBundle(addressed, rules: rules(county, ["*"]))
                }
            }
        }
    }

    @Test("a manifest over its limit is not read, for nobody has signed for it yet")
    func largeManifest() throws {
        let folder = TemporaryFolder()
        for (count, code) in [(5 << 20, ReportError.Code.unsupported), (100, .unreadable)] {
            let size = (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
            let bytes =
                BundleLayout.magic + [1] + size + [UInt8](repeating: 0x5B, count: count + 100)
            let path = folder.path("\(count)")
            let file = try #require(fopen(path, "w"))
            #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
            fclose(file)
            let error = #expect(throws: ReportError.self) { try BundleReader(path) }
            #expect(error?.code == code)
        }
    }

    @Test("a log that may not be taken stops no other of the bundle, and its row tells why")
    func oneRefused() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let folder = TemporaryFolder()
                _ = try await county.append(try file(1))
                var foreign = try ForgedLog("邻")
                foreign.add(try Samples.filing("2023/湛江市/赤坎区/乙/整体支出"))
                _ = try await county.accept(foreign.batch(), descriptor: foreign.descriptor)
                let request = BundleRequest(start: .beginning)
                _ = try await county.exportBundle(to: folder.path("b"), request)
                let taken = try await city.importBundle(
                    folder.path("b"),
                    rules: rules(county, [region])
                )
                #expect(taken["entries"] == 1)
                let errors = taken["logs"]?.arrayValue?.compactMap { $0["error"]?.stringValue }
                #expect(errors == ["not-allowed"])
                // What came another way is nothing new.
                _ = try await city.accept(foreign.batch(), descriptor: foreign.descriptor)
                let again = try await city.importBundle(
                    folder.path("b"),
                    rules: rules(county, [region])
                )
                let none = again["logs"]?.arrayValue?.compactMap { $0["error"]?.stringValue }
                #expect(none == [])
            }
        }
    }

    @Test("a bundle for some regions holds the headers of the others, and no logs without records")
    func subscription() async throws {
        try await withStore { city in
            try await withStore(name: "县") { county in
                try await withStore(name: "三") { third in
                    let folder = TemporaryFolder()
                    _ = try await city.append(try file(1))
                    _ = try await city.append(try Samples.filing("2023/湛江市/赤坎区/乙/整体支出"))
                    let own = try await city.ownLog()
                    _ = try await city.exportBundle(
                        to: folder.path("b"),
                        BundleRequest(start: .beginning, recipient: county.node, regions: [region])
                    )
                    let taken = try await county.importBundle(
                        folder.path("b"),
                        rules: rules(city, ["*"])
                    )
                    #expect(taken["entries"] == 2)
                    let rows = try await county.list(ListFilter(), at: .now).rows
                    #expect(rows.map(\.version.key) == ["2023/湛江市/麻章区/单位1/整体支出"])
                    _ = try await county.append(try file(2))
                    let told = try await county.exportBundle(
                        to: folder.path("c"),
                        BundleRequest(start: .beginning)
                    )
                    #expect(told["entries"] == 1, "the city's log is held without records")
                    _ = try await third.importBundle(folder.path("c"), rules: rules(county, ["*"]))
                    #expect(try await third.logState(own)?.position.sequence ?? 0 == 0)
                }
            }
        }
    }

    @Test("a forked log goes into no bundle and no acknowledgement, and stops no other")
    func forked() async throws {
        // A store with a fork is not sound, so it is not verified at the end.
        let fixture = try StoreFixture(name: "市")
        defer { fixture.close() }
        let city = fixture.store
        try await withStore(name: "邻") { office in
            let key = NodeKey()
            var forked: LogID?
            for (number, holder) in [(1, office), (1, city), (2, city)] {
                var branch = try ForgedLog("甲县", key: key)
                branch.add(try file(number))
                forked = branch.descriptor.id
                do {
                    _ = try await holder.accept(branch.batch(), descriptor: branch.descriptor)
                } catch let error as ReportError { #expect(error.code == .forked) }
            }
            let log = try #require(forked)
            #expect(try await city.logState(log)?.isForked == true)
            _ = try await office.append(try file(3))
            let own = try await office.ownLog()
            let folder = TemporaryFolder()
            _ = try await office.exportBundle(
                to: folder.path("b"),
                BundleRequest(start: .beginning, recipient: city.node)
            )
            let taken = try await city.importBundle(
                folder.path("b"),
                rules: rules(office, ["*"])
            )
            let logs = taken["logs"]?.arrayValue?.compactMap { $0["log"]?.stringValue } ?? []
            #expect(Set(logs) == [log.description, own.description])
            // Whatever was named, what can be acknowledged is.
            let told = try await city.exportBundle(
                to: folder.path("ack"),
                BundleRequest(
                    start: .beginning,
                    recipient: office.node,
                    logs: logs.map { ($0, nil) },
                    hasEntries: false
                )
            )
            let left: JSONValue = [
                ["log": .string(log.description), "name": "甲县", "error": "forked"]
            ]
            #expect(told["leftOut"] == left && told["acknowledgements"] == 1)
            _ = try await office.importBundle(folder.path("ack"), rules: rules(city, ["*"]))
            #expect(try await office.acknowledgement(log: own, from: city.node) != nil)
            #expect(try await office.acknowledgement(log: log, from: city.node) == nil)
            _ = try await city.release(log.description)
            let all = try await city.exportBundle(
                to: folder.path("all"),
                BundleRequest(start: .beginning)
            )
            #expect(all["leftOut"] == left, "also when it was released, and nothing was named")
            let named = await failure {
                _ = try await city.exportBundle(
                    to: folder.path("none"),
                    BundleRequest(start: .beginning, logs: [(log.description, nil)])
                )
            }
            #expect(named.code == .forked && named.message.contains(log.description))
            #expect(named.details["leftOut"] == left)
        }
    }

    @Test("what goes to a node is what it was granted, or a part of that; a stranger gets nothing")
    func granted() async throws {
        try await withStore { city in
            let (county, stranger) = (NodeKey().id, NodeKey().id)
            #expect(try city.bundleGrants() == nil)
            // No node has run here: somebody has to say it.
            #expect(refusal { _ = try city.bundleRegions(for: county, asked: nil) } == .usage)
            #expect(try city.bundleRegions(for: stranger, asked: ["*"]) == ["*"])
            let town = region + "/湖光镇"
            try await city.noteBundleGrants([county: [region]])
            #expect(try city.bundleGrants() == [county: [region]])
            let commits = city.commitCount
            try await city.noteBundleGrants([county: [region]])
            #expect(city.commitCount == commits, "the same is noted once")
            #expect(try city.bundleRegions(for: county, asked: nil) == [region])
            #expect(try city.bundleRegions(for: county, asked: [town]) == [town])
            for wider in [["*"], ["湛江市"], [region, "湛江市/赤坎区"], [region + "域"]] {
                let code = refusal { _ = try city.bundleRegions(for: county, asked: wider) }
                #expect(code == .notAllowed, "\(wider)")
            }
            for asked in [nil, ["*"], [region]] {
                let code = refusal { _ = try city.bundleRegions(for: stranger, asked: asked) }
                #expect(code == .notAllowed)
            }
            try await city.noteBundleGrants([county: ["*"], stranger: [region]])
            #expect(try city.bundleRegions(for: county, asked: nil) == ["*"])
            #expect(try city.bundleRegions(for: county, asked: [region]) == [region])
            try await city.noteBundleGrants([:])
            #expect(refusal { _ = try city.bundleRegions(for: county, asked: nil) } == .notAllowed)
            #expect(BundleRules.common(["湛江市", "茂名市"], [region, "茂名市"]) == ["茂名市", region])
            #expect(BundleRules.common(["*"], [region]) == [region])
            #expect(BundleRules.common([region], ["湛江市/赤坎区"]).isEmpty)
        }
    }

    private func refusal(_ body: () throws -> Void) -> ReportError.Code? {
        do { try body() } catch { return (error as? ReportError)?.code }
        return nil
    }

    @Test("a restored node takes the rest of its old log from a bundle")
    func restored() async throws {
        try await withStore { county in
            try await withStore(name: "市") { city in
                let folder = TemporaryFolder()
                let former = try await county.ownLog()
                for number in 0..<3 { _ = try await county.append(try file(number)) }
                _ = try county.backup(to: folder.path("backup"), includesKey: true)
                for number in 3..<6 { _ = try await county.append(try file(number)) }
                try await replicate(from: county, to: city)
                _ = try await StoreRestore.restore(folder.path("backup"), to: folder.path("s"))
                let restored = try Store.open(
                    directory: folder.path("s"),
                    options: Store.Options(mapByteCount: 1 << 30)
                )
                defer { restored.close() }
                _ = try await city.exportBundle(
                    to: folder.path("b"),
                    BundleRequest(start: .beginning, recipient: county.node)
                )
                let taken = try await restored.importBundle(
                    folder.path("b"),
                    rules: rules(city, ["*"])
                )
                #expect(taken["entries"] == 3)
                #expect(try await restored.logState(former)?.position.sequence == 6)
                let held = try restored.filingHold()
                #expect(held?.reason == .restored)
            }
        }
    }
}

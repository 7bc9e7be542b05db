import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Nodes that reach each other through NATS JetStream alone.
    @Suite struct NATS {
        private let root: TestFolder
        private let city: NodeProcess
        private let county: NodeProcess
        private let region = "湛江市/麻章区"

        init() throws {
            root = try TestFolder()
            city = try NodeProcess("湛江市", in: root)
            county = try NodeProcess("麻章区", in: root, inboxRegion: region)
            // Neither has the other's address.
            try city.configure(Self.grant(try county.showKey(), region))
            let cityKey = try city.showKey()
            try county.configure(Self.grant(cityKey, "\"*\"") + "reviewers: [\(cityKey)]\n")
        }

        private static func grant(_ key: String, _ region: String) -> String {
            "grants:\n  - key: \(key)\n    regions: [\(region)]\n    verbs: [peer]\n"
        }

        private func nats(_ words: String..., url: String) throws -> CommandRun {
            try CommandRun.reportctl(["nats"] + words + ["--url", url])
        }

        private func log(of node: NodeProcess) -> String { "\(node.folder)/nats.log" }

        /// Starts what carries bundles for a node.
        private func carry(_ node: NodeProcess, _ peer: String, url: String) throws -> ChildProcess
        {
            try ChildProcess(
                try Programs.path("reportctl"),
                [
                    "nats", "run", "--url", url, "--store", node.store, "--peer", peer,
                    "--patience", "3",
                ],
                output: .file(log(of: node)),
                errors: log(of: node)
            )
        }

        private func carryBoth(url: String) throws -> [ChildProcess] {
            [
                try carry(county, "\(try city.showKey())=*", url: url),
                try carry(city, "\(try county.showKey())=\(region)", url: url),
            ]
        }

        /// Files different reports at the county.
        private func file(_ indices: Range<Int>) throws {
            for index in indices {
                try county.drop(Documents.numbered(index).text, as: "报告\(index).txt")
            }
        }

        private var words: String {
            [county, city].map { (try? Disk.text(log(of: $0))) ?? "" }.joined(separator: "\n")
        }

        /// Waits until the city has so many records, and the county the city's signature under all of them.
        private func awaitSigned(_ count: Int) throws {
            _ = try eventually("\(count) records that the city signed for; \(words)") {
                () -> Void? in
                let own = try county.ctl("status", "-o", "json").json()
                guard own["keys"]?.integerValue == count,
                    try city.ctl("status", "-o", "json").json()["keys"]?.integerValue == count
                else { return nil }
                let cityKey = try city.showKey()
                let signed = own["acknowledgements"]?.arrayValue?.filter { row in
                    row["by"] == .string(cityKey) && row["log"] == own["ownLog"]
                }
                let most = signed?.compactMap { $0["sequence"]?.integerValue }.max() ?? 0
                let held = own["logs"]?.arrayValue?.first { $0["log"] == own["ownLog"] }
                return most > 0 && held?["held"] == .integer(most) ? () : nil
            }
        }

        private func end() throws {
            for node in [county, city] {
                let report = try node.ctl("verify", "-o", "json")
                #expect(report.status == 0, "\(report)")
                #expect(try node.terminate() == 0)
            }
        }

        @Test("what is wrong is told before anything is carried")
        func mistakes() throws {
            let nowhere = "nats://127.0.0.1:\(try FreePort.next())"
            let down = try nats("init", url: nowhere)
            #expect(down.status == 6, "\(down)")
            for url in [
                "nats://nats.example:4222", "nats.example:4222", "nats://127.0.0.1,tls://x",
            ] {
                let plain = try nats("status", url: url)
                #expect(plain.status == 2, "\(plain)")
            }
            let secret = try nats("status", url: "nats://me:geheim@nats.example:4222")
            #expect(secret.status == 2 && !secret.errors.contains("geheim"), "\(secret)")
            let unnamed = try CommandRun.reportctl(["nats", "status"])
            #expect(unnamed.status == 2 && unnamed.errors.contains("REPORTCTL_NATS"))
            let store = ["--store", county.store, "--url", nowhere]
            let nobody = try CommandRun.reportctl(["nats", "run"] + store)
            #expect(nobody.status == 2 && nobody.errors.contains("--peer"), "\(nobody)")
            let bare = try CommandRun.reportctl(
                ["nats", "run", "--peer", try city.showKey()] + store
            )
            #expect(bare.status == 2 && bare.errors.contains("KEY=REGION"), "\(bare)")
        }

        @Test(
            "a report comes to the city, its review to the county, and killed servers and carriers lose nothing",
            .enabled(if: NATSServers.absence == nil, "nats-server is not installed")
        )
        func everything() throws {
            let servers = try NATSServers(in: root)
            let url = servers.url
            try city.start()
            try county.start()
            let early = try CommandRun.reportctl([
                "nats", "run", "--url", url, "--store", county.store, "--peer",
                "\(try city.showKey())=*",
            ])
            #expect(early.status == 3 && early.errors.contains("reportctl nats init"), "\(early)")
            #expect(try nats("init", url: url).output.contains("was made"))
            #expect(try nats("init", url: url).output.contains("already"))
            // The county's bundle waits for the city's carrier.
            try file(0..<1)
            var carriers = [try carry(county, "\(try city.showKey())=*", url: url)]
            _ = try eventually("a bundle in the stream; \(words)") {
                try nats("status", url: url).output.contains("entries") ? true : nil
            }
            carriers.append(try carry(city, "\(try county.showKey())=\(region)", url: url))
            try awaitSigned(1)
            #expect(try nats("status", url: url).output == "nothing waits\n")
            let second = try carry(county, "\(try city.showKey())=*", url: url)
            #expect(try second.wait(seconds: 60) == 4, "one for each node; \(words)")
            // A review goes down the same way.
            let key = "2014/麻章区"
            let review = try CommandRun.reportctl([
                "review", key, "--approve", "--store", city.store,
            ])
            #expect(review.status == 0, "\(review)")
            _ = try eventually("the review at the county; \(words)") {
                try county.ctl("get", key, "--field", "status").output == "approved\n" ? true : nil
            }
            for round in 0..<3 {
                try file((1 + round * 4)..<(5 + round * 4))
                servers.crash(0)
                carriers.forEach { $0.stop() }
                carriers = try carryBoth(url: url)
                try servers.start(0)
            }
            try awaitSigned(13)
            carriers.forEach { $0.stop() }
            try end()
        }

        @Test(
            "three servers, each killed in turn: the city's log is complete and in order",
            .enabled(if: NATSServers.absence == nil, "nats-server is not installed")
        )
        func cluster() throws {
            let servers = try NATSServers(count: 3, in: root)
            try city.start()
            try county.start()
            _ = try eventually("a cluster that has a stream") {
                try nats("init", "--replicas", "3", url: servers.url).status == 0 ? true : nil
            }
            try servers.awaitHealth()
            let carriers = try carryBoth(url: servers.url)
            // One of them leads the stream, whichever it is.
            for index in 0..<servers.count {
                try file((index * 3)..<(index * 3 + 3))
                servers.crash(index)
                try awaitSigned(index * 3 + 3)
                try servers.start(index)
                try servers.awaitHealth()
            }
            carriers.forEach { $0.stop() }
            try end()
        }
    }
}

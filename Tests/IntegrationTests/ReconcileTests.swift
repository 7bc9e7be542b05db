import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Restored and copied stores, comparison with peers, bundles and the ladder, with whole programs.
    @Suite struct Reconcile: CountyCitySuite {
        let place: CountyAndCity

        init() throws { place = try CountyAndCity() }

        private func drop(_ number: Int) throws {
            try county.drop(Documents.numbered(number).text, as: "\(number).txt")
        }

        private func awaitAtCity(_ number: Int) throws {
            let year = Documents.numbered(number).year
            try eventually("report \(number) at the city") {
                try city.ctl("get", "\(year)/麻章区").status == 0 ? () : nil
            }
        }

        @Test(
            "a restored node files nothing before an upstream was asked, then goes on in a new log"
        )
        func restored() throws {
            try city.start()
            try county.start()
            try drop(1)
            try awaitAtCity(1)
            let backup = "\(root.path)/backup"
            #expect(try at(county, "backup", "--with-key", backup).status == 0)
            try drop(2)
            try awaitAtCity(2)
            county.crash()
            #expect(try city.terminate() == 0)
            Disk.remove(county.store)
            let restored = try at(county, "restore", backup, "-o", "json")
            #expect(restored.status == 0, "\(restored)")
            #expect(try restored.json()["hold"]?["reason"] == "restored")

            try county.start()
            try drop(3)
            let path = "\(root.path)/4.txt"
            try Disk.write(Documents.numbered(4).text, to: path)
            let refused = try county.ctl("submit", path)
            #expect(refused.status == 9, "\(refused)")
            let status = try county.ctl("status", "-o", "json").json()
            #expect(status["hold"]?["reason"] == "restored")
            let shown = try at(county, "peer", "list")
            #expect(shown.status == 0, "\(shown)")
            #expect(Disk.exists("\(county.inbox)/3.txt"), "the file waits")

            try city.start()
            _ = try county.awaitFile("已接收/3.txt.回执.json")
            #expect(try county.ctl("status", "-o", "json").json()["hold"]?.isNull == true)
            for number in 1...3 { try awaitAtCity(number) }
            for number in 1...3 {
                let year = Documents.numbered(number).year
                let here = try county.ctl("get", "\(year)/麻章区", "-o", "json")
                let there = try city.ctl("get", "\(year)/麻章区", "-o", "json")
                #expect(here.status == 0 && here.bytes == there.bytes)
            }
            try endBoth()
        }

        @Test("an administrator goes on without an upstream, and what it held arrives later")
        func proceed() throws {
            try city.start()
            try county.start()
            try drop(1)
            try awaitAtCity(1)
            let backup = "\(root.path)/backup"
            #expect(try at(county, "backup", "--with-key", backup).status == 0)
            try drop(2)
            try awaitAtCity(2)
            county.crash()
            #expect(try city.terminate() == 0)
            Disk.remove(county.store)
            #expect(try at(county, "restore", backup).status == 0)
            try county.start()
            #expect(try county.ctl("peer", "proceed").status == 7, "not for strangers")
            #expect(try at(county, "peer", "proceed").status == 0)
            try drop(3)
            _ = try county.awaitFile("已接收/3.txt.回执.json")
            try city.start()
            for number in 1...3 { try awaitAtCity(number) }
            let year = Documents.numbered(2).year
            try eventually("what the city held is back") {
                try county.ctl("get", "\(year)/麻章区").status == 0 ? () : nil
            }
            try endBoth()
        }

        /// The county's data file with one report, of which the city has two; the county is stopped.
        private func olderCopy() throws -> [UInt8] {
            try city.start()
            try county.start()
            try drop(1)
            try awaitAtCity(1)
            #expect(try county.terminate() == 0)
            let old = try Disk.read("\(county.store)/data.mdb")
            try county.start()
            try drop(2)
            try awaitAtCity(2)
            #expect(try county.terminate() == 0)
            return old
        }

        private func putBack(_ bytes: [UInt8]) throws {
            unlink("\(county.store)/data.mdb")
            try Disk.write(bytes, to: "\(county.store)/data.mdb")
        }

        @Test("a data file that was copied back by hand makes no fork, once the node was connected")
        func copiedBack() throws {
            let old = try olderCopy()
            try putBack(old)
            try county.start()
            try eventually("the node has left its log and has what it lost") {
                let status = try county.ctl("status", "-o", "json").json()
                let own = status["logs"]?.arrayValue?.filter { $0["name"] == "麻章区" } ?? []
                return own.count == 2 && own.contains { $0["held"] == 2 }
                    && status["hold"]?.isNull == true ? () : nil
            }
            try drop(3)
            try awaitAtCity(3)
            let forked = try city.ctl("status", "-o", "json").json()["logs"]?.arrayValue ?? []
            #expect(forked.allSatisfy { $0["forked"] == false })
            try endBoth()
        }

        @Test("two copies that both filed make a fork: evidence, quarantine, release")
        func fork() throws {
            let old = try olderCopy()
            // An office without a network has the log from before.
            let office = try NodeProcess("坡头区", in: root)
            let (cityKey, officeKey) = (try city.showKey(), try office.showKey())
            let early = "\(root.path)/early.bundle"
            #expect(try at(city, "bundle", "export", early).status == 0)
            let given = try at(office, "bundle", "import", early, "--from", "\(cityKey)=*")
            #expect(given.status == 0, "\(given)")
            #expect(try city.terminate() == 0)
            try city.configure("  - {key: \(officeKey), regions: [\"*\"], verbs: [peer]}\n")
            try putBack(old)
            try county.start()
            try drop(3)
            _ = try county.awaitFile("已接收/3.txt.回执.json")
            try city.start()
            let log = try eventually("the fork at the city") { () -> String? in
                let list = try at(city, "peer", "list", "-o", "json").json()
                return list["forked"]?.arrayValue?.first?["log"]?.stringValue
            }
            let file = "\(root.path)/evidence.json"
            let shown = try at(city, "peer", "evidence", log, "-o", "json")
            try Disk.write(shown.bytes, to: file)
            #expect(try CommandRun.reportctl(["verify", file]).status == 0)
            let forged = shown.output.replacing(
                "\"header\":\"72706501",
                with: "\"header\":\"72706502",
                maxReplacements: 1
            )
            #expect(forged != shown.output)
            try Disk.write(forged, to: file)
            #expect(try CommandRun.reportctl(["verify", file]).status == 8)
            #expect(try at(city, "peer", "evidence").output.contains(log))

            // The quarantine outlives a restart; other reports of the node wait at the county.
            #expect(try city.terminate() == 0)
            try city.start()
            try drop(4)
            _ = try county.awaitFile("已接收/4.txt.回执.json")
            let year = Documents.numbered(4).year
            #expect(try city.ctl("get", "\(year)/麻章区").status == 3)
            #expect(try at(city, "peer", "release", String(log.prefix(8))).status == 0)
            #expect(try city.terminate() == 0)
            try city.start()
            try awaitAtCity(4)
            #expect(try city.ctl("get", "\(Documents.numbered(2).year)/麻章区").status == 0)

            // The office is acknowledged for what can be, time and again, and told what cannot.
            let filing = "\(root.path)/office.txt"
            try Disk.write(Documents.report(unit: "湛江市坡头区财政局", year: 2023), to: filing)
            #expect(try at(office, "submit", filing).status == 0)
            let bundle = "\(root.path)/office.bundle"
            let sent = try at(
                office,
                "bundle",
                "export",
                "--for",
                cityKey,
                "--regions",
                "*",
                bundle
            )
            #expect(sent.status == 0, "\(sent)")
            for _ in 1...2 {
                let taken = try at(city, "bundle", "import", bundle)
                #expect(taken.status == 0, "\(taken)")
                #expect(taken.errors.contains(String(log.prefix(8))), "\(taken)")
                #expect(taken.errors.contains("peer evidence"), "\(taken)")
                let back = try at(
                    office,
                    "bundle",
                    "import",
                    bundle + ".ack",
                    "--from",
                    "\(cityKey)=*"
                )
                #expect(back.status == 0 && !back.output.contains(" 0 ack"), "\(back)")
            }
            let named = try at(
                city,
                "bundle",
                "export",
                "--log",
                String(log.prefix(8)),
                bundle + "2"
            )
            #expect(named.errors.contains("forked") && !Disk.exists(bundle + "2"), "\(named)")
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
        }

        @Test("the province's signature comes down to the county")
        func ladder() throws {
            let province = try NodeProcess("广东省", in: root)
            try NodeProcess.connect([(city, "湛江市")], to: province)
            try province.start()
            try city.start()
            try county.start()
            try drop(1)
            let year = Documents.numbered(1).year
            let expected = Set([try city.showKey(), try province.showKey()])
            try eventually("both signatures at the county") { () -> Void? in
                let answer = try county.ctl("status", "\(year)/麻章区", "-o", "json")
                guard answer.status == 0 else { return nil }
                let nodes = try answer.json()["witnesses"]?.arrayValue ?? []
                return Set(nodes.compactMap { $0["node"]?.stringValue }) == expected ? () : nil
            }
            #expect(try province.terminate() == 0)
            try endBoth()
        }

        @Test("comparing with peers is harmless, and a record shows who holds it")
        func resync() throws {
            try city.start()
            try county.start()
            try drop(1)
            _ = try county.awaitFile("已接收/1.txt.回执.txt") { $0.contains("市级已收到") }
            let year = Documents.numbered(1).year
            let ladder = try county.ctl("status", "\(year)/麻章区", "-o", "json").json()
            let cityKey = try city.showKey()
            #expect(ladder["witnesses"]?.arrayValue?.map { $0["node"] } == [.string(cityKey)])
            let text = try county.ctl("status", "\(year)/麻章区")
            #expect(text.status == 0 && text.output.contains("整体支出@1"))
            for _ in 0..<2 {
                let run = try at(county, "peer", "resync", "all", "-o", "json")
                #expect(run.status == 0, "\(run)")
                let logs = try run.json()["items"]?.arrayValue?.first?["logs"]?.arrayValue
                #expect(logs?.count == 1)
                #expect(logs?.first?["compared"] == 1 && logs?.first?["sound"] == true)
            }
            #expect(try at(county, "peer", "resync", "ffff").status == 6)
            #expect(try at(county, "peer", "evidence").status == 0)
            try endBoth()
        }

        @Test("offices without a network exchange bundles, with and without a running node")
        func bundles() throws {
            try county.configure("")
            try county.start()
            try drop(1)
            _ = try county.awaitFile("已接收/1.txt.回执.json")
            let (cityKey, countyKey) = (try city.showKey(), try county.showKey())
            let first = "\(root.path)/1.bundle"
            let made = try at(county, "bundle", "export", "--for", cityKey, first)
            #expect(made.status == 0, "\(made)")
            // The city's node is not running: whose bundle it is must be said.
            #expect(try at(city, "bundle", "import", first).status == 7)
            let taken = try at(
                city,
                "bundle",
                "import",
                first,
                "--from",
                "\(countyKey)=\(CountyAndCity.region)",
                "-o",
                "json"
            )
            #expect(taken.status == 0, "\(taken)")
            #expect(try taken.json()["entries"] == 1)
            let back = try at(county, "bundle", "import", first + ".ack")
            #expect(back.status == 0, "\(back)")
            _ = try county.awaitFile("已接收/1.txt.回执.txt") { $0.contains("市级已收到") }

            try drop(2)
            _ = try county.awaitFile("已接收/2.txt.回执.json")
            let second = "\(root.path)/2.bundle"
            let next = try at(county, "bundle", "export", "--for", cityKey, second, "-o", "json")
            #expect(try next.json()["entries"] == 1)
            #expect(try county.terminate() == 0)
            try city.start()
            let running = try at(city, "bundle", "import", second)
            #expect(running.status == 0, "\(running)")
            try awaitAtCity(2)
            var bytes = try Disk.read(second)
            bytes[bytes.count / 2] ^= 1
            try Disk.write(bytes, to: "\(root.path)/x.bundle")
            #expect(try at(city, "bundle", "import", "\(root.path)/x.bundle").status == 8)
            try endBoth()
        }

        private func endBoth() throws {
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
            for node in [county, city] {
                let run = try CommandRun.reportctl(["verify", "--store", node.store])
                #expect(run.status == 0, "\(run)")
            }
        }
    }
}

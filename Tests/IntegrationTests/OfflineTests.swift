import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Offices that have no network between them: what goes on a stick.
    @Suite struct Offline {
        private let root: TestFolder
        private let city: NodeProcess
        private let county: NodeProcess
        private let own = "湛江市/吴川市"

        init() throws {
            root = try TestFolder()
            city = try NodeProcess("湛江市", in: root)
            county = try NodeProcess("吴川市", in: root, inboxRegion: own)
        }

        /// Runs `reportctl … --store` beside a node, whether it is running or not.
        private func at(_ node: NodeProcess, _ arguments: String...) throws -> CommandRun {
            try CommandRun.reportctl(arguments + ["--store", node.store])
        }

        private func grant(_ key: String, _ region: String) -> String {
            "  - {key: \(key), regions: [\"\(region)\"], verbs: [peer]}\n"
        }

        @Test(
            "a bundle for a node holds what it was granted; running or stopped, nobody has to remember it"
        )
        func granted() throws {
            let (cityKey, countyKey) = (try city.showKey(), try county.showKey())
            let stranger = String(repeating: "ab", count: 32)
            let grants = "\(root.path)/grants.yaml"
            try Disk.write(grant(countyKey, own), to: grants)
            try city.configure("grants: \(grants)\n")
            // A store of which no node has said anything.
            for (unit, name) in [("吴川市第一小学", "1"), ("霞山区第30小学", "2")] {
                let file = "\(root.path)/\(name).txt"
                let text = Documents.report(unit: "湛江市\(unit)", year: 2023)
                try Disk.write(text, to: file)
                #expect(try at(city, "submit", file).status == 0)
            }
            let early = try at(city, "bundle", "export", "--for", countyKey, "\(root.path)/early")
            #expect(early.status == 2 && early.errors.contains("--regions"), "\(early)")
            try city.start()
            for round in 1...2 {
                let path = "\(root.path)/\(round).bundle"
                let made = try at(city, "bundle", "export", "--for", countyKey, path)
                #expect(made.status == 0 && made.output.contains(own), "\(made)")
                let taken = try at(county, "bundle", "import", path, "--from", "\(cityKey)=*")
                #expect(taken.status == 0, "\(taken)")
                #expect(try at(county, "get", "2023/吴川市/第一小学").status == 0)
                let leaked = try at(county, "get", "2023/霞山区/第30小学")
                #expect(leaked.status == 3, "\(leaked)")
                let wide = try at(
                    city,
                    "bundle",
                    "export",
                    "--for",
                    countyKey,
                    "--regions",
                    "*",
                    path + "x"
                )
                #expect(wide.status == 7 && wide.errors.contains(own), "\(wide)")
                let foreign = try at(
                    city,
                    "bundle",
                    "export",
                    "--for",
                    stranger,
                    "--regions",
                    own,
                    path + "y"
                )
                #expect(foreign.status == 7 && foreign.errors.contains("grant"), "\(foreign)")
                #expect(!Disk.exists(path + "x") && !Disk.exists(path + "y"))
                // What was granted counts while the node is stopped as well.
                if round == 1 { #expect(try city.terminate() == 0) }
            }
            try city.start()
            // A grant that was changed counts from the reload on, as in a session.
            try Disk.write(grant(countyKey, "*"), to: grants)
            city.process?.send(SIGHUP)
            var tries = 0
            let made = try eventually("the wider grant counts") { () -> JSONValue? in
                tries += 1
                let told = try at(
                    city,
                    "bundle",
                    "export",
                    "--for",
                    countyKey,
                    "\(root.path)/w\(tries)",
                    "-o",
                    "json"
                ).json()
                return told["regions"] == ["*"] ? told : nil
            }
            #expect(made["entries"] == 2, "\(made)")
            #expect(try city.terminate() == 0)
        }

        @Test("the steps of the manual for offices without a network, as they stand there")
        func manual() throws {
            // As `reportd init` makes them, the county's without an upstream.
            let (citySetup, countySetup) = (try setUp("市"), try setUp("县"))
            let (cityKey, countyKey) = (try key(citySetup), try key(countySetup))
            // 1. At the city: the county is granted its region.
            try append(
                "grants:\n  - {key: \(countyKey), name: 吴川市, regions: [\(own)], verbs: [peer]}\n",
                to: citySetup
            )
            // 2. At the county: the city is an upstream without an address.
            let text = try Disk.text(countySetup)
            let line = "  - {key: \(cityKey), name: 湛江市}"
            try Disk.write(
                text.replacing("\nupstreams:\n", with: "\nupstreams:\n\(line)\n")
                    .replacing("reviewers: []", with: "reviewers: [\(cityKey)]"),
                to: countySetup
            )
            let port = try FreePort.next()
            try append("http: 127.0.0.1:\(port)\n", to: countySetup)
            let check = try CommandRun.reportd(["check-config", countySetup])
            #expect(check.status == 0 && check.output.contains("湛江市"), "\(check)")
            var nodes = [try start(citySetup), try start(countySetup)]
            defer { for node in nodes { node.stop() } }
            let inbox = "\(root.path)/县/收件"
            let report = Documents.report(unit: "湛江市吴川市第一小学", year: 2023)
            try Disk.write(report, to: "\(inbox)/报告.txt")
            func receipt(_ word: String) throws {
                _ = try eventually("\(word) in the receipt") {
                    try? Disk.text("\(inbox)/已接收/报告.txt.回执.txt").contains(word) ? true : nil
                }
            }
            try receipt("等待中")
            let stores = ["市", "县"].map { "\(root.path)/\($0)/store" }
            func bundle(_ words: String..., at place: Int) throws {
                let run = try CommandRun.reportctl(["bundle"] + words + ["--store", stores[place]])
                #expect(run.status == 0, "\(words): \(run)")
            }
            try expectBundles(cityKey, stores[1], port, hasCome: false)
            // 3. to 5. There and back.
            let there = "\(root.path)/吴川市.bundle"
            try bundle("export", "--for", cityKey, there, at: 1)
            try bundle("import", there, at: 0)
            try bundle("import", there + ".ack", at: 1)
            try receipt("市级已收到")
            try expectBundles(cityKey, stores[1], port, hasCome: true)
            // 6. A review comes the other way, with what the county is granted.
            let judged = try CommandRun.reportctl([
                "review", "2023/吴川市/第一小学", "--return", "请补充附件", "--store", stores[0],
            ])
            #expect(judged.status == 0, "\(judged)")
            let back = "\(root.path)/湛江市.bundle"
            try bundle("export", "--for", countyKey, back, at: 0)
            try bundle("import", back, at: 1)
            try receipt("请补充附件")
            // The same while the county's node is stopped: it tells the inbox at its next start.
            let second = Documents.report(unit: "湛江市吴川市第二小学", year: 2023)
            try Disk.write(second, to: "\(inbox)/第二.txt")
            let waiting = "\(inbox)/已接收/第二.txt.回执.txt"
            _ = try eventually("the second receipt") { Disk.exists(waiting) ? true : nil }
            let next = "\(root.path)/2.bundle"
            try bundle("export", "--for", cityKey, next, at: 1)
            try bundle("import", next, at: 0)
            nodes[1].send(SIGTERM)
            #expect(try nodes[1].wait(seconds: 120) == 0)
            try bundle("import", next + ".ack", "--from", "\(cityKey)=*", at: 1)
            nodes[1] = try start(countySetup)
            _ = try eventually("the second receipt is completed") {
                try? Disk.text(waiting).contains("市级已收到") ? true : nil
            }
        }

        /// An upstream without an address is shown as what it is, and no alert begins.
        private func expectBundles(
            _ key: String,
            _ store: String,
            _ port: Int,
            hasCome: Bool
        ) throws {
            let list = try CommandRun.reportctl(["peer", "list", "-o", "json", "--store", store])
            let row = try list.json()["peers"]?.arrayValue?.first { $0["key"] == .string(key) }
            #expect(row?["state"] == "bundles" && row?["name"] == "湛江市", "\(list)")
            #expect((row?["lastBundle"]?.stringValue != nil) == hasCome, "\(list)")
            let text = try RawClient.get("/metrics", port: port).body
            #expect(!text.contains("reportd_peer_connected{peer=\"\(key)"), "\(text)")
            _ = try eventually("readiness waits for no upstream without an address") {
                try RawClient.get("/readyz", port: port).status == 200 ? true : nil
            }
        }

        /// Sets up a node as the guide does.
        /// - Returns: its configuration.
        private func setUp(_ name: String) throws -> String {
            let folder = "\(root.path)/\(name)"
            try Disk.makeFolder(folder)
            let file = "\(folder)/reportd.yaml"
            let run = try CommandRun.reportd([
                "init", "--config", file, "--no-input", "--name", name == "市" ? "湛江市" : "吴川市",
                "--region",
                name == "市" ? "湛江市" : own, "--store", "\(folder)/store", "--inbox",
                "\(folder)/收件", "--no-upstream",
            ])
            #expect(run.status == 0, "\(run)")
            let text = try Disk.text(file)
            try Disk.write(
                text.replacing(
                    "listen: 127.0.0.1:7323",
                    with: "listen: 127.0.0.1:\(try FreePort.next())"
                ),
                to: file
            )
            return file
        }

        private func key(_ configuration: String) throws -> String {
            let run = try CommandRun.reportd(["--config", configuration, "--show-key"])
            return String(run.output.prefix { $0 != "\n" })
        }

        private func append(_ lines: String, to file: String) throws {
            try Disk.write(try Disk.text(file) + lines, to: file)
        }

        private func start(_ configuration: String) throws -> ChildProcess {
            let process = try ChildProcess(
                try Programs.path("reportd"),
                ["--config", configuration],
                output: .file(configuration + ".log"),
                errors: configuration + ".log"
            )
            let log = configuration + ".log"
            _ = try eventually("a node is ready") {
                try? Disk.text(log).contains("is ready") ? true : nil
            }
            return process
        }
    }
}

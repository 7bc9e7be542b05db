import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// What `reportd` refuses to start with, and its key.
    @Suite struct Start {
        private let root: TestFolder

        init() throws { root = try TestFolder() }

        private func configuration(_ lines: String) throws -> String {
            let path = "\(root.path)/reportd.yaml"
            try Disk.write("node:\n  name: 甲\nstore: \(root.path)/store\n" + lines, to: path)
            return path
        }

        @Test(
            "an address that others can reach is refused",
            arguments: ["0.0.0.0", "[::]", "192.0.2.1"]
        )
        func foreignAddress(host: String) throws {
            let path = try configuration("listen: '\(host):\(try FreePort.next())'\n")
            let run = try CommandRun.reportd(["--config", path])
            #expect(run.status == 7, "\(run)")
            #expect(run.errors.contains("needs TLS"))
            #expect(run.errors.contains("not-allowed"))
        }

        @Test(
            "a setting that is unknown or wrong is named",
            arguments: [
                ("colour: red\n", "colour"),
                ("inboxes:\n  - path: /tmp\n    regoin: 甲\n", "regoin"),
                ("listen: here\n", "listen"), ("workers: 0\n", "workers"),
                ("inboxes:\n  - path: relative\n", "path"), ("log: xml\n", "log"),
                ("upstreams:\n  - address: 127.0.0.1:1\n    key: short\n", "key"),
                ("grants:\n  - key: short\n    regions: ['*']\n", "key"), ("a: [\n", "YAML"),
            ]
        )
        func wrongSetting(lines: String, name: String) throws {
            let path = try configuration(lines)
            let run = try CommandRun.reportd(["--config", path])
            #expect(run.status == 2, "\(run)")
            #expect(run.errors.contains(name), "\(run)")
            #expect(run.output.isEmpty)
        }

        @Test(
            "what check-config finds in ports and folders refuses the start too, before anything is touched"
        )
        func laterFaults() throws {
            let port = try FreePort.next()
            let listen = "listen: 127.0.0.1:\(port)\n"
            for (lines, word) in [
                ("listen: ['127.0.0.1:\(port)', 'localhost:\(port)']\n", "yaml:4: listen[1]"),
                (listen + "inboxes: [{path: \(root.path)/a}, {path: \(root.path)/a/b}]\n", ":5:"),
                (listen + "inboxes: [{path: \(root.path)}]\n", "yaml:5: inboxes[0].path"),
                (listen + "tls: {folder: \(root.path)/identity}\n", "yaml:5: tls.folder"),
            ] {
                let path = try configuration(lines)
                for arguments in [["check-config", path], ["--config", path]] {
                    let run = try CommandRun.reportd(arguments)
                    #expect(run.status == 2, "\(run)")
                    #expect((run.output + run.errors).contains(word), "\(run)")
                }
                #expect(!Disk.exists("\(root.path)/store"))
            }
        }

        @Test("a configuration that is missing, empty or of the wrong shape ends with status 2")
        func noConfiguration() throws {
            let missing = try CommandRun.reportd(["--config", "\(root.path)/none.yaml"])
            #expect(missing.status == 2)
            #expect(missing.errors.contains("none.yaml"))
            #expect(try CommandRun.reportd([]).status == 2)
            let path = "\(root.path)/odd.yaml"
            for text in ["", "- 1\n", "node: 甲\nstore: /x\n", "store: /x\n", "\u{0}\u{1}"] {
                try Disk.write(text, to: path)
                #expect(try CommandRun.reportd(["--config", path]).status == 2, "\(text)")
            }
        }

        @Test("a second daemon on one store, or on one port, does not start")
        func twoDaemons() throws {
            let node = try NodeProcess("甲", in: root)
            try node.start()
            let second = try CommandRun.reportd(["--config", node.configuration])
            #expect(second.status == 4, "\(second)")
            #expect(second.errors.contains("conflict"))
            let path = try configuration("listen: \(node.address)\n")
            let port = try CommandRun.reportd(["--config", path])
            #expect(port.status == 2, "\(port)")
            #expect(port.errors.contains("\(node.port)"))
            #expect(try node.terminate() == 0)
        }

        /// The last line of a start that failed, all of whose lines are JSON.
        private func lastLine(_ path: String, status: Int32) throws -> JSONValue {
            let run = try CommandRun.reportd(["--config", path])
            #expect(run.status == status && run.output.isEmpty, "\(run)")
            let lines = try run.errors.split(separator: "\n").map { line in
                try #require(try? JSONValue(parsing: Array(line.utf8)), "\(run)")
            }
            let last = try #require(lines.last, "\(run)")
            #expect(last["event"] == "failed" && last["level"] == "critical", "\(run)")
            #expect(last["time"]?.stringValue != nil && last["what to do"]?.stringValue != nil)
            return last
        }

        @Test(
            "where the log is JSON, the reason why a node does not start is a line of JSON as well"
        )
        func jsonFailure() throws {
            let node = try NodeProcess("甲", in: root, more: "log: json\n")
            try node.start()
            let second = try lastLine(node.configuration, status: 4)
            #expect(second["code"] == "conflict", "\(second.canonicalText)")
            let port = try lastLine(
                try configuration("log: json\nlisten: \(node.address)\n"),
                status: 2
            )
            #expect(port["message"]?.stringValue?.contains("\(node.port)") == true)
            let foreign = try configuration("log: json\nlisten: '0.0.0.0:\(try FreePort.next())'\n")
            #expect(try lastLine(foreign, status: 7)["code"] == "not-allowed")
            // A configuration with faults, too, as long as this setting can be read.
            let faults = try lastLine(try configuration("workers: 0\nlog: json\nx: 1\n"), status: 2)
            #expect(faults["message"]?.stringValue?.contains("workers") == true)
            #expect(try node.terminate() == 0)
            for line in try Disk.text(node.log).split(separator: "\n") {
                #expect((try? JSONValue(parsing: Array(line.utf8))) != nil, "\(line)")
            }
        }

        @Test("the key is the same before, during and after a run")
        func key() throws {
            let node = try NodeProcess("甲", in: root)
            let key = try node.showKey()
            #expect(key.hasPrefix("ed25519:") && key.count == 8 + 64)
            #expect(try node.showKey() == key)
            try node.start()
            #expect(try node.showKey() == key)
            #expect(try node.ctl("status", "-o", "json").json()["node"]?.stringValue == key)
            node.crash()
            #expect(try node.showKey() == key)
        }

        @Test("SIGINT ends a node as SIGTERM does, also with clients connected")
        func signals() throws {
            let node = try NodeProcess("甲", in: root, inboxRegion: "湛江市/麻章区")
            for signal in [SIGTERM, SIGINT] {
                try node.start()
                let client = try RawClient(port: node.port)
                client.send("WATCH\n")
                _ = client.reply()
                node.process?.send(signal)
                #expect(try node.process?.wait(seconds: 120) == 0)
                #expect(client.rest() != nil)
            }
        }

        @Test("a node that is stopped as soon as it can be reached ends in order")
        func stoppedAtOnce() throws {
            let node = try NodeProcess("甲", in: root)
            for _ in 0..<20 {
                try node.launch()
                let patience = ContinuousClock.now + .seconds(60)
                while (try? RawClient(port: node.port)) == nil, ContinuousClock.now < patience {
                    usleep(200)
                }
                #expect(try node.terminate() == 0, "\(node.shownLog)")
            }
        }
    }
}

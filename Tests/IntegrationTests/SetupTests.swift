import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// `reportd init`, `reportd check-config`, `reportctl doctor`.
    @Suite struct Setup {
        private let root: TestFolder

        init() throws { root = try TestFolder() }

        private var file: String { "\(root.path)/etc/reportd.yaml" }

        private func initialise(_ more: String...) throws -> CommandRun {
            try CommandRun.reportd(
                [
                    "init", "--config", file, "--store", "\(root.path)/state/store", "--inbox",
                    "\(root.path)/收件", "--no-input",
                ] + more
            )
        }

        @Test("what init makes passes check-config, starts, and init writes nothing over")
        func path() throws {
            let made = try initialise("--name", "麻章区", "--region", "湛江市/麻章区")
            #expect(made.status == 0, "\(made)")
            #expect(made.output.contains("ed25519:"))
            #expect(made.output.contains("reportctl pki join"))
            let check = try CommandRun.reportd(["check-config", file])
            #expect(check.status == 0, "\(check)")
            let text = try Disk.text(file)
            let again = try initialise("--name", "乙", "--region", "湛江市/麻章区")
            #expect(again.status == 4, "\(again)")
            #expect(try Disk.text(file) == text)
            let key = try CommandRun.reportd(["--config", file, "--show-key"])
            #expect(made.output.contains(key.output.prefix { $0 != "\n" }))
        }

        @Test("without a terminal what is missing is named, and nothing is asked or made")
        func missing() throws {
            let name = try initialise("--region", "440811")
            #expect(name.status == 2)
            #expect(name.errors.contains("--name"))
            let region = try initialise("--name", "甲", "--region", "鼓楼区")
            #expect(region.status == 2)
            #expect(region.errors.contains("鼓楼区"))
            #expect(access(file, F_OK) != 0)
        }

        /// What `init` says to somebody who types answers at a terminal.
        private func atTerminal(_ file: String, _ answers: [String]) throws -> CommandRun {
            let script = """
                import os, pty, sys
                process, terminal = pty.fork()
                if process == 0:
                    os.execv(sys.argv[2], sys.argv[2:])
                os.write(terminal, sys.argv[1].encode())
                try:
                    while chunk := os.read(terminal, 4096):
                        sys.stdout.buffer.write(chunk)
                except OSError:
                    pass
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
                """
            let typed = answers.map { $0 + "\n" }.joined()
            return try CommandRun.run(
                "python3",
                [
                    "-c", script, typed, try Programs.path("reportd"), "init", "--config", file,
                    "--store", "\(file).state/store", "--inbox", "\(root.path)/收件",
                ],
                at: "/usr/bin/python3"
            )
        }

        @Test("init asks for name, region and the node above, and says what fits the answers")
        func asked() throws {
            let place = ["麻章区", "湛江市/麻章区", ""]
            // An address without a port is asked for again.
            let county = "\(root.path)/county.yaml"
            let made = try atTerminal(county, place + ["10.20.0.1", "10.20.0.1:7324"])
            #expect(made.status == 0, "\(made)")
            #expect(made.output.contains("'10.20.0.1' is no HOST:PORT"), "\(made)")
            let office = "ask the office at 10.20.0.1:7324 for a token"
            #expect(made.output.contains(office), "\(made)")
            #expect(made.output.contains("reportctl pki join"), "\(made)")
            #expect(try Disk.text(county).contains("The node above, 10.20.0.1:7324"))
            let alone = "\(root.path)/alone.yaml"
            let single = try atTerminal(alone, place + [""])
            #expect(single.status == 0, "\(single)")
            #expect(!single.output.contains("pki join"), "\(single)")
            #expect(try Disk.text(alone).contains("No node above"))
            // A tunnel on this machine: no certificate, so the key must be known.
            let tunnel = "\(root.path)/tunnel.yaml"
            let key = "ed25519:" + String(repeating: "ab", count: 32)
            let known = try atTerminal(tunnel, place + ["127.0.0.1:7400", key])
            #expect(known.status == 0 && !known.output.contains("pki join"), "\(known)")
            #expect(try Disk.text(tunnel).contains("key: \(key)"))
            for file in [county, alone, tunnel] {
                let check = try CommandRun.reportd(["check-config", file])
                #expect(check.status == 0, "\(check)")
            }
            let flags = try initialise(
                "--name",
                "麻章区",
                "--region",
                "440811",
                "--upstream",
                "127.0.0.1:7400"
            )
            #expect(flags.status == 2 && flags.errors.contains("--upstream-key"), "\(flags)")
            let both = try initialise(
                "--name",
                "麻章区",
                "--region",
                "440811",
                "--upstream",
                "a:1",
                "--no-upstream"
            )
            #expect(both.status == 2, "\(both)")
        }

        @Test(
            "check-config tells every fault with its line, in text and in JSON, in both languages"
        )
        func faults() throws {
            let path = "\(root.path)/bad.yaml"
            try Disk.write("node: {name: 甲}\nstroe: /s\nlisten: here\nworkers: 0\n", to: path)
            let run = try CommandRun.reportd(["check-config", path])
            #expect(run.status == 2)
            for place in ["bad.yaml:2: stroe", "bad.yaml:3: listen", "bad.yaml:4: workers"] {
                #expect(run.output.contains(place), "\(run)")
            }
            #expect(run.output.contains("'store'"))
            let json = try CommandRun.reportd(["check-config", path, "-o", "json"]).json()
            let lines = json["faults"]?.arrayValue?.compactMap { $0["line"]?.integerValue }
            #expect(lines?.sorted() == [1, 2, 3, 4])
            let chinese = try CommandRun.run(
                "reportd",
                ["check-config", path],
                environment: ["LC_ALL": "zh_CN.UTF-8"]
            )
            #expect(chinese.output.contains("没有这个设置"))
        }

        @Test("the doctor looks at a node that runs and at one that does not")
        func doctor() throws {
            let node = try NodeProcess("节点", in: root, inboxRegion: "湛江市/麻章区")
            let before = try CommandRun.reportctl(
                ["doctor", "--config", node.configuration, "-o", "json"]
            )
            let stopped = try before.json()["checks"]?.arrayValue ?? []
            let words = Set(stopped.compactMap { $0["check"]?.stringValue })
            #expect(words.isSuperset(of: ["configuration", "service", "disk", "ports", "worker"]))
            try node.start()
            let run = try CommandRun.reportctl(["doctor", "--config", node.configuration])
            #expect(run.output.contains("节点"), "\(run)")
            #expect(!run.output.contains("another program listens"), "\(run)")
            try Disk.write("x", to: "\(root.path)/nothing")
            chmod("\(node.store)/node.key", 0o644)
            let faulty = try CommandRun.reportctl(
                ["doctor", "--config", node.configuration, "-o", "json"]
            )
            #expect(faulty.status != 0)
            let faults = try faulty.json()["checks"]?.arrayValue?.filter {
                $0["level"]?.stringValue == "fault"
            }
            #expect(
                faults?.contains {
                    $0["command"]?.stringValue == "chmod 600 '\(node.store)/node.key'"
                }
                    == true,
                "\(faulty)"
            )
            #expect(try node.terminate() == 0)
        }

        @Test("a node that hangs is told by doctor, who goes on, and by commands: exit code 10")
        func hanging() throws {
            let node = try NodeProcess("节点", in: root)
            try node.start()
            node.process?.send(SIGSTOP)
            defer { node.process?.send(SIGCONT) }
            let run = try CommandRun.reportctl(
                ["doctor", "--config", node.configuration, "-o", "json"]
            )
            let checks = try run.json()["checks"]?.arrayValue ?? []
            let service = checks.first { $0["check"] == "service" }
            #expect(service?["code"] == "timed-out", "\(run)")
            let words = checks.compactMap { $0["check"]?.stringValue }
            #expect(words.contains("ports") && words.contains("locale"), "\(run)")
            let status = try node.ctl("status")
            #expect(status.status == 10, "\(status)")
            #expect(status.errors.contains("does not answer: nothing came within 10 s"))
            #expect(status.errors.contains("systemctl restart reportd"), "\(status)")
            let get = try CommandRun.reportctl(
                ["get", "2023/麻章区", "--node", node.address],
                environment: ["LC_ALL": "zh_CN.UTF-8"]
            )
            #expect(get.status == 10, "\(get)")
            #expect(get.errors.contains("没有应答"), "\(get)")
            // A command that finds the store taken asks at the socket.
            let note = try CommandRun.reportctl(["peer", "list", "--store", node.store])
            #expect(note.status == 10, "\(note)")
            node.process?.send(SIGCONT)
            #expect(try node.ctl("status").status == 0)
            #expect(try node.terminate() == 0)
        }

        @Test("backups that are gone from their folder are named by backup list")
        func backupsGone() throws {
            let folder = "\(root.path)/备份"
            try Disk.makeFolder(folder)
            let node = try NodeProcess("节点", in: root, more: "backup: {folder: \(folder)}\n")
            try node.start()
            func list() throws -> CommandRun {
                try CommandRun.reportctl(["backup", "list", folder])
            }
            let name = try eventually("the first backup; \(node.shownLog)") { () -> String? in
                let json = try CommandRun.reportctl(["backup", "list", folder, "-o", "json"]).json()
                return json["state"]?["lastSuccess"]?["name"]?.stringValue
            }
            #expect(try list().output.contains(name))
            #expect(try !list().output.contains("GONE"))
            #expect(try node.terminate() == 0)
            #expect(rename("\(folder)/\(name)", "\(root.path)/elsewhere") == 0)
            let gone = try list()
            #expect(gone.status == 0, "\(gone)")
            #expect(gone.output.contains("no backup\n"), "\(gone)")
            #expect(gone.output.contains("GONE: \(name)"), "\(gone)")
            let chinese = try CommandRun.reportctl(
                ["backup", "list", folder],
                environment: ["LC_ALL": "zh_CN.UTF-8"]
            )
            #expect(chinese.output.contains("已不在文件夹中：\(name)"), "\(chinese)")
            // Put back, it is there as before.
            #expect(rename("\(root.path)/elsewhere", "\(folder)/\(name)") == 0)
            #expect(try !list().output.contains("GONE"))
        }

        @Test("programs print the version, and reportd ends with usage for an unknown command")
        func versions() throws {
            for program in [
                "reportd", "reportctl", "reportctl-pki", "reportctl-export", "reportctl-nats",
                "reportd-worker",
            ] {
                let run = try CommandRun.run(program, ["--version"])
                #expect(run.status == 0, "\(program) \(run)")
                #expect(run.output.hasPrefix(ReportdVersion.text), "\(program) \(run)")
            }
            #expect(try CommandRun.reportd(["begin"]).status == 2)
        }
    }
}

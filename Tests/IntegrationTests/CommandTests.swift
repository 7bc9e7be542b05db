import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// What scripts rely on: outputs and exit codes of `reportctl`.
    @Suite struct Commands {
        private let root: TestFolder
        private let node: NodeProcess
        private let key = "2023/湛江市/麻章区/红星小学/整体支出"
        private let source: [UInt8]
        private let path: String

        init() throws {
            root = try TestFolder()
            node = try NodeProcess("节点", in: root)
            source = Array(Documents.report(unit: "湛江市麻章区红星小学", year: 2023).utf8)
            path = "\(root.path)/report.txt"
            try Disk.write(source, to: path)
            try node.start()
            let run = try node.ctl("submit", path, "-o", "json")
            guard run.status == 0 else { throw TestFailure("submit: \(run)") }
        }

        private func file(_ name: String, _ text: String) throws -> String {
            let path = "\(root.path)/\(name)"
            try Disk.write(text, to: path)
            return path
        }

        private func code(_ run: CommandRun) throws -> String? {
            try run.json()["error"]?["code"]?.stringValue
        }

        @Test("usage errors end with 2, as JSON when that was asked for")
        func usage() throws {
            for arguments in [
                ["frobnicate"], ["get"], ["get", "2023/麻章区", "--nonsense"],
                ["get", "2023/麻章区", "-o", "csv"], ["list", "--limit", "0"],
                ["list", "--status", "none"], ["list", "--since", "yesterday"],
                ["submit", path, "--year", "12"], ["check", path, "--fail-on", "x"],
                ["status", "--store", "/x", "--node", "y"],
                ["status", "--node", "localhost:99999999"],
            ] {
                let run = try CommandRun.reportctl(
                    arguments,
                    environment: ["REPORTCTL_NODE": node.address]
                )
                #expect(run.status == 2, "\(arguments): \(run)")
                #expect(run.output.isEmpty && !run.errors.isEmpty)
            }
            let run = try CommandRun.reportctl(["get", "-o", "json"])
            #expect(run.status == 2)
            #expect(try code(run) == "usage")
        }

        @Test("a get in the words that are read without the library answers as the library's does")
        func plainGet() throws {
            let places = [
                (["--node", node.address], ["--node=\(node.address)"]),
                (["--store", node.store], ["--store=\(node.store)"]),
                (["--node", "127.0.0.1:1"], ["--node=127.0.0.1:1"]),
                (["--node", "x", "--store", "y"], ["--node=x", "--store=y"]),
            ]
            let lookups = [[key], ["2023/麻章区"], [key + "@1", "1999/无"], ["1999/无"], [""], []]
            for (plain, other) in places {
                for words in lookups {
                    for format in ["text", "json", "none"] {
                        let said = words + plain + ["-o", format]
                        let one = try CommandRun.reportctl(["get"] + said)
                        let spelled = other + ["--output=\(format)"] + words
                        let two = try CommandRun.reportctl(["get"] + spelled)
                        #expect(one.status == two.status, "\(plain) \(format): \(one)")
                        #expect(one.output == two.output)
                        // A complaint about a word says it as it was given.
                        if format != "none" { #expect(one.errors == two.errors) }
                    }
                }
            }
            let run = try CommandRun.reportctl(
                ["get", key],
                environment: ["REPORTCTL_NODE": node.address]
            )
            #expect(run.status == 0 && run.output.contains("红星小学"))
            // What has no value is the library's to judge.
            for words in [["-o"], ["-o", "-json"]] {
                #expect(try CommandRun.reportctl(["get", key] + words).status == 2)
            }
        }

        @Test("what is not there ends with 3 and near misses, over TCP and from the store")
        func notFound() throws {
            for place in [["--node", node.address], ["--store", node.store]] {
                let run = try CommandRun.reportctl(["get", "2022/麻章区", "-o", "json"] + place)
                #expect(run.status == 3)
                #expect(try code(run) == "not-found")
                let near = try run.json()["error"]?["near"]?.arrayValue ?? []
                #expect(near.contains(.string(key)), "\(run)")
                #expect(run.errors.isEmpty)
                let text = try CommandRun.reportctl(["get", "2022/麻章区"] + place)
                #expect(text.status == 3)
                #expect(text.output.isEmpty)
                #expect(text.errors.contains(key))
            }
            #expect(try node.ctl("get", "2023/麻章区@9").status == 3)
            #expect(try node.ctl("get", "2023/麻章区", "--field", "no.such").status == 3)
            #expect(try node.ctl("history", "1999/麻章区").status == 3)
            #expect(
                try CommandRun.reportctl(["get", key, "--store", "\(root.path)/none"]).status == 3
            )
            #expect(try CommandRun.reportctl(["parse", "\(root.path)/none.txt"]).status == 3)
        }

        @Test("an unexpected current version is a conflict with 4")
        func conflict() throws {
            let other = try file(
                "other.txt",
                Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "90")
            )
            for number in ["0", "7"] {
                let run = try node.ctl("submit", other, "--if-version", number, "-o", "json")
                #expect(run.status == 4, "\(run)")
                #expect(try code(run) == "conflict")
            }
            let run = try node.ctl("submit", other, "--if-version", "1", "-o", "json")
            #expect(run.status == 0, "\(run)")
            #expect(try run.json()["version"]?["number"] == 2)
        }

        @Test("faults of a document end with 5 and their code")
        func documents() throws {
            let nameless = try file("无年度.txt", Documents.report(unit: "湛江市麻章区文化站", year: nil))
            let run = try node.ctl("submit", nameless, "-o", "json")
            #expect(run.status == 5)
            #expect(try run.json()["outcome"] == "rejected")
            #expect(try code(run) == "no-key")
            #expect(try CommandRun.reportctl(["parse", nameless]).status == 0)
            let given = try node.ctl("submit", nameless, "--year", "2021", "-o", "json")
            #expect(given.status == 0, "\(given)")
            #expect(try given.json()["key"] == "2021/湛江市/麻章区/文化站/整体支出")
            for (name, text, code) in [
                ("空.txt", "", "empty"), ("图.gif", "GIF89a\u{1}\u{0}\u{1}\u{0}", "no-text"),
            ] {
                let path = try file(name, text)
                for command in ["parse", "submit"] {
                    let place = command == "submit" ? ["--node", node.address] : []
                    let run = try CommandRun.reportctl([command, path, "-o", "json"] + place)
                    #expect(run.status == 5, "\(run)")
                    #expect(try self.code(run) == code)
                }
            }
        }

        @Test("nobody at an address is 6")
        func unreachable() throws {
            let address = "127.0.0.1:\(try FreePort.next())"
            let run = try CommandRun.reportctl(["get", key, "--node", address, "-o", "json"])
            #expect(run.status == 6)
            #expect(try code(run) == "unreachable")
            #expect(try CommandRun.reportctl(["status", "--node", address]).status == 6)
        }

        @Test("a damaged store is 8")
        func damage() throws {
            #expect(try node.terminate() == 0)
            let data = Disk.files(under: node.store).filter { $0.hasSuffix("data.mdb") }
            let name = try #require(data.first)
            var bytes = try Disk.read("\(node.store)/\(name)")
            let hit = try #require(Self.place(of: Array(key.utf8), in: bytes))
            bytes[hit] ^= 0x01
            try Disk.write(bytes, to: "\(node.store)/\(name)")
            let run = try CommandRun.reportctl(["verify", "--store", node.store, "-o", "json"])
            #expect(run.status == 8, "\(run)")
            #expect(try run.json()["sound"] != true)
        }

        /// The last place of some bytes: the newest page.
        private static func place(of wanted: [UInt8], in bytes: [UInt8]) -> Int? {
            var index = bytes.count - wanted.count
            while index >= 0 {
                if bytes[index] == wanted[0],
                    bytes[index..<(index + wanted.count)].elementsEqual(wanted)
                {
                    return index
                }
                index -= 1
            }
            return nil
        }

        @Test("several files print one object a line, and 11 when not all are alike")
        func severalFiles() throws {
            let empty = try file("空.txt", "")
            let second = try file("2022.txt", Documents.report(unit: "湛江市麻章区红星小学", year: 2022))
            for command in ["parse", "submit"] {
                let place = command == "submit" ? ["--node", node.address] : []
                let run = try CommandRun.reportctl(
                    [command, path, empty, second, "-o", "jsonl"] + place
                )
                #expect(run.status == 11, "\(run)")
                let lines = try run.jsonLines()
                #expect(lines.map { $0["file"]?.stringValue } == [path, empty, second])
                #expect(lines.map { $0["error"]?["code"]?.stringValue } == [nil, "empty", nil])
            }
            let run = try CommandRun.reportctl(["parse", empty, empty, "-o", "jsonl"])
            #expect(run.status == 5, "all alike")
            #expect(try node.ctl("get", "2022/麻章区", "1999/麻章区").status == 11)
        }

        @Test("a store is made by submit, read beside the daemon, and reads alike in every way")
        func stores() throws {
            let own = "\(root.path)/own"
            let made = try CommandRun.reportctl(["submit", "--store", own, path, "-o", "json"])
            #expect(made.status == 0, "\(made)")
            #expect(try made.json()["outcome"] == "stored")
            #expect(
                try CommandRun.reportctl(["get", key, "--store", own, "--field", "score"]).output
                    == "97\n"
            )

            let third = try file("2021.txt", Documents.report(unit: "湛江市麻章区红星小学", year: 2021))
            let sent = try CommandRun.reportctl([
                "submit", "--store", node.store, third, "-o", "json",
            ])
            #expect(sent.status == 0, "\(sent)")
            #expect(try node.ctl("get", "2021/麻章区", "--field", "score").output == "97\n")
            let remote = try node.ctl("get", key, "-o", "json")
            let beside = try CommandRun.reportctl(["get", key, "-o", "json", "--store", node.store])
            #expect(remote.bytes == beside.bytes)
            let listed = try node.ctl("list", "-o", "json")
            #expect(try node.terminate() == 0)
            let stopped = try CommandRun.reportctl([
                "get", key, "-o", "json", "--store", node.store,
            ])
            #expect(stopped.bytes == remote.bytes)
            let list = try CommandRun.reportctl(["list", "-o", "json", "--store", node.store])
            #expect(list.bytes == listed.bytes)
            #expect(try list.json()["rows"]?.arrayValue?.count == 2)
        }

        @Test("flags win over REPORTCTL_STORE, and that over REPORTCTL_NODE")
        func environment() throws {
            let own = "\(root.path)/own"
            let other = try file(
                "own.txt",
                Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "81")
            )
            #expect(try CommandRun.reportctl(["submit", "--store", own, other]).status == 0)
            let both = ["REPORTCTL_STORE": own, "REPORTCTL_NODE": node.address]
            let score = ["get", key, "--field", "score"]
            #expect(try CommandRun.reportctl(score, environment: both).output == "81\n")
            #expect(
                try CommandRun.reportctl(score + ["--node", node.address], environment: both).output
                    == "97\n"
            )
            let onlyNode = ["REPORTCTL_NODE": node.address]
            #expect(try CommandRun.reportctl(score, environment: onlyNode).output == "97\n")
            #expect(
                try CommandRun.reportctl(score + ["--store", own], environment: onlyNode).output
                    == "81\n"
            )
        }

        @Test("a record's source comes back byte for byte, its text as the extractor sees it")
        func bodies() throws {
            for place in [["--node", node.address], ["--store", node.store]] {
                #expect(
                    try CommandRun.reportctl(["get", key, "-o", "source"] + place).bytes == source
                )
                let text = try CommandRun.reportctl(["get", key, "-o", "extracted"] + place)
                #expect(text.status == 0, "\(text)")
                #expect(text.output.contains("单位名称：湛江市麻章区红星小学"))
                let value = try CommandRun.reportctl(
                    ["get", key, "--field", "amounts.0.value"] + place
                )
                #expect(value.output == "216.40\n")
            }
            let parsed =
                try CommandRun.reportctl(["parse", path, "-o", "json"]).json().objectValue ?? [:]
            let stored = try node.ctl("get", key, "-o", "json").json()
            #expect(parsed.count > 10)
            for (name, value) in parsed { #expect(stored[name] == value, "\(name)") }
        }

        @Test("check reads files and records, and fails only when asked")
        func check() throws {
            let wrong = try file(
                "wrong.txt",
                Documents.report(unit: "湛江市麻章区红星小学", year: 2020)
                    .replacing("151.20", with: "991.20")
            )
            let run = try CommandRun.reportctl(["check", wrong, "-o", "json"])
            #expect(run.status == 0)
            #expect(try run.json().arrayValue?.isEmpty == false, "\(run)")
            #expect(try CommandRun.reportctl(["check", wrong, "--fail-on", "info"]).status == 5)
            #expect(try node.ctl("check", key).status == 0)
            #expect(try node.ctl("check", key, "--fail-on", "info").status == 0)
        }

        @Test("a closed pipe ends quietly with 0")
        func closedPipe() throws {
            var ends: [Int32] = [0, 0]
            let isMade = pipe(&ends) == 0
            try #require(isMade)
            close(ends[0])
            let errors = "\(root.path)/pipe-errors"
            for arguments in [
                ["list"], ["get", key, "-o", "json"], ["--help"], ["watch", "--from", "0"],
            ] {
                let process = try ChildProcess(
                    try Programs.path("reportctl"),
                    arguments,
                    environment: ["REPORTCTL_NODE": node.address],
                    output: .descriptor(ends[1]),
                    errors: errors
                )
                #expect(try process.wait(seconds: 120) == 0, "\(arguments)")
            }
            close(ends[1])
        }

        @Test(
            "every command explains its arguments",
            arguments: [
                ("get", ["lookup", "--as-of", "--field", "--store", "--node", "--source"]),
                ("list", ["lookup", "--kind", "--since", "--limit", "--after"]),
                ("history", ["--store", "--node"]), ("parse", ["file", "--year", "--region"]),
                ("check", ["--fail-on", "--key"]), ("submit", ["file", "--if-version", "--force"]),
                ("watch", ["--from", "lookup"]), ("status", ["--node"]), ("verify", ["--store"]),
            ]
        )
        func help(command: String, words: [String]) throws {
            let run = try CommandRun.reportctl([command, "--help"])
            #expect(run.status == 0)
            for word in words { #expect(run.output.contains(word), "\(command): \(word)") }
            #expect(try CommandRun.reportctl(["--help"]).output.contains(command))
        }

        @Test("a watch goes on where an earlier one ended, and ends with its client")
        func watch() throws {
            for year in [2019, 2020] {
                let path = try file("\(year).txt", Documents.report(unit: "湛江市麻章区文化站", year: year))
                #expect(try node.ctl("submit", path).status == 0)
            }
            let first = try node.ctl("watch", "--from", "0", "--count", "2", "-o", "jsonl")
            #expect(first.status == 0, "\(first)")
            let items = try first.jsonLines()
            #expect(items.compactMap { $0["key"]?.stringValue?.prefix(4) } == ["2023", "2019"])
            let position = try #require(items.last?["position"]?.integerValue)
            let next = try node.ctl("watch", "--from", "\(position)", "--count", "1", "-o", "jsonl")
            #expect(try next.jsonLines().first?["key"]?.stringValue?.hasPrefix("2020/") == true)
            // A node that was restored does not know the position: the client must be told.
            let beyond = try node.ctl("watch", "--from", "\(position + 1000)", "--count", "1")
            #expect(beyond.status == 4, "\(beyond)")

            // The last reply tells the position. On a busy machine a heartbeat may come before it,
            // but not every time.
            var endsAtOnce = false
            for _ in 0..<5 where !endsAtOnce {
                let feed = try RawClient(port: node.port)
                feed.send("WATCH from=0\n")
                for _ in 0..<4 {
                    #expect(feed.reply()?.line.hasPrefix("+OK application/json ") == true)
                }
                feed.finish()
                let rest = String(decoding: try #require(feed.rest()), as: UTF8.self)
                endsAtOnce = rest.split(separator: "\n").count { $0.hasPrefix("+OK ") } == 1
            }
            #expect(endsAtOnce, "the end of a watch does not wait for the next heartbeat")
            let whole = try RawClient(port: node.port)
            whole.send("WATCH 2023/麻章区 from=0\n")
            whole.finish()
            let rest = String(decoding: try #require(whole.rest()), as: UTF8.self)
            #expect(
                rest.split(separator: "\n").count { $0.hasPrefix("{") && $0.contains("\"key\"") }
                    == 1
            )
        }

        @Test("a finding is explained at the node's socket, not at its port; the mark is shown")
        func notes() throws {
            var text = Documents.report(unit: "湛江市麻章区青松小学", year: 2023)
            text += "\n综合得分95分，评价等级为良。\n"
            let path = try file("grade.txt", text)
            let stored = try node.ctl("submit", path, "-o", "json")
            #expect(stored.status == 0, "\(stored)")
            let lookup = "2023/麻章区/青松小学"
            let found = try node.ctl("check", lookup, "-o", "json").json().arrayValue ?? []
            let finding = try #require(found.first { $0["severity"]?.stringValue == "medium" })
            let print = try #require(finding["fingerprint"]?.stringValue)
            let refused = try node.ctl("note", lookup, print, "试行口径", "-o", "json")
            #expect(refused.status == 7, "\(refused)")
            #expect(try code(refused) == "not-allowed")
            let place = ["--store", node.store]
            let noted = try CommandRun.reportctl(
                ["note", lookup, print, "试行口径", "--by", "财务科"] + place
            )
            #expect(noted.status == 0, "\(noted)")
            let after = try node.ctl("check", lookup, "-o", "json").json().arrayValue ?? []
            let marked = try #require(after.first { $0["fingerprint"]?.stringValue == print })
            #expect(marked["explained"]?["text"]?.stringValue == "试行口径")
            #expect(marked["explained"]?["by"]?.stringValue == "财务科")
            #expect(try node.ctl("check", lookup, "--fail-on", "medium").status == 0)
            let end = try CommandRun.reportctl(["note", lookup, print, "--withdraw"] + place)
            #expect(end.status == 0, "\(end)")
            #expect(try node.ctl("check", lookup, "--fail-on", "medium").status == 5)
        }

        @Test("a stored filing is checked against last year's of the same unit")
        func lastYear() throws {
            func explanation(_ year: Int, _ sentence: String) -> String {
                """
                湛江市麻章区水利局\(year)年度部门决算公开说明

                第三部分 \(year)年度部门决算情况说明
                一、收入支出决算总体情况说明
                \(sentence)
                """
            }
            let before = explanation(2022, "2022年度收入总计205.10万元，支出总计205.10万元。")
            let now = explanation(
                2023,
                "2023年度收入总计210.00万元，支出总计210.00万元。与上年相比，收、支总计各增加18.50万元，增长9.66%。"
            )
            let current = try file("2023.txt", now)
            #expect(try node.ctl("submit", current).status == 0)
            let lookup = "2023/麻章区/水利局"
            let alone = try node.ctl("check", lookup, "-o", "json").json().arrayValue ?? []
            #expect(alone.isEmpty, "\(alone)")
            #expect(try node.ctl("submit", try file("2022.txt", before)).status == 0)
            let found = try node.ctl("check", lookup, "-o", "json").json().arrayValue ?? []
            #expect(found.map { $0["rule"]?.stringValue } == ["CROSS-YEAR"])
            #expect(found.first?["computed"]?.stringValue?.contains("205.10") == true)
        }
    }
}

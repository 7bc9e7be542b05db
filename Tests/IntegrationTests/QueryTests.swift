import ReportModel
import Testing

extension IntegrationTests {
    /// Questions over TCP and over a store on the disk: the same bytes.
    @Suite struct Queries {
        private let root: TestFolder
        private let node: NodeProcess
        private let roster: String
        private let first = "2023/湛江市/麻章区/红星小学/整体支出"

        init() throws {
            root = try TestFolder()
            roster = "\(root.path)/应报单位.csv"
            let aliases = "\(root.path)/曾用名.csv"
            node = try NodeProcess(
                "节点",
                in: root,
                more: "roster: \(roster)\naliases: \(aliases)\n"
            )
            try Disk.write(
                """
                年度,地区,单位,类型,截止日期,联系人
                2023,湛江市/麻章区,红星小学,整体支出,2099-05-31,王
                2022-2023,440811,新民小学,整体支出,05-31,
                2023,湛江市/麻章区,东街中学,,05-31,李

                """,
                to: roster
            )
            try Disk.write("原名称,新名称,起始年度,截止年度\n西门小学,新民小学,,2022\n", to: aliases)
            try node.start()
            for (unit, year, score) in [
                ("红星小学", 2022, "90"), ("红星小学", 2023, "92.5"), ("红星小学", 2023, "95"),
                ("新民小学", 2023, "88"), ("西门小学", 2022, "81"), ("和平中学", 2023, "99"),
            ] {
                let path = "\(root.path)/\(unit)\(year)\(score).txt"
                let text = Documents.report(unit: "湛江市麻章区\(unit)", year: year, score: score)
                try Disk.write(text, to: path)
                let run = try node.ctl("submit", path, "-o", "json")
                guard run.status == 0 else { throw TestFailure("submit: \(run)") }
            }
        }

        private func both(_ arguments: [String]) throws -> CommandRun {
            let far = try CommandRun.reportctl(arguments + ["--node", node.address])
            let near = try CommandRun.reportctl(arguments + ["--store", node.store])
            #expect(far.status == near.status, "\(arguments): \(far)\n\(near)")
            #expect(far.bytes == near.bytes, "\(arguments): \(far)\n\(near)")
            return far
        }

        private func keys(_ run: CommandRun) throws -> [String] {
            try (run.json()["rows"]?.arrayValue ?? []).compactMap { $0["key"]?.stringValue }
        }

        @Test("lists with filters, pages and moments")
        func lists() throws {
            let all = try both(["list", "-o", "json"])
            #expect(try keys(all).count == 5, "\(all)")
            let cases: [([String], Int)] = [
                (["--year", "2023"], 3), (["--year", "2022..2023"], 5),
                (["--region", "440811"], 5),
                (["--region", "广东省"], 5), (["--region", "湛江市/坡头区"], 0),
                (["--unit", "红星小学"], 2), (["--unit", "~小学"], 4), (["--score", "90..95"], 2),
                (["--score", "..89.9"], 2), (["--kind", "整体支出"], 5), (["--kind", "部门决算"], 0),
                (["--since", "2099-01-01"], 0), (["--received-since", "2024-01-01"], 5),
                (["--executed", "200万元..217万元"], 5), (["--executed", "217万元.."], 0),
                (["2023", "--unit", "~中学"], 1), (["--as-of", "2000-01-01"], 0),
                (["--status", "submitted"], 5), (["--status", "returned"], 0),
            ]
            for (options, count) in cases {
                let run = try both(["list", "-o", "json"] + options)
                #expect(run.status == 0)
                #expect(try keys(run).count == count, "\(options): \(run)")
            }
            let rows = try all.json()["rows"]?.arrayValue ?? []
            let times = rows.compactMap { $0["recordedAt"]?.stringValue }.sorted()
            let first = try #require(times.first.flatMap { Timestamp(parsing: $0) })
            for option in ["--since", "--received-since"] {
                let day = String(first.officeText.prefix(10))
                let run = try both(["list", "-o", "json", option, day])
                #expect(try keys(run).count == 5, "the day itself counts: \(option) \(run)")
            }
            let page = try both(["list", "-o", "json", "--limit", "2"])
            let next = try page.json()["next"]?.stringValue ?? ""
            for format in ["text", "csv", "jsonl"] {
                let part = try both(["list", "-o", format, "--limit", "2"])
                #expect(part.errors == "more: --all, or --after \(next)\n", "\(part)")
                #expect(try both(["list", "-o", format]).errors.isEmpty)
                let queue = try node.ctl("queue", "-o", format, "--limit", "2")
                #expect(queue.errors.contains("more: --after "), "\(queue)")
            }
            let rest = try both(["list", "-o", "json", "--limit", "5", "--after", next])
            #expect(try keys(page) + keys(rest) == keys(all))
            #expect(try keys(both(["list", "-o", "json", "--all", "--limit", "2"])) == keys(all))
            let csv = try both(["list", "-o", "csv"])
            #expect(csv.output.split(separator: "\n").count == 6)
            #expect(try both(["list", "--score", "x"]).status == 2)
            #expect(try both(["list", "--amount", "5..6"]).status == 2)
        }

        @Test("errors have their hint over TCP as well, names that nobody knows are told")
        func hints() throws {
            for words in [
                ["search", "困"], ["search", "困难", "--after", "bogus"],
                ["list", "--score", "85..80"],
                ["list", "--staff", "bogus:1.."], ["list", "--kind", "nosuch"],
                ["stats", "--of", "rate:bogus"],
            ] {
                for format in ["text", "json"] {
                    let said = words + ["-o", format]
                    let local = try CommandRun.reportctl(said + ["--store", node.store])
                    let remote = try CommandRun.reportctl(said + ["--node", node.address])
                    #expect(local.status == 2 && remote.status == 2, "\(said): \(local) \(remote)")
                    #expect(local.output == remote.output, "\(said)")
                    #expect(local.errors == remote.errors, "\(said)")
                    let shown = format == "json" ? remote.output : remote.errors
                    #expect(shown.contains(format == "json" ? "\"hint\"" : "Hint: "), "\(said)")
                }
            }
        }

        @Test("a filter that nothing passes says which name may be mistyped, for people only")
        func mistyped() throws {
            let cases: [([String], String)] = [
                (["--city", "湛江"], "has no 湛江; perhaps 湛江市"),
                (["--region", "广东"], "has no 广东; perhaps 广东省"),
                (["--region", "999999"], "has no 999999"),
                (["--unit", "小学"], "--unit '~小学'"),
            ]
            for (options, note) in cases {
                for command in ["list", "stats"] {
                    let text = try both([command] + options)
                    #expect(text.status == 0 && text.errors.contains(note), "\(text)")
                    let json = try both([command, "-o", "json"] + options)
                    #expect(json.status == 0 && json.errors.isEmpty, "\(json)")
                }
            }
            let known = try both(["list", "--region", "湛江市坡头区"])
            #expect(known.errors == "no records\n", "\(known)")
            let found = try both(["list", "--unit", "红星小学"])
            #expect(found.errors.isEmpty, "\(found)")
        }

        @Test("several records at once, of which one is missing, end with 11")
        func several() throws {
            let run = try both([
                "get", first, "2022/湛江市/麻章区/红星小学", "2023/麻章区/气象局", first + "@1", "-o", "json",
            ])
            #expect(run.status == 11)
            let lines = try run.jsonLines()
            #expect(lines.map { $0["score"]?.stringValue } == ["95", "90", nil, "92.5"])
            #expect(lines[2]["error"]?["code"] == "not-found")
            #expect(lines[2]["lookup"] == "2023/麻章区/气象局")
            let old = try both(["get", first, "--as-of", "2000-01-01"])
            #expect(old.status == 3)
            // Just before the second version: the first had arrived by then.
            let then = try both(["get", first + "@2", "--field", "version.recordedAt"])
            let second = try #require(Timestamp(parsing: String(then.output.prefix { $0 != "\n" })))
            let time = Timestamp(milliseconds: second.milliseconds - 1).description
            for option in ["--as-of", "--known-here"] {
                let run = try both(["get", first, option, time, "--field", "score"])
                #expect(run.output == "92.5\n", "\(option) \(run)")
            }
        }

        @Test("what changed between two versions, with both quotations")
        func diff() throws {
            let run = try both(["diff", "2023/麻章区/红星小学", "-o", "json"])
            let answer = try run.json()
            let score = answer["fields"]?.arrayValue?.first { $0["field"] == "score" }
            #expect(score?["from"] == "92.5" && score?["difference"] == "2.5", "\(run)")
            #expect(score?["fromPlace"]?["quote"]?.stringValue?.contains("92.5") == true)
            #expect(score?["toPlace"]?["quote"]?.stringValue?.contains("95") == true)
            let text = try both(["diff", first + "@1", first + "@2", "--text"])
            #expect(text.status == 0)
            #expect(text.output.contains("92.5") && !text.output.contains("\u{1B}"))
            #expect(text.output.contains("- 经自评") && text.output.contains("+ 经自评"), "\(text)")
            #expect(try both(["diff", first, first]).output.contains("no differences"))
            #expect(try both(["diff", "2022/麻章区/红星小学", "-o", "json"]).status == 3)
            let several = try both(["diff", first, "2023/麻章区", "-o", "json"])
            #expect(several.status == 4)
            #expect(try several.json()["error"]?["candidates"]?.arrayValue?.count == 3)
        }

        @Test("figures by year and unit, as text, JSON and CSV")
        func stats() throws {
            let run = try both(["stats", "--by", "year", "--of", "score,executed", "-o", "json"])
            let groups = try run.json()["groups"]?.arrayValue ?? []
            #expect(groups.map { $0["count"] } == [2, 3])
            #expect(groups.last?["values"]?["score"]?["sum"] == "282")
            #expect(groups.last?["values"]?["score"]?["mean"] == "94")
            let least = groups.last?["values"]?["score"]?["minKey"]
            #expect(least == "2023/湛江市/麻章区/新民小学/整体支出")
            let csv = try both(["stats", "2023", "--of", "score", "--by", "unit", "-o", "csv"])
            #expect(csv.output.contains("unit,count,score.count,score.sum"))
            let twice = ["--of", "score", "--of", "rate", "--by", "year", "--by", "unit"]
            let once = ["--of", "score,rate", "--by", "year,unit"]
            #expect(
                try both(["stats", "-o", "json"] + twice).output
                    == both(["stats", "-o", "json"] + once).output
            )
            #expect(try both(["stats"]).status == 0)
            #expect(try both(["stats", "--by", "planet"]).status == 2)
            #expect(try both(["stats", "--of", "amount:NO"]).status == 2)
        }

        @Test("one unit over the years, also under its other name")
        func trend() throws {
            let run = try both(["trend", "麻章区/红星小学", "--of", "score", "-o", "json"])
            let rows = try run.json()["rows"]?.arrayValue ?? []
            #expect(rows.map { $0["year"] } == [2022, 2023])
            #expect(rows.last?["values"]?["score"]?["percent"] == "5.56")
            let renamed = try both([
                "trend", "麻章区/新民小学", "--aliases", "\(root.path)/曾用名.csv", "-o", "json",
            ])
            #expect(try renamed.json()["rows"]?.arrayValue?.count == 2, "\(renamed)")
            #expect(try both(["trend", "湛江市麻章区红星小学"]).output.contains("█"))
            #expect(try both(["trend", "麻章区"]).status == 4)
            let near = try both(["trend", "麻章区/红星中学"])
            #expect(near.status == 3)
            #expect(near.errors.hasSuffix("Hint: perhaps 湛江市/麻章区/红星小学\n"), "\(near)")
        }

        @Test("who has not filed: by a roster file, and by the one of the node")
        func missing() throws {
            let aliases = "\(root.path)/曾用名.csv"
            let options = ["--year", "2022..2023", "--day", "2030-01-01", "-o", "json"]
            let run = try both(["missing", "--roster", roster, "--aliases", aliases] + options)
            let answer = try run.json()
            let states = answer["rows"]?.arrayValue?.map { $0["state"]?.stringValue ?? "" }
            #expect(states == ["late", "unexpected", "on-time", "late", "overdue", "unexpected"])
            #expect(answer["summary"]?["expected"] == 4)
            let served = try node.ctl(
                "missing",
                "--year",
                "2022..2023",
                "--day",
                "2030-01-01",
                "-o",
                "json"
            )
            #expect(served.bytes == run.bytes, "\(served)")
            let line = try RawClient(port: node.port)
            line.send("MISSING year=2023 day=2030-01-01\n")
            #expect(line.line()?.hasPrefix("+OK application/json ") == true)
            // The file is read anew when it changed.
            try Disk.write("年度,地区,单位\n2023,麻章区,气象局\n明天,麻章区,气象局\n", to: roster)
            let broken = try node.ctl("missing", "-o", "json")
            #expect(broken.status == 2, "\(broken)")
            #expect(broken.output.contains("line 3"))
            let text = try both(["missing", "--roster", "\(root.path)/none.csv"])
            #expect(text.status == 2)
            let none = try CommandRun.reportctl(["missing", "--store", node.store])
            #expect(none.status == 2 && none.errors.contains("roster"))
        }
    }
}

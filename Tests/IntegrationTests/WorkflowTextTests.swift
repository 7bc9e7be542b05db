import ReportModel
import Testing

extension IntegrationTests {
    /// What people read of a record's fate: by whom, what, why.
    @Suite struct WorkflowTexts {
        private let root: TestFolder
        private let store: String
        private let key = "2023/湛江市/麻章区/红星小学/整体支出"

        init() throws {
            root = try TestFolder()
            store = "\(root.path)/store"
            for (index, score) in ["97", "95"].enumerated() {
                let path = "\(root.path)/\(index).txt"
                let text = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: score)
                try Disk.write(text, to: path)
                let run = try ctl("submit", path, "-o", "json")
                guard run.status == 0 else { throw TestFailure("submit: \(run)") }
            }
        }

        private func ctl(_ words: String..., locale: String = "C.UTF-8") throws -> CommandRun {
            try CommandRun.reportctl(
                words + ["--store", store],
                environment: ["LC_ALL": locale]
            )
        }

        private func line(_ run: CommandRun, with text: String) -> String {
            run.output.split(separator: "\n").map(String.init).first { $0.contains(text) } ?? ""
        }

        @Test("history and audit say who, what and why; get shows the comment")
        func fate() throws {
            let said = try ctl("review", key, "--return", "缺少评分表", "--by", "李科长")
            #expect(said.status == 0, "\(said)")
            let returned = try ctl("get", key)
            #expect(line(returned, with: "comment").contains("缺少评分表"), "\(returned)")
            let moved = try ctl(
                "rekey",
                key,
                "2022/湛江市/麻章区/红星小学/整体支出",
                "--reason",
                "年度有误"
            )
            #expect(moved.status == 0, "\(moved)")
            let reason = ["--reason", "当事人要求", "--authority", "某法第一条", "--by", "王科员"]
            let erased = try CommandRun.reportctl(
                ["erase", key, "--only", "sources", "--yes", "--store", store] + reason
            )
            #expect(erased.status == 0, "\(erased)")
            let history = try ctl("history", key)
            #expect(line(history, with: "缺少评分表").contains("李科长"), "\(history)")
            let erasure = line(history, with: "某法第一条")
            for word in ["(@1, @2)", "王科员", "sources", "当事人要求"] {
                #expect(erasure.contains(word), "\(word): \(history)")
            }
            #expect(line(history, with: "年度有误").contains("→ 2022/"), "\(history)")
            let watched = try ctl("watch", "--from", "0", "--count", "5")
            let judged = line(watched, with: "review")
            #expect(judged.contains("\(key)@2-"), "\(watched)")
            #expect(judged.hasSuffix("  李科长  returned  缺少评分表"), "\(watched)")
            let there = try ctl("history", "2022/湛江市/麻章区/红星小学/整体支出")
            let arrived = line(there, with: "submit")
            #expect(arrived.hasSuffix("1.txt  ← \(key)@2; 年度有误"), "\(there)")
            let chinese = try ctl("history", key, locale: "zh_CN.UTF-8")
            for word in ["上报", "审核", "依法删除", "改报", "源文件; 当事人要求"] {
                #expect(chinese.output.contains(word), "\(word): \(chinese)")
            }
            let audit = try ctl("audit")
            #expect(line(audit, with: "erased").contains("@1, @2"), "\(audit)")
            #expect(line(audit, with: "erased").contains("sources; 当事人要求"), "\(audit)")
            let csv = try ctl("audit", "-o", "csv")
            let header = "entry,about,detail.parts,detail.to,detail.overridden\n"
            #expect(csv.output.contains(header), "\(csv)")
            #expect(line(csv, with: "erase").contains(",sources,"), "\(csv)")
            #expect(line(csv, with: "rekey").contains(",2022/湛江市/麻章区/红星小学/整体支出@"), "\(csv)")
        }

        @Test("a forced fact names its origin as none, a shared name of a region its regions")
        func forced() throws {
            let path = "\(root.path)/forced.txt"
            let report = Documents.report(unit: "湛江市麻章区新民小学", year: 2023)
            try Disk.write(report, to: path)
            let run = try ctl("submit", path, "--year", "2020", "--force")
            #expect(run.status == 0, "\(run)")
            let audit = try ctl("audit")
            let forced = line(audit, with: "forced")
            #expect(forced.contains("  (options)  "), "\(audit)")
            #expect(forced.hasSuffix("document said: year 2023"), "\(audit)")
            let shared = Documents.report(unit: "鼓楼区新民小学", year: 2023)
            try Disk.write(shared, to: path)
            let unclear = try ctl("submit", path)
            #expect(unclear.status == 5, "\(unclear)")
            #expect(unclear.errors.contains("江苏省南京市鼓楼区"), "\(unclear)")
        }

        @Test("get names the fields that there are, and shows names as a table")
        func fields() throws {
            let none = try ctl("get", key, "--field", "unit.nope")
            #expect(none.status == 3)
            #expect(none.errors.contains("Hint: one of ") && none.errors.contains("shortName"))
            let row = try ctl("get", key, "--field", "amounts.999.value")
            #expect(row.errors.contains("rows, the first is 0"), "\(row)")
            let path = "\(root.path)/people.txt"
            let report = Documents.report(unit: "湛江市麻章区新民小学", year: 2023)
            try Disk.write(report + "填表人：王建国\n联系电话：0759-2345678\n", to: path)
            #expect(try ctl("submit", path).status == 0)
            let people = try ctl("get", "2023/新民小学", "--people")
            #expect(line(people, with: "王建国").hasPrefix("填表人  "), "\(people)")
            #expect(line(people, with: "0759-2345678").hasPrefix("联系电话  "), "\(people)")
            let json = try ctl("get", "2023/新民小学", "--people", "-o", "json").json()
            #expect(json.arrayValue?.count == 2, "\(json)")
        }

        @Test("a list shows what a return says, and whose contents were erased")
        func listed() throws {
            #expect(try ctl("list").output.contains("comment") == false)
            #expect(try ctl("review", key, "--return", "缺少评分表, 请补").status == 0)
            let text = try ctl("list")
            #expect(line(text, with: "returned").hasSuffix("缺少评分表, 请补"), "\(text)")
            let json = try ctl("list", "-o", "json").json()
            #expect(json["rows"]?.arrayValue?.first?["comment"] == "缺少评分表, 请补")
            let csv = try ctl("list", "-o", "csv")
            #expect(line(csv, with: "key,").hasSuffix(",filedAt,comment,withheld"), "\(csv)")
            #expect(line(csv, with: "returned").hasSuffix(",\"缺少评分表, 请补\","), "\(csv)")
            let reason = ["--reason", "当事人要求", "--authority", "某法第一条"]
            let erased = try CommandRun.reportctl(
                ["erase", key, "--yes", "--store", store] + reason
            )
            #expect(erased.status == 0, "\(erased)")
            let left = try ctl("list")
            #expect(line(left, with: key).contains("(erased, or not sent here)"), "\(left)")
            #expect(!line(left, with: key).contains("  -  "), "figures are unknown: \(left)")
            let rows = try ctl("list", "-o", "csv")
            #expect(line(rows, with: key).hasSuffix(",true"), "\(rows)")
        }

        @Test("where the locale is Chinese, errors of questions and judgements are Chinese")
        func chineseMistakes() throws {
            let roster = "\(root.path)/名册.csv"
            try Disk.write("年度,地区,单位\n明年,麻章区,气象局\n", to: roster)
            let cases: [[String]] = [
                ["list", "--status", "x"], ["list", "--kind", "x"], ["list", "--score", "9..1"],
                ["list", "--score", "x"], ["list", "--amount", "x"], ["list", "--limit", "0"],
                ["list", "x"], ["list", "--year", "2023..2021"], ["list", "--region", "///"],
                ["get", key, "--field", "x"], ["get", key, "--as-of", "x"], ["get", "2023/x"],
                ["get", key + "@9"], ["get", key, "-o", "source", "--source", "5"],
                ["get", key, "--as-of", "2000-01-01"], ["get", key, "-o", "csv"],
                ["stats", "--of", "x"], ["stats", "--by", "x"], ["trend", "气象局"],
                ["missing"], ["missing", "--roster", roster], ["missing", "--roster", "/none"],
                ["diff", key + "@1"], ["diff", "x", "y"], ["search", "困"], ["search", "year:x 困难"],
                ["search", "困难", "--after", "x"], ["review", key], ["note", key, "x", "因为"],
                ["rekey", key, "x", "--reason", "年度有误"], ["queue", "--order", "deadline"],
                ["queue", "--order", "x"], ["queue", "--after", "x"], ["verify", "/none"],
                ["export", "-o", "-"], ["export", "--format", "entries", "2023", "-o", "-"],
                ["export", "--table", "people", "-o", "-"], ["submit", "/none"],
            ]
            for words in cases {
                let run = try CommandRun.reportctl(
                    words + ["--store", store],
                    environment: ["LC_ALL": "zh_CN.UTF-8"]
                )
                #expect(run.status != 0, "\(words)")
                let english = run.errors.firstMatch(of: #/\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/#)
                #expect(english == nil, "\(words): \(run.errors)")
            }
        }

        @Test("an erasure of people says where their names stay")
        func names() throws {
            let only = try ctl(
                "erase",
                key,
                "--only",
                "people",
                "--only",
                "record",
                "--reason",
                "a",
                "--authority",
                "b"
            )
            #expect(only.output.contains("source files stay"), "\(only)")
            let all = try ctl("erase", key, "--reason", "a", "--authority", "b")
            #expect(!all.output.contains("source files stay"), "\(all)")
            let chinese = try ctl(
                "erase",
                key,
                "--reason",
                "a",
                "--authority",
                "b",
                locale: "zh_CN.UTF-8"
            )
            #expect(chinese.output.contains("内容：人员姓名和电话、登记内容、源文件"), "\(chinese)")
            let exported = try ctl(
                "export",
                "--format",
                "entries",
                "-o",
                "\(root.path)/all.jsonl"
            )
            #expect(exported.errors.contains("source files are as they were filed"), "\(exported)")
        }

        @Test("import tells what to do at a node, not a circle")
        func importAdvice() throws {
            let run = try CommandRun.reportctl(["import", "x.jsonl", "--node", "127.0.0.1:1"])
            #expect(run.status == 2, "\(run)")
            #expect(run.errors.contains("stop the node"), "\(run)")
            #expect(!run.errors.contains("strangers"))
        }

        @Test("a changed indicator stands in the diff with both quotations and its heading")
        func indicators() throws {
            for (index, actual) in ["98人", "99人"].enumerated() {
                let path = "\(root.path)/\(index).html"
                let rows = [
                    ["一级指标", "二级指标", "三级指标", "目标值", "完成值", "分值", "得分"],
                    ["产出", "数量", "帮扶困难职工", "100人", actual, "10", "9"],
                    ["产出", "质量", "合格率", "100%", "100%", "10", "10"],
                ].map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }
                try Disk.write(
                    "<html><body><h1>2021年度部门整体支出绩效自评报告</h1><p>单位名称：湛江市麻章区总工会</p>"
                        + "<p>一、指标完成情况</p><table>\(rows.joined())</table></body></html>",
                    to: path
                )
                let run = try ctl("submit", path)
                #expect(run.status == 0, "\(run)")
            }
            let diff = try ctl("diff", "2021/麻章区/总工会")
            let lines = diff.output.split(separator: "\n").map { $0.drop { $0 == " " } }
            let start = try #require(lines.firstIndex { $0.contains("98人") }, "\(diff)")
            #expect(
                lines[start...].dropFirst().prefix(3)
                    == ["- 「帮扶困难职工」", "+ 「帮扶困难职工」", "§ 指标完成情况"],
                "\(diff)"
            )
        }

        @Test("a restore without the key is refused, and with a new one tells of another node")
        func restoredIdentity() throws {
            let backup = "\(root.path)/a.backup"
            let made = try CommandRun.reportctl(["backup", backup, "--store", store])
            #expect(made.status == 0, "\(made)")
            let without = try CommandRun.reportctl(
                ["restore", backup, "--store", "\(root.path)/new"]
            )
            #expect(without.status == 3 && without.errors.contains("--key"), "\(without)")
            let new = try CommandRun.reportctl([
                "restore", backup, "--new-key", "--store", "\(root.path)/new",
            ])
            #expect(new.status == 0 && new.output.contains("another node"), "\(new)")
            let with = try CommandRun.reportctl([
                "restore", backup, "--key", "\(store)/node.key", "--store", "\(root.path)/same",
            ])
            #expect(with.status == 0 && !with.output.contains("another node"), "\(with)")
        }

        @Test("errors that clerks meet are Chinese where the locale is")
        func chineseErrors() throws {
            let none = try ctl("get", "1999/麻章区", locale: "zh_CN.UTF-8")
            #expect(none.errors.contains("未找到: 没有与 1999/麻章区 相符的记录"), "\(none)")
            let version = try ctl("get", key + "@9", locale: "zh_CN.UTF-8")
            #expect(version.errors.contains("没有版本 9"), "\(version)")
            #expect(version.errors.contains("提示：当前版本是 2"), "\(version)")
            let score = try ctl("list", "--score", "85..80", locale: "zh_CN.UTF-8")
            #expect(score.errors.contains("前一个数较大"), "\(score)")
        }

        @Test("help is not wrapped twice at 80 columns")
        func help() throws {
            for command in [
                ["note"], ["review"], ["reparse"], ["erase"], ["prove"], ["verify"], ["restore"],
                ["repair"], ["missing"], ["backup", "make"],
            ] {
                let run = try CommandRun.reportctl(
                    command + ["--help"],
                    environment: ["COLUMNS": "80"]
                )
                let text = run.output.split(separator: "\n", omittingEmptySubsequences: false)
                    .prefix { !$0.hasPrefix("USAGE") }
                // A paragraph wrapped a second time has a short line in its middle.
                for (line, next) in zip(text, text.dropFirst()) where !next.isEmpty {
                    let isProse = !line.contains("reportctl ") && !line.isEmpty
                    let word = next.prefix { $0 != " " }
                    #expect(
                        !isProse || next.contains("reportctl ")
                            || line.count + 1 + word.count > 60,
                        "\(command): \(line)"
                    )
                }
            }
        }
    }
}

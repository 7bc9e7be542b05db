import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// What `reportctl inbox` and the page for the clerk tell of files that were dropped.
    @Suite struct InboxCommand {
        private let root: TestFolder
        private let node: NodeProcess

        init() throws {
            root = try TestFolder()
            let roster = "\(root.path)/应报单位.csv"
            try Disk.write("年度,单位,截止日期\n2017,湛江市麻章区民政局,2018-05-31\n", to: roster)
            node = try NodeProcess(
                "麻章区",
                in: root,
                inboxRegion: "湛江市/麻章区",
                more: "roster: \(roster)\n"
            )
        }

        private func rows(_ arguments: String...) throws -> [JSONValue] {
            let run = try CommandRun.reportctl(["inbox"] + arguments + ["-o", "json"])
            guard run.status == 0 else { throw TestFailure("inbox: \(run)") }
            return try run.json()["items"]?.arrayValue ?? []
        }

        @Test("every dropped file is found by its name, while the node runs and when it is stopped")
        func byName() throws {
            try node.start()
            let hostile = "坏\u{1B}[31m\n\u{202E}名.gif"
            try node.drop(Documents.numbered(3).text, as: "三号自评.txt")
            _ = try node.awaitFile("已接收/三号自评.txt.回执.json")
            try node.drop(Documents.numbered(3).text, as: "又一份.txt")
            _ = try node.awaitFile("重复/又一份.txt.回执.json")
            try node.drop(Documents.report(unit: "湛江市麻章区文化站", year: nil), as: "无年度.txt")
            _ = try node.awaitFile("待处理/无年度.txt.回执.json")
            try node.drop([UInt8]("GIF89a\u{1}\u{0}\u{1}\u{0}".utf8), as: hostile)
            _ = try node.awaitFile("未接收/\(hostile).回执.json")

            // The receipt lies there a moment before the node has turned to the next file.
            let all = try eventually("no file waits any more") {
                let all = try rows("--node", node.address)
                return all.contains { $0["outcome"] == "waiting" } ? nil : all
            }
            #expect(all.count == 4)
            let outcomes = Dictionary(grouping: all) { $0["outcome"]?.stringValue ?? "" }
            #expect(outcomes.keys.sorted() == ["accepted", "duplicate", "pending", "rejected"])
            #expect(try rows("--node", node.address, "--outcome", "未接收").count == 1)
            #expect(try rows("--node", node.address, "--since", "2099-01-01").isEmpty)

            let one = try node.ctl("inbox", "三号")
            #expect(one.output.contains("2017/湛江市/麻章区/"))
            #expect(one.output.contains("has not signed for it yet"))
            let text = try node.ctl("inbox").output
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
            #expect(text.split(separator: "\n").count == 5)
            #expect(text.contains("missing: year"))
            let none = try node.ctl("inbox", "没有这个")
            #expect(none.status == 3)

            let page = try node.awaitFile("本年情况.html") { html in
                html.contains("待补充（1）") && html.contains("未接收的文件（1）")
            }
            #expect(
                page.contains("民政局") == false,
                "a deadline of years ago is no work of this year"
            )
            #expect(!page.contains("\u{1B}"))
            #expect(page.contains("已报送（1）"))
            // What never gets an outcome is told with what to do, also beside the running node.
            try #require(symlink("/etc/hostname", "\(node.inbox)/链接.txt") == 0)
            let link = try eventually("the link waits") {
                (try? rows("链接", "--store", node.store))?.first
            }
            #expect(link["outcome"] == "waiting" && link["code"] == "link")
            #expect(link["reason"] == "a link" && link["advice"] == "drop the file itself")
            #expect(unlink("\(node.inbox)/链接.txt") == 0)
            // No spreadsheet takes a name for a formula.
            try #require(symlink("/etc/hostname", "\(node.inbox)/=1+1.txt") == 0)
            let line = try eventually("the other link waits") {
                try node.ctl("inbox", "=1+1", "-o", "csv").output.split(separator: "\n").last
                    .flatMap { $0.contains("link") ? $0 : nil }
            }
            #expect(line.contains(",'=1+1.txt,"))
            #expect(unlink("\(node.inbox)/=1+1.txt") == 0)
            #expect(try node.terminate() == 0)

            #expect(try rows("--store", node.store).count == 4)
            #expect(try rows("*.GIF", "--folder", node.inbox).count == 1)
            #expect(try rows("*.txt", "--store", node.store).count == 3)
            let lines = try CommandRun.reportctl(
                ["inbox", "--store", node.store],
                environment: ["LC_ALL": "zh_CN.UTF-8"]
            ).output.split(separator: "\n").map { String($0) }
            #expect(lines[0].hasPrefix("时间"))
            let saysWhat = lines.contains { $0.contains("缺少：年度") }
            #expect(saysWhat)
            let csv = try CommandRun.reportctl(["inbox", "--store", node.store, "-o", "csv"])
            #expect(csv.output.hasPrefix("time,file,outcome,key"))
            let bad = try CommandRun.reportctl(["inbox", "--folder", "\(root.path)/nowhere"])
            #expect(bad.status == 3)
            #expect(try CommandRun.reportctl(["inbox", "--outcome", "maybe"]).status == 2)
        }
    }
}

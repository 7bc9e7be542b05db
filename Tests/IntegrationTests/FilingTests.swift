import ReportModel
import Testing

extension IntegrationTests {
    /// Filings of several files that come together, as a folder or a zip.
    @Suite struct Filings {
        private let root: TestFolder
        private let key = "2023/湛江市/麻章区/红星小学/整体支出"
        private let report = Documents.report(unit: "湛江市麻章区红星小学", year: 2023)
        private static let table = """
            2023年度部门整体支出绩效自评表

            单位名称：湛江市麻章区红星小学

            | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
            |---|---|---|---|---|---|---|
            | 产出指标 | 数量指标 | 开设班级 | ≥12个 | 12个 | 50 | 50 |
            | 效益指标 | 社会效益指标 | 服务学生 | ≥500人 | 520人 | 50 | 47 |
            | 总分 | | | | | 100 | 97 |
            """

        init() throws { root = try TestFolder() }

        private var store: String { "\(root.path)/store" }

        /// A folder with a report, a table, a picture and what an editor left behind.
        private func folder(_ name: String, report: String) throws -> String {
            let path = "\(root.path)/\(name)"
            try Disk.makeFolder(path)
            try Disk.makeFolder("\(path)/附件")
            try Disk.write(report, to: "\(path)/1报告.txt")
            try Disk.write(Self.table, to: "\(path)/附件/自评表.txt")
            try Disk.write([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], to: "\(path)/照片.jpg")
            try Disk.write("x", to: "\(path)/~$报告.docx")
            return path
        }

        @Test("a folder is one filing: one version, each file a source of its own")
        func folder() throws {
            let path = try folder("报送", report: report)
            let stored = try CommandRun.reportctl(
                ["submit", "--store", store, path, "-o", "json"]
            ).json()
            #expect(stored["outcome"] == "stored")
            #expect(stored["key"] == .string(key))
            #expect(stored["files"] == ["read": 2, "total": 3])
            let record = try CommandRun.reportctl(["get", key, "--store", store, "-o", "json"])
                .json()
            let names = record["sources"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
            #expect(Set(names) == ["1报告.txt", "附件/自评表.txt", "照片.jpg"])
            #expect(record["indicators"]?.arrayValue?.count == 2)
            let index = names.firstIndex(of: "附件/自评表.txt") ?? -1
            let source = try CommandRun.reportctl(
                ["get", key, "--store", store, "-o", "source", "--source", "\(index)"]
            )
            #expect(source.output == Self.table)

            // The same files under other names and in another order are the same filing.
            let other = "\(root.path)/另一份"
            try Disk.makeFolder(other)
            try Disk.write(Self.table, to: "\(other)/0表.txt")
            try Disk.write([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], to: "\(other)/图.jpg")
            try Disk.write(report, to: "\(other)/9报告.txt")
            let again = try CommandRun.reportctl(
                ["submit", "--store", store, other, "-o", "json"]
            ).json()
            #expect(again["outcome"] == "duplicate")
            #expect(again["duplicateOf"] == 1)
            let verify = try CommandRun.reportctl(["verify", "--store", store])
            #expect(verify.status == 0, "\(verify)")
        }

        @Test("parse and check take a folder, and an empty one is an error of the document")
        func reading() throws {
            let path = try folder("报送", report: report)
            let parsed = try CommandRun.reportctl(["parse", path + "/", "-o", "json"]).json()
            #expect(parsed["key"] == .string(key))
            #expect(parsed["sources"]?.arrayValue?.count == 3)
            let checked = try CommandRun.reportctl(["check", path, "-o", "json"])
            #expect(checked.status == 0)
            try Disk.makeFolder("\(root.path)/空")
            let empty = try CommandRun.reportctl(["parse", "\(root.path)/空", "-o", "json"])
            #expect(empty.status == 5)
            #expect(try empty.json()["error"]?["code"] == "empty")
        }

        @Test("a node takes a folder over its port, and a zip from its inbox with a receipt")
        func node() throws {
            let node = try NodeProcess("county", in: root, inboxRegion: "湛江市/麻章区")
            try node.start()
            defer { node.crash() }
            let path = try folder("报送", report: report)
            let stored = try node.ctl("submit", path, "-o", "json").json()
            #expect(stored["outcome"] == "stored")
            #expect(stored["files"]?["read"] == 2)
            var zip = StoredZip()
            zip.add("附件/自评表.txt", Array(Self.table.utf8))
            zip.add("__MACOSX/._1.txt", [1, 2])
            let changed = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "91")
            zip.add("报告.txt", Array(changed.utf8))
            try node.drop(zip.finish(), as: "报送.zip")
            let receipt = try node.awaitFile("已接收/报送.zip.回执.txt")
            #expect(receipt.contains("内含：共 2 个文件，读取 2 个"), "\(receipt)")
            try node.drop(zip.finish(), as: "再报.zip")
            let again = try node.awaitFile("重复/再报.zip.回执.txt")
            #expect(again.contains("完全相同"), "\(again)")
        }
    }
}

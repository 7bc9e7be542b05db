import ReportModel
import Testing

extension IntegrationTests {
    /// Filings of several files that come one by one.
    @Suite struct Supplements {
        private let root: TestFolder
        private let key = "2023/湛江市/麻章区/红星小学/整体支出"
        private let report = Documents.report(unit: "湛江市麻章区红星小学", year: 2023)
        private static let table = """
            2023年度部门整体支出绩效自评表

            单位名称：湛江市麻章区红星小学
            评价年度：2023年度

            | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
            |---|---|---|---|---|---|---|
            | 产出指标 | 数量指标 | 开设班级 | ≥12个 | 12个 | 50 | 50 |
            | 效益指标 | 社会效益指标 | 服务学生 | ≥500人 | 520人 | 50 | 47 |
            | 总分 | | | | | 100 | 97 |
            """

        init() throws { root = try TestFolder() }

        private func submit(_ name: String, _ text: String) throws -> JSONValue {
            let path = "\(root.path)/\(name)"
            try Disk.write(text, to: path)
            let run = try CommandRun.reportctl(["submit", "--store", store, path, "-o", "json"])
            guard run.status == 0 else { throw TestFailure("submit: \(run)") }
            return try run.json()
        }

        private var store: String { "\(root.path)/store" }

        private func record() throws -> JSONValue {
            try CommandRun.reportctl(["get", key, "--store", store, "-o", "json"]).json()
        }

        private func source(_ number: Int) throws -> String {
            try CommandRun.reportctl(
                ["get", key, "--store", store, "-o", "source", "--source", "\(number)"]
            ).output
        }

        @Test("a table that follows its report joins it; the same file again is a duplicate")
        func join() throws {
            #expect(try submit("报告.txt", report)["outcome"] == "stored")
            let second = try submit("自评表.txt", Self.table)
            #expect(second["outcome"] == "stored")
            #expect(second["supplement"] == true)
            #expect(second["version"]?["number"] == 2)
            let joined = try record()
            #expect(joined["sources"]?.arrayValue?.map { $0["name"] } == ["报告.txt", "自评表.txt"])
            #expect(joined["parts"]?.arrayValue?.count == 2)
            #expect(joined["indicators"]?.arrayValue?.count == 2)
            #expect(joined["amounts"]?.arrayValue?.isEmpty == false)
            #expect(try source(0) == report)
            #expect(try source(1) == Self.table)

            for (name, text) in [("又一表.txt", Self.table), ("又一报告.txt", report)] {
                let again = try submit(name, text)
                #expect(again["outcome"] == "duplicate", "\(name)")
                #expect(again["duplicateOf"] == 2)
            }
            let verify = try CommandRun.reportctl(["verify", "--store", store])
            #expect(verify.status == 0, "\(verify)")
        }

        @Test("a corrected report replaces the filing and names what is no longer in it")
        func replace() throws {
            _ = try submit("报告.txt", report)
            _ = try submit("自评表.txt", Self.table)
            let corrected = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "90")
            let third = try submit("更正.txt", corrected)
            #expect(third["outcome"] == "stored")
            #expect(third["supplement"] == false)
            #expect(third["version"]?["number"] == 3)
            #expect(try record()["sources"]?.arrayValue?.count == 1)
            #expect(
                try submit("报告.txt", report)["outcome"] == "stored",
                "an older file is a new version"
            )
        }
    }
}

import ReportModel
import Testing

extension IntegrationTests {
    /// County, city and province: what is filed goes up two levels, what is judged comes down two levels.
    @Suite struct Chain {
        private static let region = "湛江市/麻章区"
        private let root: TestFolder
        private let county: NodeProcess
        private let city: NodeProcess
        private let province: NodeProcess

        init() throws {
            root = try TestFolder()
            county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
            city = try NodeProcess("湛江市", in: root, inboxRegion: "湛江市")
            province = try NodeProcess("广东省", in: root)
            try NodeProcess.connect([(county, Self.region)], to: city)
            try NodeProcess.connect([(city, "湛江市")], to: province)
            for node in [county, city] {
                try node.configure("reviewers: [\(try province.showKey())]\n")
            }
        }

        private func judge(_ lookup: String, _ arguments: String...) throws {
            let run = try CommandRun.reportctl(
                ["review", lookup] + arguments + ["--store", province.store]
            )
            guard run.status == 0 else { throw TestFailure("review \(lookup): \(run)") }
        }

        private func awaitAtProvince(_ lookup: String, score: String) throws {
            _ = try eventually("\(lookup) with \(score) at the province: \(province.shownLog)") {
                try province.ctl("get", lookup, "--field", "score").output == "\(score)\n"
                    ? true : nil
            }
        }

        @Test("what the city brought to the province itself is no lag of the county there")
        func besides() throws {
            let key = try province.showKey()
            try county.replace(
                "upstreams:\n",
                with: "upstreams:\n  - address: \(province.address)\n    key: \(key)\n"
            )
            try province.replace(
                "grants:\n",
                with: "grants:\n  - key: \(try county.showKey())\n    regions: [\(Self.region)]\n"
                    + "    verbs: [peer]\n"
            )
            for node in [province, city] { try node.start() }
            try city.drop(
                Documents.report(unit: "湛江市赤坎区红星小学", year: 2023, score: "88"),
                as: "邻区.txt"
            )
            try awaitAtProvince("2023/赤坎区", score: "88")
            try county.start()
            func row(isEstablished: Bool) throws -> JSONValue {
                try eventually("the province's row at the county: \(county.shownLog)") {
                    let status = try county.ctl("status", "-o", "json").json()
                    let logs = status["logs"]?.arrayValue ?? []
                    let rows = status["peers"]?.arrayValue ?? []
                    guard logs.contains(where: { $0["name"] == "湛江市" && $0["held"] == 1 }) else {
                        return nil
                    }
                    return rows.first {
                        $0["key"]?.stringValue == key
                            && $0["established"] == .bool(isEstablished)
                            && (!isEstablished || $0["missingEntries"] == 0)
                    }
                }
            }
            _ = try row(isEstablished: true)
            #expect(try province.terminate() == 0)
            let away = try row(isEstablished: false)
            #expect(away["missingEntries"] == 0 && away["missingSince"]?.isNull == true, "\(away)")
            for node in [county, city] { #expect(try node.terminate() == 0) }
        }

        @Test("a return made at the province arrives in the county's inbox through the city")
        func returned() throws {
            for node in [province, city, county] { try node.start() }
            try county.drop(
                Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "97"),
                as: "自评.txt"
            )
            try city.drop(
                Documents.report(unit: "湛江市赤坎区红星小学", year: 2023, score: "88"),
                as: "邻区.txt"
            )
            try awaitAtProvince("2023/麻章区", score: "97")
            try awaitAtProvince("2023/赤坎区", score: "88")
            try judge("2023/赤坎区", "--return", "邻区的意见", "--by", "省厅")
            try judge("2023/麻章区", "--return", "缺少评分表", "--by", "省厅绩效处")
            _ = try county.awaitFile("已接收/自评.txt.回执.txt") {
                $0.contains("审核退回：") && $0.contains("（省厅绩效处）：缺少评分表\r\n")
            }
            _ = try city.awaitFile("已接收/邻区.txt.回执.txt") { $0.contains("邻区的意见") }
            #expect(try county.ctl("get", "2023/麻章区", "--field", "status").output == "returned\n")
            #expect(try county.ctl("get", "2023/赤坎区").status == 3, "not the county's business")

            // What is filed anew goes up again, while the city is away for a while; then it is approved.
            _ = try city.terminate()
            try county.drop(
                Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "95"),
                as: "自评（改）.txt"
            )
            _ = try county.awaitFile("已接收/自评（改）.txt.回执.txt")
            try city.start()
            try awaitAtProvince("2023/麻章区", score: "95")
            try judge("2023/麻章区", "--approve")
            _ = try county.awaitFile("已接收/自评（改）.txt.回执.txt") { $0.contains("审核已通过：") }
            for node in [county, city, province] {
                let report = try node.ctl("verify", "-o", "json")
                #expect(report.status == 0, "\(node.name): \(report)")
                #expect(try node.terminate() == 0)
            }
        }
    }
}

import ReportModel
import Testing

extension IntegrationTests {
    /// Judgements between a county and its city.
    @Suite struct Reviews: CountyCitySuite {
        let place: CountyAndCity

        init() throws { place = try CountyAndCity() }

        private func file(_ score: String) throws {
            let text = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: score)
            try county.drop(text, as: "自评\(score).txt")
            _ = try eventually("the report with \(score) at the city") {
                try city.ctl("get", "2023/麻章区", "--field", "score").output == "\(score)\n"
                    ? true : nil
            }
        }

        private func end() throws {
            for node in [county, city] {
                let report = try node.ctl("verify", "-o", "json")
                #expect(report.status == 0, "\(report)")
                #expect(try node.terminate() == 0)
            }
        }

        @Test("the city returns, approves and erases; the county's receipts and readers are told")
        func cityJudges() throws {
            try county.configure("reviewers: [\(try city.showKey())]\n")
            try city.start()
            try county.start()
            try file("97")
            let refused = try city.ctl("review", "2023/麻章区", "--approve")
            #expect(refused.status == 7, "only at the socket: \(refused)")
            let bare = try at(city, "review", "2023/麻章区", "--return", " ")
            #expect(bare.status == 2, "\(bare)")
            let returned = try at(city, "review", "2023/麻章区", "--return", "缺少评分表", "--by", "预算科")
            #expect(returned.status == 0, "\(returned)")
            _ = try county.awaitFile("已接收/自评97.txt.回执.txt") {
                $0.contains("审核退回：") && $0.contains("（预算科）：缺少评分表\r\n")
            }
            #expect(try county.ctl("get", "2023/麻章区", "--field", "status").output == "returned\n")
            try file("95")
            #expect(try at(city, "review", "2023/麻章区", "--approve").status == 0)
            _ = try county.awaitFile("已接收/自评95.txt.回执.txt") { $0.contains("审核已通过：") }
            let queue = try city.ctl("queue", "-o", "json")
            #expect(try queue.json()["waiting"] == 0)

            let plan = try at(city, "erase", "2023/麻章区@1", "--reason", "a", "--authority", "法")
            #expect(plan.status == 0 && plan.errors.contains("--yes"), "\(plan)")
            #expect(try city.ctl("get", "2023/麻章区@1").status == 0)
            let erased = try at(
                city,
                "erase",
                "2023/麻章区@1",
                "--reason",
                "当事人要求",
                "--authority",
                "法律",
                "--yes"
            )
            #expect(erased.status == 0, "\(erased)")
            let reader = try eventually("the erasure at the county") { () -> CommandRun? in
                let run = try county.ctl("get", "2023/麻章区@1", "-o", "json")
                return run.status == 3 ? run : nil
            }
            #expect(try reader.json()["error"]?["code"] == "erased")
            #expect(try reader.json()["error"]?["authority"] == "法律")
            for node in [county, city] {
                let audit = try node.ctl("audit", "-o", "json").json()["items"]?.arrayValue
                #expect(audit?.map { $0["kind"]?.stringValue } == ["erase"])
            }
            try end()
        }

        @Test("a county does not approve its own filings; what it takes back is so at the city")
        func countyRetracts() throws {
            try city.start()
            try county.start()
            try file("97")
            let refused = try at(county, "review", "2023/麻章区", "--approve")
            #expect(refused.status == 7, "\(refused)")
            #expect(refused.errors.contains("reviewers"))
            let retracted = try at(county, "retract", "2023/麻章区", "--reason", "数据有误")
            #expect(retracted.status == 0, "\(retracted)")
            _ = try eventually("the retraction at the city") {
                try city.ctl("get", "2023/麻章区", "--field", "status").output == "retracted\n"
                    ? true : nil
            }
            let listed = try city.ctl("list", "--status", "retracted", "-o", "jsonl")
            #expect(try listed.jsonLines().count == 1)
            let again = try at(county, "reparse", "2023/麻章区", "-o", "json").json()
            #expect(again["items"]?.arrayValue?.first?["outcome"] == "same", "\(again)")
            let both = try at(county, "retract", "2023/麻章区", "--reason", "x")
            #expect(both.status == 4, "\(both)")
            try end()
        }

        @Test(
            "a county that has not listed the city takes none of its reviews, and says what to do"
        )
        func notListed() throws {
            try city.start()
            try county.start()
            try file("97")
            #expect(try at(city, "review", "2023/麻章区", "--approve").status == 0)
            _ = try eventually("the refusal in the county's log") {
                try Disk.text(county.log).contains("under reviewers") ? true : nil
            }
            #expect(try county.ctl("get", "2023/麻章区", "--field", "status").output == "submitted\n")
            try file("96")
            try end()
        }
    }
}

import ReportModel
import Testing

extension IntegrationTests {
    /// A county and its city.
    @Suite struct CountyCity: CountyCitySuite {
        let place: CountyAndCity

        init() throws { place = try CountyAndCity() }

        @Test(
            "a report dropped at the county appears at the city, with receipts, versions and codes"
        )
        func wayOfAReport() throws {
            try city.start()
            try county.start()
            let first = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "97")
            try county.drop(first, as: "自评.txt")
            _ = try eventually("version 1 at the city") {
                try city.ctl("get", "2023/麻章区", "--field", "version.number").output == "1\n"
                    ? true : nil
            }
            let receipt = try county.awaitFile("已接收/自评.txt.回执.txt") { $0.contains("市级已收到") }
            #expect(receipt.utf8.starts(with: [0xEF, 0xBB, 0xBF]))
            let feeds = receipt.utf8.count { $0 == 10 }
            #expect(feeds > 3)
            #expect(receipt.utf8.count { $0 == 13 } == feeds, "every line ends in CR LF")
            let json = try county.awaitFile("已接收/自评.txt.回执.json")
            let object = try JSONValue(parsing: Array(json.utf8))
            #expect(object["key"]?.stringValue == "2023/湛江市/麻章区/红星小学/整体支出")

            let second = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "95")
            try county.drop(second, as: "自评（修改）.txt")
            let history = try eventually("two versions at the city") { () -> [JSONValue]? in
                let items = try city.ctl("history", "2023/麻章区", "-o", "json").json().arrayValue
                return items?.count == 2 ? items : nil
            }
            #expect(history.map { $0["number"]?.integerValue } == [1, 2])
            #expect(try city.ctl("get", "2023/麻章区@1", "--field", "score").output == "97\n")
            #expect(try city.ctl("get", "2023/麻章区", "--field", "score").output == "95\n")

            try county.drop(second, as: "又一次.txt")
            _ = try county.awaitFile("重复/又一次.txt.回执.txt")
            let path = "\(root.path)/again.txt"
            try Disk.write(second, to: path)
            let again = try county.ctl("submit", path, "-o", "json")
            #expect(again.status == 0)
            #expect(try again.json()["outcome"] == "duplicate")
            #expect(try again.json()["duplicateOf"] == 2)
            #expect(try city.ctl("history", "2023/麻章区", "-o", "json").json().arrayValue?.count == 2)
            try sameAnswers(["2023/麻章区", "2023/麻章区@1"])
            try endBoth()
        }

        @Test("files that cannot be taken go to their folder, and a filled form brings one in")
        func otherOutcomes() throws {
            try county.start()
            try county.drop(Documents.report(unit: "湛江市麻章区文化站", year: nil), as: "无年度.txt")
            let form = try county.awaitFile("待处理/无年度.txt.回执.txt")
            #expect(form.contains("年度"))
            try county.drop([UInt8]("GIF89a\u{1}\u{0}\u{1}\u{0}".utf8), as: "图.gif")
            let refusal = try county.awaitFile("未接收/图.gif.回执.txt")
            #expect(refusal.contains("未接收"))
            try county.drop([UInt8](), as: "空.txt")
            _ = try county.awaitFile("未接收/空.txt.回执.json")

            let filled = form.replacing(lineOf: "年度", with: "2022")
            try Disk.write(Array(filled.utf8), to: "\(county.inbox)/待处理/无年度.txt.回执.txt")
            _ = try county.awaitFile("已接收/无年度.txt.回执.json")
            let key = try county.ctl("get", "2022/麻章区", "--field", "key")
            #expect(key.output == "2022/湛江市/麻章区/文化站/整体支出\n")
            #expect(!Disk.exists("\(county.inbox)/待处理/无年度.txt"))
            #expect(try county.terminate() == 0)
        }

        @Test("a report filed while the city is away arrives when it comes back")
        func cityAway() throws {
            try county.start()
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.json")
            let away = try peer()
            #expect(away["established"] == false)
            #expect(away["missingThere"] == 1)
            #expect(away["lastError"] == "not reachable")
            try city.start()
            _ = try eventually("the report at the city") {
                try city.ctl("get", "2017/麻章区").status == 0 ? true : nil
            }
            city.crash()
            try county.drop(Documents.numbered(4).text, as: "四.txt")
            _ = try county.awaitFile("已接收/四.txt.回执.json")
            try city.start()
            _ = try eventually("the second report at the city") {
                try city.ctl("get", "2018/麻章区").status == 0 ? true : nil
            }
            _ = try county.awaitFile("已接收/四.txt.回执.txt") { $0.contains("市级已收到") }
            let back = try peer()
            #expect(back["state"] == "caught-up")
            #expect(back["missingThere"] == 0)
            city.crash()
            try county.drop(Documents.numbered(5).text, as: "五.txt")
            _ = try eventually("one entry waits for the city") {
                let row = try peer()
                return row["missingThere"] == 1 && row["caughtUp"] == false ? true : nil
            }
            try city.start()
            try endBoth()
        }

        @Test("what a county sends outside its regions is not taken")
        func foreignRegion() throws {
            try city.start()
            try county.start()
            let path = "\(root.path)/foreign.txt"
            try Disk.write(Documents.report(unit: "湛江市赤坎区红星小学", year: 2023), to: path)
            #expect(try county.ctl("submit", path).status == 0)
            _ = try eventually("the refusal in the county's status") {
                let peers = try county.ctl("status", "-o", "json").json()["peers"]?.arrayValue ?? []
                let logs = peers.flatMap { $0["logs"]?.arrayValue ?? [] }
                return logs.contains { $0["error"] == "not-allowed" } ? true : nil
            }
            #expect(try city.ctl("get", "2023/赤坎区").status == 3)
            try endBoth()
        }

        /// The county's view of the city.
        private func peer() throws -> JSONValue {
            let peers = try county.ctl("status", "-o", "json").json()["peers"]?.arrayValue
            return try #require(peers?.first)
        }

        private func sameAnswers(_ lookups: [String]) throws {
            for lookup in lookups {
                let there = try city.ctl("get", lookup, "-o", "json")
                let here = try county.ctl("get", lookup, "-o", "json")
                #expect(there.status == 0)
                #expect(there.bytes == here.bytes, "\(lookup) reads alike at both nodes")
            }
        }

        private func endBoth() throws {
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
            for node in [county, city] {
                let run = try CommandRun.reportctl(["verify", "--store", node.store])
                #expect(run.status == 0, "\(run)")
            }
        }
    }
}

extension String {
    /// The form with a value written behind the label of one line.
    fileprivate func replacing(lineOf label: String, with value: String) -> String {
        var lines = split(separator: "\r\n", omittingEmptySubsequences: false).map { String($0) }
        guard let index = lines.lastIndex(where: { $0.hasPrefix("\(label)：") }) else { return self }
        lines[index] = "\(label)：\(value)"
        return lines.joined(separator: "\r\n")
    }
}

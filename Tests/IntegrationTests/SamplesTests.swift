import ReportModel
import Testing

extension IntegrationTests {
    /// Four real reports, two counties, a city that starts last.
    @Suite struct Samples {
        @Test(
            "four real reports filed while the city is down are all found there later",
            .enabled(if: Programs.samples != nil, "the folder of samples is missing")
        )
        func fourSamples() throws {
            let samples = try #require(Programs.samples)
            let root = try TestFolder()
            let city = try NodeProcess("市级", in: root)
            let counties = try ["东县", "西县"].map { name in
                try NodeProcess(name, in: root, inboxRegion: "")
            }
            try NodeProcess.connect(counties.map { ($0, "\"*\"") }, to: city)
            for county in counties { try county.start() }
            let names = Disk.files(under: samples).filter { $0.hasSuffix(".txt") }
            #expect(names.count == 4)
            for (index, name) in names.enumerated() {
                let county = counties[index % 2]
                try county.drop(try Disk.read("\(samples)/\(name)"), as: name)
                _ = try county.awaitFile("已接收/\(name).回执.json")
            }
            try city.start()
            let wanted = [
                ("2023/麻章区", "2023/湛江市/麻章区/总工会/整体支出"),
                ("2022/岳麓区", "2022/长沙市/岳麓区/总工会/整体支出"),
                ("2024/金口河区", "2024/乐山市/金口河区/总工会/部门决算"),
                ("2022/市中区", "2022/乐山市/市中区/总工会/整体支出"),
            ]
            for (lookup, key) in wanted {
                let found = try eventually("\(lookup) at the city") {
                    let run = try city.ctl("get", lookup, "--field", "key")
                    return run.status == 0 ? run.output : nil
                }
                #expect(found == key + "\n")
                let text = try city.ctl("get", lookup)
                #expect(text.status == 0)
                #expect(text.output.contains(key))
            }
            try askForSharedName(at: city, root: root)
            for node in counties + [city] {
                #expect(try node.ctl("verify").status == 0)
                #expect(try node.terminate() == 0)
                #expect(try CommandRun.reportctl(["verify", "--store", node.store]).status == 0)
            }
        }

        /// A second 市中区 makes the name ambiguous.
        private func askForSharedName(at city: NodeProcess, root: TestFolder) throws {
            let path = "\(root.path)/second.txt"
            let report = Documents.report(unit: "枣庄市市中区财政局", year: 2022)
            try Disk.write(report, to: path)
            #expect(try city.ctl("submit", path).status == 0)
            let keys = ["2022/乐山市/市中区/总工会/整体支出", "2022/枣庄市/市中区/财政局/整体支出"]
            let text = try city.ctl("get", "2022/市中区")
            #expect(text.status == 4)
            #expect(text.output.isEmpty)
            for part in ["总工会", "财政局", "乐山市", "枣庄市"] { #expect(text.errors.contains(part)) }
            let run = try city.ctl("get", "2022/市中区", "-o", "json")
            #expect(run.status == 4)
            let error = try #require(try run.json()["error"])
            #expect(error["code"] == "ambiguous")
            let candidates = error["candidates"]?.arrayValue ?? []
            #expect(Set(candidates.compactMap { $0["key"]?.stringValue }) == Set(keys))
            for key in keys {
                #expect(try city.ctl("get", key, "--field", "key").output == key + "\n")
            }
        }
    }
}

import ReportModel
import Testing

extension IntegrationTests {
    /// Prose that no fact is taken from, found over TCP and in a store on the disk.
    @Suite struct SearchTexts {
        private let prose = "期间组织文艺轻骑兵深入偏远山村演出三十场，深受群众欢迎"

        /// What a search finds, once the index has come to everything.
        private func found(_ term: String, _ place: [String]) throws -> [JSONValue] {
            try eventually("an index of everything") {
                let run = try CommandRun.reportctl(["search", term, "-o", "json"] + place)
                guard run.status == 0 else { throw TestFailure("search: \(run)") }
                let page = try run.json()
                guard page["indexedUpTo"] == page["position"] else { return nil }
                return page["rows"]?.arrayValue ?? []
            }
        }

        @Test("a sentence of the file that the record does not have is found")
        func found() throws {
            let root = try TestFolder()
            let node = try NodeProcess("节点", in: root)
            try node.start()
            for (unit, more) in [("红星小学", prose), ("新民小学", "别无他事")] {
                let path = "\(root.path)/\(unit).txt"
                let report = Documents.report(unit: "湛江市麻章区\(unit)", year: 2023)
                try Disk.write(report + more + "。\n", to: path)
                let run = try node.ctl("submit", path, "-o", "json")
                guard run.status == 0 else { throw TestFailure("submit: \(run)") }
            }
            let record = try node.ctl("get", "2023/红星小学")
            #expect(record.status == 0 && !record.output.contains("轻骑兵"))
            let far = try found("文艺轻骑兵", ["--node", node.address])
            #expect(far.map { $0["key"]?.stringValue } == ["2023/湛江市/麻章区/红星小学/整体支出"])
            let snippet = far.first?["snippets"]?.arrayValue?.first
            #expect(snippet?["field"]?.stringValue == "text")
            #expect(snippet?["text"]?.stringValue?.contains("文艺轻骑兵深入偏远山村") == true)
            let near = ["--store", node.store]
            #expect(try found("偏远山村演出三十场", near).count == 1)
            #expect(try found("整体支出", near).count == 2)
            let typo = try CommandRun.reportctl(["search", "unti:红星小学", "整体支出"] + near)
            #expect(typo.status == 0 && typo.output.isEmpty, "\(typo)")
            #expect(typo.errors.hasPrefix("0 found up to position 2\nnote: unti: is no"), "\(typo)")
            #expect(typo.errors.contains("region:"), "\(typo)")
            let time = try CommandRun.reportctl(["search", "9:30"] + near)
            #expect(time.errors == "0 found up to position 2\n", "\(time)")
            let beside = try CommandRun.reportctl(["reindex"] + near)
            #expect(beside.status == 4, "\(beside)")
            #expect(beside.errors.contains("--search-only works beside it"), "\(beside)")
            #expect(try node.terminate() == 0)
            let anew = try CommandRun.reportctl(["reindex"] + near + ["--search-only"])
            #expect(anew.status == 0, "\(anew)")
            #expect(try found("偏远山村演出三十场", near).count == 1)
            #expect(try found("别无他事", near).count == 1)
        }
    }
}

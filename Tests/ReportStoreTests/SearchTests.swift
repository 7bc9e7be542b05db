import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("searches")
struct SearchTests {
    private func filing(
        _ number: Int,
        title: String = "自评报告",
        problems: [String] = [],
        year: Int = 2023
    ) throws -> Filing {
        var filing = try Samples.filing(
            "\(year)/湛江市/麻章区/第\(number)中心/整体支出",
            files: ["\(year) \(number) \(title)"]
        )
        filing.record.title = title
        for (block, text) in problems.enumerated() {
            let place = Place(source: 0, block: block, start: 0, end: 1, quote: text)
            filing.record.problems.append(ListedItem(text: text, part: 0, place: place))
        }
        return filing
    }

    private func keys(_ page: SearchPage) -> [String] { page.rows.map(\.summary.version.key) }

    @Test("letters, widths, marks, numbers and blanks are folded alike in text and term")
    func folding() async throws {
        try await withStore { store in
            let text = "ＡＢｃ１２３％，支 出\u{200B}率　达98.5％；Cafe\u{301} au lait，面积５㎡第Ⅲ类"
            _ = try await store.append(try filing(1, problems: [text]))
            try store.index()
            for term in [
                "abc", "ABC123", "123%,支出率达", "支出率", "ＣＡＦÉ", "\"café au\"", "98.5%", "5m2",
                "第iii类", "\"率 达98\"",
            ] {
                let page = try store.searchNow(try SearchQuery(term))
                #expect(page.total == 1, "\(term)")
            }
            for term in ["cafeau", "支出达", "lait面", "99.5"] {
                let page = try store.searchNow(try SearchQuery(term))
                #expect(page.total == 0, "\(term)")
            }
        }
    }

    @Test("characters beyond the first plane are found for sure")
    func farCharacters() async throws {
        try await withStore { store in
            // Both have the same code in the index.
            _ = try await store.append(try filing(1, problems: ["地名\u{20010}村"]))
            _ = try await store.append(try filing(2, problems: ["地名\u{20810}村"]))
            try store.index()
            let first = try store.searchNow(try SearchQuery("名\u{20010}"))
            #expect(keys(first) == ["2023/湛江市/麻章区/第1中心/整体支出"])
            let second = try store.searchNow(try SearchQuery("\u{20810}村 -名\u{20010}"))
            #expect(keys(second) == ["2023/湛江市/麻章区/第2中心/整体支出"])
        }
    }

    @Test("a term of one character, a search of nothing and a wrong number are refused")
    func refusals() async throws {
        try await withStore { store in
            for text in [
                "支", "困难 支", "-支", "", "  ", "\"\"", "year:abc", "score:1..2..3", "score:..",
                "score:85..80",
            ] {
                await expectFailure(.usage) { _ = try await store.search(try SearchQuery(text)) }
            }
            await expectFailure(.usage) {
                _ = try await store.search(try SearchQuery("困难", after: "abc"))
            }
        }
    }

    @Test("conditions look at key and row, in English and Chinese names")
    func conditions() async throws {
        try await withStore { store in
            for number in 1...4 {
                var filing = try filing(number, problems: ["困难职工帮扶"], year: 2020 + number)
                filing.record.score = "\(80 + number).50"
                _ = try await store.append(filing)
            }
            try store.index()
            func found(_ text: String, within: String? = nil) throws -> [Int] {
                let lookup = try within.map { try Lookup(parsing: $0) }
                let page = try store.searchNow(try SearchQuery(text, within: lookup))
                return page.rows.map(\.summary.year).sorted()
            }
            #expect(try found("year:2023 困难职工") == [2023])
            #expect(try found("年度：2022..2023 困难职工") == [2022, 2023])
            #expect(try found("困难 -year:2023") == [2021, 2022, 2024])
            #expect(try found("unit:第2中心 困难") == [2022])
            #expect(try found("单位:中心 city:湛江 district:麻章区") == [2021, 2022, 2023, 2024])
            #expect(try found("score:>=83 职工") == [2023, 2024])
            #expect(try found("得分:<82 职工") == [2021])
            #expect(try found("score:83.. 职工") == [2023, 2024])
            #expect(try found("score:..82.5 职工") == [2021, 2022])
            #expect(try found("region:广东省 职工").count == 4)
            #expect(try found("地区:湛江市/麻章 职工").count == 4)
            #expect(try found("region:440811 -region:坡头 职工").count == 4)
            #expect(try found("region:坡头区 职工").isEmpty)
            #expect(try found("kind:部门决算 职工").isEmpty)
            #expect(try found("kind:整体 -unit:第1 状态:提交 职工") == [2022, 2023, 2024])
            #expect(try found("职工", within: "2022/麻章区") == [2022])
            #expect(try found("职工", within: "2022/吴川市").isEmpty)
            #expect(try found("省:广东 title:自评 职工").count == 4)
        }
    }

    @Test("more and better places come first, then newer years")
    func ranking() async throws {
        try await withStore { store in
            _ = try await store.append(try filing(1, problems: ["慰问一次"], year: 2024))
            _ = try await store.append(try filing(2, problems: ["慰问一次"], year: 2025))
            _ = try await store.append(
                try filing(3, problems: Array(repeating: "慰问", count: 9), year: 2020)
            )
            _ = try await store.append(try filing(4, title: "慰问工作报告", year: 2019))
            try store.index()
            let page = try store.searchNow(try SearchQuery("慰问"))
            #expect(page.rows.map(\.summary.year) == [2020, 2019, 2025, 2024])
            #expect(page.total == 4)
            #expect(page.totalIsExact)
        }
    }

    @Test("pages go on where the one before ended, also when reports come in between")
    func paging() async throws {
        try await withStore { store in
            for number in 0..<30 {
                _ = try await store.append(try filing(number, problems: ["困难职工\(number)"]))
            }
            try store.index()
            let all = try store.searchNow(try SearchQuery("困难职工", limit: 100))
            #expect(all.rows.count == 30)
            #expect(all.next == nil)
            let first = try store.searchNow(try SearchQuery("困难职工", limit: 10))
            for number in 30..<50 {
                _ = try await store.append(try filing(number, problems: ["困难职工\(number)"]))
            }
            try store.index()
            let rest = try store.searchNow(try SearchQuery("困难职工", limit: 100, after: first.next))
            let old = Set(keys(all))
            #expect(keys(first) == Array(keys(all).prefix(10)))
            #expect(keys(rest).filter { old.contains($0) } == Array(keys(all).dropFirst(10)))
            #expect(rest.total == 50)
        }
    }

    @Test("snippets mark what was found, in the text as it was printed")
    func snippets() async throws {
        try await withStore { store in
            let long = String(repeating: "其他文字", count: 40)
            var filing = try filing(
                1,
                problems: [
                    "开头" + long + "全年慰问困　难职工12人次，ＡＢ困难职工" + long, "再次帮扶困难职工", "无关",
                ]
            )
            filing.record.sections = [
                Section(
                    number: "三",
                    title: "存在问题",
                    level: 0,
                    place: Place(source: 0, block: 0, start: 0, end: 1, quote: "三、存在问题")
                )
            ]
            _ = try await store.append(filing)
            try store.index()
            let page = try store.searchNow(try SearchQuery("困难职工 ab"))
            let snippets = try #require(page.rows.first).snippets
            #expect(snippets.count == 2)
            let first = try #require(snippets.first)
            let scalars = Array(first.text.unicodeScalars)
            let marked = first.marks.map { range in
                String(String.UnicodeScalarView(scalars[range]))
            }
            #expect(marked == ["困　难职工", "ＡＢ困难职工"])
            #expect(first.field == "problems")
            #expect(first.section == "存在问题")
            #expect(first.text.hasPrefix("…") && first.text.hasSuffix("…"))
            #expect(snippets.last?.text == "再次帮扶困难职工")
            for snippet in snippets { #expect(SearchSnippet(json: snippet.json) == snippet) }
        }
    }

    @Test("names of people are not searched")
    func people() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(people: ["欧阳某某"]))
            try store.index()
            #expect(try store.searchNow(try SearchQuery("欧阳")).total == 0)
            #expect(try store.searchNow(try SearchQuery("总工会")).total == 1)
        }
    }

    @Test("an index of nothing, of another store and of damaged bytes is made anew")
    func madeAnew() async throws {
        try await withFixture { fixture in
            let empty = try fixture.store.searchNow(try SearchQuery("困难"))
            #expect(empty.rows.isEmpty)
            _ = try await fixture.store.append(try filing(1, problems: ["困难职工"]))
            try fixture.store.index()
            try fixture.store.searchBox.withWritable { database in
                try database.environment.write { (transaction: borrowing WriteTransaction) throws in
                    var rows: [[UInt8]] = []
                    try transaction.forEach(in: database.postings) { key, _ in
                        rows.append(key.withUnsafeBytes { Array($0) })
                        return .continue
                    }
                    for row in rows {
                        var value = try #require(
                            try transaction.copyValue(row, in: database.postings)
                        )
                        value[value.count / 2] ^= 0x40
                        try transaction.put(row, value, in: database.postings)
                    }
                }
            }
            await expectFailure(.integrity) {
                _ = try await fixture.store.search(try SearchQuery("困难"))
            }
            try await SearchIndexer(fixture.store).catchUp()
            #expect(try fixture.store.searchNow(try SearchQuery("困难")).total == 1)
            try fixture.reopen {
                TestFiles.overwrite(fixture.directory + "/search/data.mdb", with: "no database")
            }
            try await SearchIndexer(fixture.store).catchUp()
            #expect(try fixture.store.searchNow(try SearchQuery("困难")).total == 1)
        }
    }

    @Test("the indexer follows what is appended until it is cancelled")
    func follows() async throws {
        try await withStore { store in
            let task = Task { await SearchIndexer(store).run() }
            for number in 0..<5 {
                _ = try await store.append(try filing(number, problems: ["困难职工"]))
            }
            var position = try store.searchPosition()
            while position.indexedUpTo < position.position {
                await Task.yield()
                position = try store.searchPosition()
            }
            #expect(try store.searchNow(try SearchQuery("困难职工")).total == 5)
            task.cancel()
            await task.value
        }
    }
}

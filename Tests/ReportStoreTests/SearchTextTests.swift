import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

/// Takes every file for UTF-8 text; some names are of files that no text can be made of.
struct PlainTexts: SourceTexts {
    func text(of file: [UInt8], name: String) async -> String? {
        name.hasSuffix(".doc") ? nil : String(decoding: file, as: UTF8.self)
    }

    func rest() async {}
}

extension Store {
    /// Indexes records and the text of files.
    func indexTexts() async throws { try await SearchIndexer(self, texts: PlainTexts()).catchUp() }
}

@Suite("searches in the text of files")
struct SearchTextTests {
    private let prose = "本年度组织志愿者走访慰问孤寡老人三百余人次，\n社会反响良好。"

    private func total(_ store: Store, _ text: String) throws -> Int {
        try store.searchNow(try SearchQuery(text)).rows.count
    }

    private func erase(
        _ store: Store,
        _ lookup: String,
        _ parts: Set<EraseCommand.Part>
    ) async throws {
        let command = try EraseCommand(
            try Lookup(parsing: lookup),
            parts: parts,
            reason: "依申请",
            authority: "档案局"
        )
        _ = try await store.erase(command)
    }

    @Test("every substring of files and records is found through versions, erasures and reopening")
    func model() async throws {
        for seed in 5...6 as ClosedRange<UInt64> {
            try await withFixture { fixture in
                var model = SearchModel(seed: seed, keyCount: 30, hasSources: true)
                for round in 0..<10 {
                    let filings = try (0..<model.number(1..<14)).map { _ in try model.filing() }
                    for result in try fixture.store.appendBatch(filings) { _ = try result.get() }
                    if round % 3 != 1 { try await fixture.store.indexTexts() }
                    if round % 4 == 3 { try fixture.reopen() }
                    if round % 2 == 0 {
                        // Also of what is not indexed yet.
                        let index = model.number(0..<model.versions.count)
                        let parts: Set<EraseCommand.Part> =
                            round % 4 == 0 ? [.sources] : EraseCommand.Part.usual
                        if !model.versions[index].isErased, model.versions[index].source != nil {
                            try await erase(fixture.store, model.lookup(index), parts)
                            model.eraseSource(index)
                            if parts.contains(.record) { model.erase(index) }
                        }
                    }
                    try await fixture.store.indexTexts()
                    try fixture.store.withSearchWork { _ = try $0.merge(steps: 1) }
                    try check(fixture.store, &model, rounds: 3)
                }
                try await SearchIndexer(fixture.store).settle()
                try check(fixture.store, &model, rounds: 12)
                try await SearchIndexer(fixture.store, texts: PlainTexts()).rebuild()
                try check(fixture.store, &model, rounds: 12)
            }
        }
    }

    private func check(_ store: Store, _ model: inout SearchModel, rounds: Int) throws {
        for _ in 0..<rounds {
            let short = model.text(2...2)
            let long = model.text(3...5)
            #expect(try store.found(short, in: model) == model.found([short]), "\(short)")
            #expect(try store.found(long, in: model) == model.found([long]), "\(long)")
            let without = try store.found("\(short) -\(long)", in: model)
            #expect(without == model.found([short], without: [long]), "\(short) -\(long)")
            let all = try store.found(long, in: model, allVersions: true)
            #expect(all == model.found([long], allVersions: true), "\(long)")
        }
    }

    @Test("prose of which the record has nothing is found and shown under the heading before it")
    func proseOfFiles() async throws {
        try await withStore { store in
            let file = "一、基本情况\n" + prose + "C:\\报告\n二、存在问题\n人手不足。"
            var filing = try Samples.filing(files: [file])
            for (block, title) in ["基本情况", "存在问题"].enumerated() {
                let place = Place(source: 0, block: block, start: 0, end: 1, quote: title)
                filing.record.sections.append(
                    Section(number: "\(block)", title: title, level: 0, place: place)
                )
            }
            _ = try await store.append(filing)
            try await store.indexTexts()
            for term in ["孤寡老人", "走访", "余人次,社会反响", "\\报告", "三百余人次 人手不足"] {
                #expect(try total(store, term) == 1, "\(term)")
            }
            for term in ["孤寡儿童", "走访 -孤寡老人", "报告一"] {
                #expect(try total(store, term) == 0, "\(term)")
            }
            let page = try store.searchNow(try SearchQuery("孤寡老人"))
            let snippet = try #require(page.rows.first?.snippets.first)
            #expect(snippet.field == "text")
            #expect(snippet.section == "基本情况")
            let mark = try #require(snippet.marks.first)
            let marked = Array(snippet.text.unicodeScalars)[mark]
            #expect(String(String.UnicodeScalarView(marked)) == "孤寡老人")
            let later = try store.searchNow(try SearchQuery("人手不足"))
            #expect(later.rows.first?.snippets.map(\.section) == ["存在问题"])
        }
    }

    @Test("a place that the record shows is not shown a second time from the text")
    func shownOnce() async throws {
        try await withStore { store in
            var filing = try Samples.filing(files: ["问题如下：部分项目推进缓慢，有待改进。"])
            let place = Place(source: 0, block: 0, start: 0, end: 1, quote: "部分项目推进缓慢")
            filing.record.problems = [ListedItem(text: "部分项目推进缓慢", part: 0, place: place)]
            _ = try await store.append(filing)
            try await store.indexTexts()
            let page = try store.searchNow(try SearchQuery("推进缓慢"))
            #expect(page.rows.first?.snippets.map(\.field) == ["problems"])
        }
    }

    @Test("names and numbers of people are blanked in the text, however they are spaced")
    func people() async throws {
        try await withStore { store in
            let file = "联系人：欧 阳　某某，电话０７５９-123；欧阳某某签字。" + prose
            _ = try await store.append(
                try Samples.filing(files: [file], people: ["欧阳某某", "0759-123"])
            )
            try await store.indexTexts()
            for term in ["欧阳", "阳某", "0759", "9-123"] {
                #expect(try total(store, term) == 0, "\(term)")
            }
            for term in ["孤寡老人", "联系人", "签字"] {
                #expect(try total(store, term) == 1, "\(term)")
            }
            let page = try store.searchNow(try SearchQuery("签字"))
            let text = try #require(page.rows.first?.snippets.first).text
            #expect(text.contains("＊＊＊＊签字") && !text.contains("欧"))
            // Nobody knows any more what must be blanked: the text is not taken a second time.
            try await erase(store, Samples.key, [.people])
            #expect(try total(store, "孤寡老人") == 1)
            try await SearchIndexer(store, texts: PlainTexts()).rebuild()
            #expect(try total(store, "孤寡老人") == 0)
            #expect(try total(store, "总工会") == 1)
        }
    }

    @Test("when only the files are erased, the record is found, and nothing of the text stays")
    func erasedFiles() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let store = fixture.store
        _ = try await store.append(try Samples.filing(files: ["龘靐齉爩" + prose]))
        _ = try await store.append(
            try Samples.filing("2022/湛江市/麻章区/总工会/整体支出", files: [prose])
        )
        try await store.indexTexts()
        #expect(try total(store, "龘靐") == 1)
        let page = try store.searchNow(try SearchQuery("绩效自评"))
        try await erase(store, "2023/总工会", [.sources])
        for term in ["龘靐", "龘靐齉爩"] { #expect(try total(store, term) == 0, "\(term)") }
        #expect(try total(store, "孤寡老人") == 1)
        let after = try store.searchNow(try SearchQuery("绩效自评"))
        #expect(after.rows.map(\.summary.year) == page.rows.map(\.summary.year))
        try await SearchIndexer(store).settle()
        let state = try store.searchBox.withWritable { try SearchWork(store, $0).state() }
        #expect(!state.isScrubDue)
        try store.searchBox.withWritable { database in
            try database.environment.read { (transaction: borrowing ReadTransaction) throws in
                let reader = PostingReader(database: database, segments: state.segments)
                let expected: [(String, [Int])] = [("龘靐", []), ("孤寡", [2]), ("绩效", [1, 2])]
                for (term, documents) in expected {
                    let scalars = TextFolding.folded(term)
                    let bigram = Bigram.make(scalars[0], scalars[1])
                    let list = try reader.list(of: bigram, transaction)
                    #expect(list.documents.map(Int.init) == documents, "\(term)")
                }
                #expect(try TextRows(database).text(of: 1, transaction) == nil)
                #expect(try TextRows(database).text(of: 2, transaction) != nil)
            }
        }
    }

    @Test("a reading has the text of its version's files, and loses it with them")
    func readings() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: [prose], people: ["志愿者"]))
            try await store.indexTexts()
            let lookup = try Lookup(parsing: Samples.key)
            let answer = try store.getNow(lookup, body: .record)
            var json = try JSONValue(parsing: answer.bytes).objectValue ?? [:]
            json["status"] = nil
            json["version"] = nil
            let before = Hash256(hashing: JSONValue.object(json).canonicalBytes)
            var record = try Record(json: .object(json))
            record.title = "重新解析的报告"
            _ = try await store.append(
                Reading(of: answer.version.hash, before: before, record: record, people: [])
            )
            try await store.indexTexts()
            #expect(try total(store, "孤寡老人 重新解析") == 1)
            // The reading names nobody, its version does.
            #expect(try total(store, "志愿") == 0)
            try await erase(store, Samples.key, [.sources])
            #expect(try total(store, "孤寡老人") == 0)
            #expect(try total(store, "孤寡") == 0)
            #expect(try total(store, "重新解析") == 1)
        }
    }

    @Test("files without text, pictures and long files leave the record to be found")
    func passedOver() async throws {
        try await withStore { store in
            let picture = String(decoding: [0x47, 0x49, 0x46, 0x38], as: UTF8.self) + "图中文字"
            _ = try await store.append(
                try Samples.filing(
                    files: ["旧格式文字", picture, prose],
                    names: ["旧.doc", "图.gif", "报告.txt"]
                )
            )
            try await store.indexTexts()
            #expect(try total(store, "孤寡老人") == 1)
            #expect(try total(store, "旧格式") == 0)
            #expect(try total(store, "图中") == 0)
            #expect(try total(store, "总工会") == 1)
        }
    }

    @Test("a store indexed without texts gets them when the index is made anew")
    func madeAnew() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: [prose]))
            try await SearchIndexer(store).catchUp()
            #expect(try total(store, "孤寡老人") == 0)
            try await store.indexTexts()
            #expect(try total(store, "孤寡老人") == 0)
            try await SearchIndexer(store, texts: PlainTexts()).rebuild()
            #expect(try total(store, "孤寡老人") == 1)
        }
    }

    @Test("long texts are kept in chunks and come back as they were")
    func chunks() async throws {
        try await withStore { store in
            var generator = SeededGenerator(seed: 3)
            let scalars = (0..<300_000).map { _ in
                Unicode.Scalar(UInt32.random(in: 0x4E00...0x9FA5, using: &generator)) ?? "字"
            }
            let text = String(String.UnicodeScalarView(scalars))
            _ = try await store.append(try Samples.filing(files: [text]))
            _ = try await store.append(
                try Samples.filing("2022/湛江市/麻章区/总工会/整体支出", files: [prose])
            )
            try await store.indexTexts()
            let end = String(text.suffix(9))
            #expect(try total(store, end) == 1)
            #expect(try total(store, "孤寡老人") == 1)
            try store.searchBox.withWritable { database in
                try database.environment.read { (transaction: borrowing ReadTransaction) throws in
                    let stored = try TextRows(database).text(of: 1, transaction)
                    #expect(stored == Array(text.utf8))
                }
            }
        }
    }
}

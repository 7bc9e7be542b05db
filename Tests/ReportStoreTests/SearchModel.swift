import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

/// Reports of random text, and what a search must find in them, found by looking at every one.
struct SearchModel {
    /// A version as the model keeps it.
    struct Version {
        var key: String
        var texts: [String]
        /// Text of its file; nil when that is not indexed or was erased.
        var source: String?
        var isErased = false
    }

    /// Characters that stand in no other text of a made-up record.
    static let alphabet = Array("甲乙丙丁戊己庚辛壬癸")
    private(set) var versions: [Version] = []
    private var generator: SeededGenerator
    private let keyCount: Int
    /// Whether files have text of their own that is indexed.
    private let hasSources: Bool

    init(seed: UInt64, keyCount: Int, hasSources: Bool = false) {
        self.hasSources = hasSources
        generator = SeededGenerator(seed: seed)
        self.keyCount = keyCount
    }

    mutating func text(_ range: ClosedRange<Int>) -> String {
        let count = Int.random(in: range, using: &generator)
        return String((0..<count).map { _ in character() })
    }

    /// A character, the first ones of the alphabet more often.
    private mutating func character() -> Character {
        let left = Int.random(in: 0..<Self.alphabet.count, using: &generator)
        let right = Int.random(in: 0...left, using: &generator)
        return Self.alphabet[right]
    }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// A filing of random text; the model has it as the newest version of its key.
    mutating func filing() throws -> Filing {
        let number = number(0..<keyCount)
        let key = try ReportKey(
            year: 2019 + number % 5,
            city: "湛江市",
            district: number % 3 == 0 ? "麻章区" : "霞山区",
            unit: "第\(number)服务中心",
            kind: .overall
        )
        // Two lines, of which the second goes on where the first ends.
        let lines = hasSources ? [text(0...40), text(0...40)] : []
        let file = "\(versions.count)号\n" + lines.joined(separator: "\r\n")
        var filing = try Samples.filing(key.text, files: [file])
        var texts = [text(0...8)]
        filing.record.title = texts[0]
        for index in 0..<self.number(0..<5) {
            let text = text(1...30)
            texts.append(text)
            let place = Place(source: 0, block: index, start: 0, end: 1, quote: text)
            switch index % 3 {
            case 0: filing.record.problems.append(ListedItem(text: text, part: 0, place: place))
            case 1:
                filing.record.remarks.append(
                    Remark(kind: "reason", label: "原因", text: text, part: 0, place: place)
                )
            default:
                let quote = self.text(1...10)
                texts.append(quote)
                filing.record.improvements.append(
                    ListedItem(
                        text: text,
                        part: 0,
                        place: Place(source: 0, block: index, start: 0, end: 1, quote: quote)
                    )
                )
            }
        }
        let source = hasSources ? lines.joined() : nil
        versions.append(Version(key: key.text, texts: texts, source: source))
        return filing
    }

    mutating func erase(_ index: Int) { versions[index].isErased = true }

    mutating func eraseSource(_ index: Int) { versions[index].source = nil }

    /// The version as a lookup names it.
    func lookup(_ index: Int) -> String {
        let key = versions[index].key
        let number = versions[...index].filter { $0.key == key }.count
        return "\(key)@\(number)"
    }

    /// Indices of the versions that count.
    func candidates(allVersions: Bool) -> [Int] {
        guard !allVersions else { return versions.indices.filter { !versions[$0].isErased } }
        var newest: [String: Int] = [:]
        for (index, version) in versions.enumerated() { newest[version.key] = index }
        return newest.values.filter { !versions[$0].isErased }
    }

    /// What a search must find: indices of versions.
    func found(_ wanted: [String], without: [String] = [], allVersions: Bool = false) -> Set<Int> {
        func holds(_ index: Int, _ term: String) -> Bool {
            versions[index].texts.contains { $0.contains(term) }
                || versions[index].source?.contains(term) == true
        }
        return Set(
            candidates(allVersions: allVersions).filter { index in
                wanted.allSatisfy { holds(index, $0) } && !without.contains { holds(index, $0) }
            }
        )
    }

    /// The index of the version with a number of a key.
    func index(key: String, number: Int) -> Int? {
        let own = versions.indices.filter { versions[$0].key == key }
        return own.indices.contains(number - 1) ? own[number - 1] : nil
    }
}

extension Store {
    /// Every row of a search, page by page.
    func everyRow(
        _ text: String,
        within: Lookup? = nil,
        limit: Int = 7,
        allVersions: Bool = false
    ) throws -> [SearchHit] {
        var rows: [SearchHit] = []
        var query = try SearchQuery(text, within: within, limit: limit, allVersions: allVersions)
        while true {
            let page = try searchNow(query)
            rows += page.rows
            guard let next = page.next else { return rows }
            query.after = next
        }
    }

    /// What is found, as indices of the versions of a model.
    func found(
        _ text: String,
        in model: SearchModel,
        allVersions: Bool = false
    ) throws -> Set<Int> {
        let rows = try everyRow(text, allVersions: allVersions)
        let indices = rows.compactMap { row in
            model.index(key: row.summary.version.key, number: row.summary.version.number)
        }
        #expect(indices.count == rows.count)
        #expect(Set(indices).count == rows.count)
        return Set(indices)
    }

    /// Runs steps of the index one by one.
    func withSearchWork(_ body: (SearchWork) throws -> Void) throws {
        try searchBox.withWritable { database in
            try body(SearchWork(self, database, stepByteCount: 1000))
        }
    }

    /// Indexes what is there as one segment, or as several when it is much.
    func index() throws {
        try withSearchWork { work in
            var occurrences = OccurrenceBuffer()
            while try work.index(after: try work.state().indexedUpTo, &occurrences) {}
        }
    }
}

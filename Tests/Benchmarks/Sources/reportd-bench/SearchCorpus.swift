import ReportModel

/// Made-up reports of words that are as often as the words of a language are, for the search.
///
/// Source: Zipf's law: the n-th word of the vocabulary stands 1/n as often as the first.
struct SearchCorpus {
    /// The vocabulary, the frequent words first.
    let words: [String]
    private let utf8: [[UInt8]]
    /// Indices of words, each as often as the word is.
    private let samples: [Int32]
    private var generator = SmallGenerator()
    private let byteCount: Int

    /// Makes a vocabulary.
    /// - Parameter byteCount: bytes of the text of one report.
    init(byteCount: Int) {
        self.byteCount = byteCount
        var generator = SmallGenerator()
        var words: Set<String> = []
        var ordered: [String] = []
        while ordered.count < 40_000 {
            let length = [2, 2, 2, 2, 2, 2, 3, 3, 4, 4][Int.random(in: 0..<10, using: &generator)]
            var word = String.UnicodeScalarView()
            for _ in 0..<length {
                // Some characters are in many words.
                let bound = Int.random(in: 1...3000, using: &generator)
                let character = Int.random(in: 0..<bound, using: &generator)
                if let scalar = Unicode.Scalar(UInt32(0x4E00 + character * 7)) {
                    word.append(scalar)
                }
            }
            if words.insert(String(word)).inserted { ordered.append(String(word)) }
        }
        self.words = ordered
        utf8 = ordered.map { Array($0.utf8) }
        var sums: [Double] = []
        var sum = 0.0
        for rank in 1...ordered.count {
            sum += 1 / Double(rank)
            sums.append(sum)
        }
        var samples: [Int32] = []
        var word = 0
        let count = 1 << 20
        for index in 0..<count {
            let wanted = (Double(index) + 0.5) / Double(count) * sum
            while word < sums.count - 1, sums[word] < wanted { word += 1 }
            samples.append(Int32(word))
        }
        self.samples = samples
    }

    /// The next report: its filing, and its text as one file would have it.
    mutating func next(_ index: Int) throws -> (filing: Filing, text: [UInt8]) {
        let key = try ReportKey(
            year: 2019 + index % 6,
            city: "湛江市",
            district: "麻章区",
            unit: "第\(index / 6 + 1)服务中心",
            kind: .overall
        )
        var record = Record(
            parser: "bench",
            rules: "bench",
            region: Region(
                code: "440811",
                province: "广东省",
                city: "湛江市",
                district: "麻章区"
            ),
            unit: UnitIdentity(name: "湛江市麻章区\(key.unit)", shortName: key.unit),
            kind: key.kind.text
        )
        record.key = key.text
        record.year = key.year
        record.title = paragraph(45)
        var text = Array((record.title ?? "").utf8)
        var block = 1
        while text.count < byteCount {
            let heading = paragraph(24)
            record.sections.append(
                Section(number: "一", title: heading, level: 0, place: place(block, heading))
            )
            text.append(0x0A)
            text.append(contentsOf: heading.utf8)
            for _ in 0..<4 where text.count < byteCount {
                block += 1
                let body = paragraph(420)
                text.append(0x0A)
                text.append(contentsOf: body.utf8)
                add(body, block, to: &record)
            }
            block += 1
        }
        text.append(0x0A)
        return (Filing(key: key, record: record, sources: []), text)
    }

    private func add(_ body: String, _ block: Int, to record: inout Record) {
        let place = place(block, body)
        switch block % 3 {
        case 0: record.problems.append(ListedItem(text: body, part: 0, place: place))
        case 1: record.improvements.append(ListedItem(text: body, part: 0, place: place))
        default:
            record.remarks.append(
                Remark(kind: "reason", label: "", text: body, part: 0, place: place)
            )
        }
    }

    private func place(_ block: Int, _ quote: String) -> Place {
        Place(source: 0, block: block, start: 0, end: 1, quote: quote)
    }

    /// Sentences of about a number of bytes.
    private mutating func paragraph(_ count: Int) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 16)
        while bytes.count < count {
            let sample = Int(truncatingIfNeeded: generator.next() >> 44)
            bytes.append(contentsOf: utf8[Int(samples[sample])])
            if sample % 9 == 0, bytes.count < count { bytes.append(contentsOf: "，".utf8) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

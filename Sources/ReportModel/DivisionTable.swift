/// The compiled-in divisions with their indexes, built once when first used.
///
/// It is immutable after `init`, so sharing it is safe.
final class DivisionTable: Sendable {
    /// The table that is compiled in.
    static let standard = DivisionTable()

    /// All divisions by code, then by last year.
    let entries: [Division]

    /// Positions in ``entries`` by full name.
    let names: [String: [Int]]

    /// Positions by the short form people write for an autonomous unit, such as 凉山州 or 峨边县.
    let aliases: [String: [Int]]

    /// Positions of provinces and prefectures by name without the level word, such as 乐山.
    let stems: [String: [Int]]

    /// The length in scalars of the longest name.
    let longestName: Int

    private init() {
        entries = Self.parse(Self.generatedText)
        var names: [String: [Int]] = Dictionary(minimumCapacity: entries.count)
        var aliases: [String: [Int]] = [:]
        var stems: [String: [Int]] = [:]
        var longest = 0
        for (position, entry) in entries.enumerated() {
            names[entry.name, default: []].append(position)
            longest = max(longest, entry.name.unicodeScalars.count)
            let (alias, stem) = Self.shortForms(of: entry)
            if let alias { aliases[alias, default: []].append(position) }
            if entry.level != .county { stems[stem, default: []].append(position) }
        }
        self.names = names
        self.aliases = aliases
        self.stems = stems
        longestName = longest
    }

    /// The positions of all entries with a code.
    func positions(number: Int) -> Range<Int> {
        func bound(_ isBefore: (Division) -> Bool) -> Int {
            var low = 0
            var high = entries.count
            while low < high {
                let middle = (low + high) / 2
                if isBefore(entries[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return bound { $0.number < number }..<bound { $0.number <= number }
    }

    /// The entry of a code that was valid in a year, else the latest one.
    func entry(number: Int, year: Int?) -> Division? {
        let all = entries[positions(number: number)]
        return all.last { $0.isValid(in: year) } ?? all.last
    }

    private static func parse(_ text: StaticString) -> [Division] {
        var rows: [(number: Int, name: String, years: [Int])] = []
        rows.reserveCapacity(generatedCount)
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for line in bytes.split(separator: 0x0A) {
            let fields = line.split(separator: 0x20)
            guard fields.count >= 2, let number = decimal(fields[0]) else { continue }
            let name = String(decoding: fields[1], as: UTF8.self)
            rows.append((number, name, fields.dropFirst(2).map { decimal($0) ?? 0 }))
        }
        var prefectures: Set<Int> = []
        for row in rows where row.number % 100 == 0 && row.number % 10_000 != 0 {
            prefectures.insert(row.number)
        }
        var divisions: [Division] = []
        divisions.reserveCapacity(rows.count)
        for row in rows {
            let above = row.number / 100 * 100
            var parent: Int?
            if row.number % 10_000 != 0 {
                let isBelowPrefecture = above != row.number && prefectures.contains(above)
                parent = isBelowPrefecture ? above : row.number / 10_000 * 10_000
            }
            let first = row.years.first.flatMap { $0 == 0 ? nil : $0 }
            let last = row.years.dropFirst().first.flatMap { $0 == 0 ? nil : $0 }
            divisions.append(
                Division(
                    number: row.number,
                    name: row.name,
                    parentNumber: parent,
                    firstYear: first,
                    lastYear: last
                )
            )
        }
        return divisions.sorted {
            ($0.number, $0.lastYear ?? .max) < ($1.number, $1.lastYear ?? .max)
        }
    }

    private static func decimal(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte), value < 1_000_000 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// Level words, longest first.
    private static let levelWords = ["特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区"]

    /// The short form with a level word, when it differs from the name, and the stem without any.
    private static func shortForms(of entry: Division) -> (alias: String?, stem: String) {
        let word = levelWords.first { entry.name.hasSuffix($0) } ?? String(entry.name.suffix(1))
        var stem = entry.name.dropLast(word.count)
        guard word.hasPrefix("自治") else { return (nil, String(stem)) }
        while let people = peoples.first(where: { stem.hasSuffix($0) && stem.count > $0.count }) {
            stem = stem.dropLast(people.count)
        }
        // 东乡族自治县: the name of the people is the name of the place.
        if stem.count > 2, stem.hasSuffix("族") { stem = stem.dropLast() }
        let alias = entry.level == .province ? nil : String(stem) + String(word.suffix(1))
        return (alias, String(stem))
    }

    /// The peoples whose names stand in the names of autonomous units, longer names before their endings.
    private static let peoples = [
        "柯尔克孜", "维吾尔", "达斡尔族", "鄂伦春族", "鄂温克族", "哈萨克", "塔吉克", "锡伯", "蒙古族", "蒙古", "土家族",
        "布依族", "哈尼族", "朝鲜族", "景颇族", "傈僳族", "拉祜族", "普米族", "布朗族", "毛南族", "仫佬族", "仡佬族",
        "保安族", "东乡族", "撒拉族", "裕固族", "哈萨克族", "独龙族", "纳西族", "各族", "黎族", "壮族", "回族", "满族",
        "瑶族", "苗族", "侗族", "畲族", "彝族", "藏族", "羌族", "傣族", "白族", "水族", "佤族", "怒族", "土族",
    ]
}

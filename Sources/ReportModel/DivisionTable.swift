/// The compiled-in divisions with their indexes, built once when first used.
///
/// It is immutable after `init`, so sharing it is safe.
final class DivisionTable: Sendable {
    /// The table that is compiled in.
    static let standard = DivisionTable()

    /// All divisions by code, then by last year.
    let entries: [Division]

    /// Positions in ``entries`` by full name.
    let names: NameIndex

    /// Positions by the short form people write for an autonomous unit, such as 凉山州 or 峨边县.
    let aliases: NameIndex

    /// Positions of provinces and prefectures by name without the level word, such as 乐山.
    let stems: NameIndex

    /// The length in scalars of the longest name.
    let longestName: Int

    private init() {
        entries = Self.parse(Self.generatedText)
        var names = NameIndex(capacity: entries.count)
        var aliases = NameIndex(capacity: 256)
        var stems = NameIndex(capacity: 512)
        var longest = 0
        for (position, entry) in entries.enumerated() {
            names.add(entry.name, position: position)
            // Every scalar of a name has three bytes.
            longest = max(longest, entry.name.utf8.count / 3)
            // 自治 is looked for by length first: ordinary counties are most of the table.
            guard entry.level != .county || entry.name.utf8.count > 12 else { continue }
            let (alias, stem) = Self.shortForms(of: entry)
            if let alias { aliases.add(alias, position: position) }
            if entry.level != .county { stems.add(stem, position: position) }
        }
        self.names = names
        self.aliases = aliases
        self.stems = stems
        longestName = longest
    }

    /// Every name without its level word, counties included, of two letters or more.
    static let allStems = Set(
        standard.entries.map { entry in
            let stem = shortForms(of: entry).stem
            return stem.count > 2 && stem.hasSuffix("新") ? String(stem.dropLast()) : stem
        }.filter { $0.count > 1 }
    )

    /// Names of provinces and prefectures without their level word.
    static let largeStems = Set(
        standard.entries.filter { $0.level != .county }.map { shortForms(of: $0).stem }
    )

    /// The positions of all entries with a code.
    func positions(number: Int) -> Range<Int> {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number < number { low = middle + 1 } else { high = middle }
        }
        // A code has few names.
        var end = low
        while end < entries.count, entries[end].number == number { end += 1 }
        return low..<end
    }

    /// The entry of a code that was valid in a year, else the latest one.
    func entry(number: Int, year: Int?) -> Division? {
        let all = entries[positions(number: number)]
        return all.last { $0.isValid(in: year) } ?? all.last
    }

    /// Reads the generated lines, which are sorted by code and, under one code, by last year.
    private static func parse(_ text: StaticString) -> [Division] {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        var divisions: [Division] = []
        divisions.reserveCapacity(generatedCount)
        // Prefectures come before their counties; 0 is none.
        var prefecture = 0
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
            let nameStart = start + 7
            let nameEnd = bytes[nameStart..<end].firstIndex(of: 0x20) ?? end
            let number = decimal(bytes[start..<start + 6])
            let years = bytes[nameEnd..<end]
            let firstYear = years.isEmpty ? 0 : decimal(years.dropFirst().prefix { $0 != 0x20 })
            let lastYear =
                years.lastIndex(of: 0x20).map {
                    $0 == nameEnd ? 0 : decimal(years[$0...].dropFirst())
                } ?? 0
            var parent: Int?
            if number % 100 == 0 {
                if number % 10_000 != 0 {
                    prefecture = number
                    parent = number / 10_000 * 10_000
                }
            } else {
                let above = number / 100 * 100
                parent = above == prefecture ? above : number / 10_000 * 10_000
            }
            divisions.append(
                Division(
                    number: number,
                    name: String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self),
                    parentNumber: parent,
                    firstYear: firstYear == 0 ? nil : firstYear,
                    lastYear: lastYear == 0 ? nil : lastYear
                )
            )
            start = end + 1
        }
        return divisions
    }

    private static func decimal(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        digits.reduce(0) { ($0 &* 10) &+ Int($1 &- 0x30) }
    }

    /// Level words, longest first.
    private static let levelWords = ["特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区"]

    /// The short form with a level word, when it differs from the name, and the stem without any.
    private static func shortForms(of entry: Division) -> (alias: String?, stem: String) {
        let word = levelWords.first { entry.name.hasSuffix($0) } ?? String(entry.name.suffix(1))
        var stem = entry.name.dropLast(word.count)
        guard word.hasPrefix("自治") else { return (nil, String(stem)) }
        // Two letters stay at least: 内蒙古 is not 内.
        while let people = peoples.first(where: { stem.hasSuffix($0) && stem.count >= $0.count + 2 }
        ) {
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

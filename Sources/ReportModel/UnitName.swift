/// The names of units: as printed, without codes, and short as in a key.
///
/// Source: DESIGN section 3, Parts (the short name of a unit) and Key (本级, 汇总).
public enum UnitName {
    /// Returns the scope that a printed name states, or nil when it states none.
    public static func scope(of printed: String) -> UnitScope? {
        stripped(printed).scope
    }

    /// Returns the name without codes, 本级 and 汇总, cleaned; it is never extended beyond print.
    public static func name(of printed: String) -> String {
        stripped(printed).name
    }

    /// Returns the short name of a unit, as a key has it without its scope.
    ///
    /// The region in front is dropped (麻章区总工会 is 总工会); where 委, 直 and their like follow, the level word stays
    /// (岳麓区委办公室 is 区委办公室). Where something else stands in front of the region, its stem is taken out and the
    /// level word kept (中共金口河区委宣传部 is 区委宣传部). A leading 中共, codes, 本级 and a second name in brackets go.
    ///
    /// - Parameters:
    ///   - printed: The name as printed.
    ///   - region: The region of the unit when it is known from elsewhere.
    ///   - year: The evaluated year.
    ///   - divisions: The table, with local names.
    /// - Returns: The short name, empty when the name is nothing but a region.
    public static func short(
        of printed: String,
        region: Region? = nil,
        year: Int? = nil,
        divisions: Divisions = .standard
    ) -> String {
        let name = withoutSecondName(stripped(printed).name)
        let split = divisions.split(unitName: name, year: year, within: region)
        guard split.hasRegion else { return withoutBareRegion(withoutParty(name), region: region) }
        let level = String(split.printedRegion.suffix(1))
        if split.lead.isEmpty {
            return withoutParty((bindsLevel(split.rest) ? level : "") + split.rest)
        }
        // 中共岚县县委组织部 prints the level word itself.
        let repeats = bound.contains { split.rest.hasPrefix(level + $0) }
        return withoutParty(split.lead + (repeats ? "" : level) + split.rest)
    }

    /// Returns the unit part of a key: the short name, with （汇总） for a filing with subordinate units.
    public static func keyPart(shortName: String, scope: UnitScope?) -> String {
        scope == .consolidated ? "\(shortName)（汇总）" : shortName
    }

    // MARK: Codes and scope

    /// The words in brackets that say the scope.
    private static let scopeWords: [String: UnitScope] = [
        "本级": .own, "机关本级": .own, "部门本级": .own, "汇总": .consolidated, "部门汇总": .consolidated,
        "全部门汇总": .consolidated, "含下属单位": .consolidated, "含所属单位": .consolidated,
        "含二级单位": .consolidated,
    ]

    private static func stripped(_ printed: String) -> (name: String, scope: UnitScope?) {
        var name = KeyPart.clean(withoutSpacedCode(printed))
        var scope: UnitScope?
        var changed = true
        while changed {
            changed = false
            if let shorter = withoutCode(name) {
                name = shorter
                changed = true
            }
            if name.unicodeScalars.last == "）" {
                for (word, meaning) in scopeWords where name.hasSuffix("（\(word)）") {
                    name = String(name.dropLast(word.count + 2))
                    scope = meaning
                    changed = true
                }
            }
            for meaning in UnitScope.allCases
            where name.hasSuffix(meaning.rawValue) && name.count > meaning.rawValue.count {
                name = String(name.dropLast(meaning.rawValue.count))
                scope = meaning
                changed = true
            }
        }
        return (name, scope)
    }

    /// Drops a code of three or more digits that only white space divides from the name.
    private static func withoutSpacedCode(_ printed: String) -> String {
        let trimmed = printed.unicodeScalars.drop { $0.properties.isWhitespace }
        guard let first = trimmed.first, isDigit(first) else { return printed }
        let tail = trimmed.drop(while: isDigit)
        let digits = trimmed.count - tail.count
        guard digits >= 3, let next = tail.first, next.properties.isWhitespace else {
            return printed
        }
        return String(String.UnicodeScalarView(tail))
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        (0x30...0x39).contains(scalar.value) || (0xFF10...0xFF19).contains(scalar.value)
    }

    private static let closing: [Character: Character] = [
        "[": "]", "［": "］", "【": "】", "（": "）", "〔": "〕",
    ]

    /// Drops one code at either end: `[nnn]`, `nnn-`, or six and more digits glued on; nil when there is none.
    private static func withoutCode(_ name: String) -> String? {
        if let open = name.first, let close = closing[open], let end = name.firstIndex(of: close) {
            let inside = name[name.index(after: name.startIndex)..<end]
            if isCode(inside), name.index(after: end) < name.endIndex {
                return String(name[name.index(after: end)...])
            }
        }
        if let close = name.last, let open = closing.first(where: { $0.value == close })?.key,
            let begin = name.lastIndex(of: open), begin > name.startIndex
        {
            let inside = name[name.index(after: begin)...].dropLast()
            if isCode(inside) { return String(name[..<begin]) }
        }
        guard let first = name.unicodeScalars.first, isDigit(first) else { return nil }
        let tail = name.unicodeScalars.drop(while: isDigit)
        let digits = name.unicodeScalars.count - tail.count
        guard let next = tail.first else { return nil }
        let divided = ["-", "—", "－", "_", "–"].contains(next)
        guard divided || digits >= 6 else { return nil }
        let rest = divided ? tail.dropFirst() : tail
        return rest.isEmpty ? nil : String(String.UnicodeScalarView(rest))
    }

    private static func isCode(_ text: Substring) -> Bool {
        text.contains { $0.isNumber }
            && text.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == "-") }
    }

    /// Endings that make what stands in brackets a second name of the unit.
    private static let organEndings = [
        "局", "委", "会", "办", "中心", "办公室", "所", "站", "馆", "队", "学校", "中学", "小学", "医院", "公司", "厅", "处",
        "研究院",
        "卫生院", "院", "园", "社",
    ]

    /// Words that make what stands in brackets a part of the unit: （城东分院）, （南校区）.
    private static let branchWords = ["分", "校区", "院区", "院部", "东院", "西院", "南院", "北院"]

    /// Drops a second name in brackets at the end; （初中部）, （东院） and （分中心） tell units apart and stay.
    private static func withoutSecondName(_ name: String) -> String {
        guard name.hasSuffix("）"), let open = name.lastIndex(of: "（"), open > name.startIndex else {
            return name
        }
        let inside = name[name.index(after: open)...].dropLast()
        let isOrgan = inside.count >= 3 && organEndings.contains(where: inside.hasSuffix)
        let isFormer = inside.hasPrefix("原") || inside.hasPrefix("加挂")
        let isBranch = branchWords.contains { inside.contains($0) }
        guard isFormer || isOrgan && !isBranch else { return name }
        return String(name[..<open])
    }

    // MARK: Regions

    private static let partyNames = ["中共", "中国共产党"]

    private static func withoutParty(_ name: String) -> String {
        guard let party = partyNames.first(where: name.hasPrefix) else { return name }
        return String(name.dropFirst(party.count))
    }

    /// What stands in front of a region in the names of parties and national bodies, longer names first.
    private static let leads = [
        "中国共产主义青年团", "中国人民政治协商会议", "中国国民党革命委员会", "中国民主建国会", "中国农工民主党", "中国民主促进会",
        "中国民主同盟", "台湾民主自治同盟", "中国共产党", "中国致公党", "国家税务总局", "国家统计局", "九三学社", "农工党",
        "致公党", "共青团", "中共", "政协", "民革", "民盟", "民建", "民进", "台盟",
    ]

    /// The part of a cleaned name that stands in front of a region and belongs to the unit.
    static func lead(of name: String) -> String {
        leads.first(where: name.hasPrefix) ?? ""
    }

    /// Length of 新疆生产建设兵团第八师 and its like, which stand in front of the region of a city of the corps.
    static func corps(in scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = start
        for name in ["新疆生产建设兵团", "新疆兵团", "生产建设兵团", "兵团"]
        where scalars[end...].starts(with: name.unicodeScalars) {
            end += name.unicodeScalars.count
            break
        }
        let numerals = "一二三四五六七八九十".unicodeScalars
        var division = end
        if division < scalars.count, scalars[division] == "第" { division += 1 }
        let first = division
        while division < scalars.count, numerals.contains(scalars[division]) { division += 1 }
        guard division > first, division < scalars.count, scalars[division] == "师" else {
            return end - start
        }
        return division + 1 - start
    }

    /// Beginnings of the rest that belong to the level word in front: 区委, 区直机关, 市级机关, 市场监督.
    private static let bound = [
        "委", "直", "级", "属", "域", "划", "场监", "场管", "政管", "政工程", "政设施", "政公用", "政园林", "容", "民中心",
        "民服务", "区块",
    ]

    /// Beginnings that look bound and are words of their own.
    private static let unbound = ["直属"]

    private static func bindsLevel(_ rest: String) -> Bool {
        bound.contains(where: rest.hasPrefix) && !unbound.contains(where: rest.hasPrefix)
    }

    /// Beginnings of names in which 市, 区, 县 and 省 are no level words.
    private static let levelWordStarts = [
        "市场", "市政管", "市政工程", "市政设施", "市政公用", "市政园林", "市容", "市民", "市郊", "市直", "市级", "市属", "市域", "市委",
        "区委", "区直", "区级", "区属", "区域", "区划", "区块", "区间", "县委", "县直", "县级", "县属", "县域", "县城", "州委",
        "州直", "州级", "旗委", "旗直", "省委", "省直", "省级", "省属", "盟委", "盟直", "州属",
    ]

    /// Endings of the names of organs, which may follow a region's stem without its level word.
    private static let stemFollowers = ["总工会", "联合会", "委员会", "人民政府", "法院", "检察院", "局"]

    /// Shortens a name that does not begin with a region's full name, by what is known of its region.
    private static func withoutBareRegion(_ name: String, region: Region?) -> String {
        guard let region, !region.isAmbiguous, let lowest = region.district ?? region.city,
            let level = lowest.last
        else { return name }
        let rest = name.dropFirst()
        if name.first == level, rest.count >= 2, !levelWordStarts.contains(where: name.hasPrefix) {
            return String(rest)
        }
        let stem = lowest.dropLast()
        let tail = name.dropFirst(stem.count)
        let levelWords: Set<Character> = ["镇", "乡", "村", "街", "省", "市", "区", "县", "旗", "州", "盟"]
        guard stem.count >= 2, name.hasPrefix(stem), tail.count >= 3,
            let next = tail.first, !levelWords.contains(next),
            stemFollowers.contains(where: tail.hasSuffix)
        else { return name }
        return String(tail)
    }
}

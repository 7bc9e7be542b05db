/// Zones that are districts of a known city without being in the table.
///
/// Source: DESIGN section 3, Key.
enum Zone {
    /// The endings of a zone's name.
    static let endings = ["开发区", "高新区", "新区", "管理区", "示范区", "园区"]

    /// Endings that need something in front of them to be a name.
    private static let dependent: Set<String> = ["新区", "管理区", "园区"]

    /// Words that no zone's name has: what has them is a unit, and the ending belongs to something else.
    private static let foreign = [
        "局", "总工会", "联合会", "委员会", "中心", "公司", "医院", "学校", "学院", "法院", "检察院", "中学", "小学",
        "大学", "街道", "幼儿", "支队", "大队", "服务", "办公室", "管理处", "管理所", "镇", "乡", "县",
    ]

    private static let levelWords: Set<Unicode.Scalar> = ["市", "省", "州", "盟", "县", "区"]

    /// What makes an ending part of a longer word: 新区域, 园区级.
    private static let continuations: Set<Unicode.Scalar> = ["域", "级", "划", "内", "分"]

    /// Says whether a name ends as a zone's does.
    static func isName(_ name: some StringProtocol) -> Bool {
        endings.contains { name.hasSuffix($0) }
    }

    /// Where the zone's name that begins at a position ends: after the first ending.
    static func end(in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        // After a city's stem its level word is no beginning of a zone.
        if start < scalars.count, levelWords.contains(scalars[start]) { return nil }
        let limit = min(scalars.count, start + KeyLimits.maximumZoneScalarCount)
        var position = start
        while position < limit {
            let tail = scalars[position...]
            if let ending = endings.first(where: { tail.starts(with: $0.unicodeScalars) }) {
                let end = position + ending.unicodeScalars.count
                let head = String(String.UnicodeScalarView(scalars[start..<position]))
                guard !head.isEmpty || !dependent.contains(ending) else { return nil }
                // 城乡一体化示范区 is the name of a zone.
                let rest = head.hasPrefix("城乡") ? String(head.dropFirst(2)) : head
                guard !foreign.contains(where: rest.contains) else { return nil }
                // 科技创新区域: the word is 创新.
                if ending == "新区", head.hasSuffix("创") { return nil }
                if end < scalars.count, continuations.contains(scalars[end]) { return nil }
                return end
            }
            position += 1
        }
        return nil
    }
}

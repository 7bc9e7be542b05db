import FuzzSupport

/// Changes of text in UTF-8: numbers, words, lines.
enum TextMutator {
    static let numbers = [
        "0", "-1", "", ".", "1.", "0.0000001", "１２", "一百", "1e9", "100", "99.995", "一亿二千万零三",
        "99999999999999999999999999999999999999999999", "-5.5", "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808", "0.1234567890123456789012345678901234567890", "1,000.50", "1，000",
        "170141183460469231731687303715884105728",
        "999999999999999.999999", "3.1.4", "%", "２０２３", "2023", "20230", "零", "4294967296",
    ]
    private static let words = [
        "\t", "\n", "\n\n", "|", "+--+", "│", "┌──┐", "附件1", "目录", "第一部分", "（一）", "1.", "一是", "二是",
        "：", "、",
        "2023年度", "单位名称：", "自评表", "总工会", "存在的问题", "无", "组长：", "同志", "年", "月", "（", "）", "# ",
        "**", "   ", "决算", "万元", "亿元", "元", "%", "占", "其中：", "合计", "分别为", "和", "比上年增长", "预算执行率",
        "≥95%", "得分", "指标",
        "一级指标", "三公经费", "基本支出", "“", "”", "\u{0}", "\u{FEFF}", "\u{FFFD}", "\u{3000}",
        "e\u{301}\u{302}", "👩‍👩‍👧‍👦",
        "\u{202E}", "\u{2028}", "\r", "13800000000", "共计", "以上", "约", "不超过", "结转结余", "本年收入", "项目支出",
        "编制人数", "在职人数",
    ]

    /// Changes a few places of a text.
    /// - Parameters:
    ///   - bytes: UTF-8, perhaps damaged.
    ///   - other: a text to splice with.
    ///   - ceiling: bytes up to which blocks are repeated many times.
    ///   - random: numbers of this case.
    static func change(
        _ bytes: inout [UInt8],
        other: [UInt8],
        ceiling: Int,
        _ random: inout FuzzGenerator
    ) {
        for _ in 0..<(1 + random.below(8)) {
            if bytes.isEmpty { bytes = [0x31] }
            step(&bytes, other: other, &random)
        }
        if random.once(in: 60) { repeatBlock(&bytes, ceiling: ceiling, &random) }
    }

    private static func step(
        _ bytes: inout [UInt8],
        other: [UInt8],
        _ random: inout FuzzGenerator
    ) {
        let start = character(bytes, random.below(bytes.count))
        switch random.below(10) {
        case 0, 1, 2:
            if let range = digits(bytes, from: start) {
                bytes.replaceSubrange(range, with: random.pick(numbers).utf8)
            }
        case 3: bytes.insert(contentsOf: random.pick(words).utf8, at: start)
        case 4:
            let end = character(bytes, min(bytes.count, start + random.below(40)))
            bytes.replaceSubrange(min(start, end)..<max(start, end), with: random.pick(words).utf8)
        case 5: bytes.removeSubrange(line(bytes, start))
        case 6: bytes.insert(contentsOf: Array(bytes[line(bytes, start)]), at: start)
        case 7:
            let block = Array(bytes[line(bytes, start)])
            bytes.insert(contentsOf: block, at: line(bytes, random.below(bytes.count)).lowerBound)
        case 8 where !other.isEmpty:
            let end = min(other.count, random.below(other.count) + random.below(2000))
            let from = line(other, min(end, other.count - 1)).lowerBound
            bytes.insert(
                contentsOf: other[from..<max(from, end)],
                at: line(bytes, start).lowerBound
            )
        default:
            if let index = bytes[start...].firstIndex(of: 0x0A) { bytes.remove(at: index) }
        }
    }

    /// Repeats a piece until the file is about as long as the ceiling: what is quadratic shows.
    static func repeatBlock(
        _ bytes: inout [UInt8],
        ceiling: Int,
        _ random: inout FuzzGenerator
    ) {
        guard !bytes.isEmpty, bytes.count < ceiling else { return }
        let start = character(bytes, random.below(bytes.count))
        let end = character(
            bytes,
            min(bytes.count, start + 1 + random.below(random.pick([4, 40, 400, 4000])))
        )
        guard start < end else { return }
        let block = bytes[start..<end]
        var more: [UInt8] = []
        let room = random.once(in: 4) ? ceiling - bytes.count : (ceiling - bytes.count) / 8
        while more.count < room { more += block }
        bytes.insert(contentsOf: more, at: end)
    }

    /// The beginning of the character at a place, as far as UTF-8 holds.
    static func character(_ bytes: [UInt8], _ index: Int) -> Int {
        var index = index
        while index > 0, index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }

    /// The line around a place with its end.
    static func line(_ bytes: [UInt8], _ index: Int) -> Range<Int> {
        guard bytes.indices.contains(index) else { return bytes.count..<bytes.count }
        let start = bytes[..<index].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[index...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        return start..<end
    }

    /// The first run of digits and points from a place on.
    static func digits(_ bytes: [UInt8], from start: Int) -> Range<Int>? {
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || byte == 0x2E }
        guard let first = bytes[start...].firstIndex(where: isDigit) else { return nil }
        let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
        return first..<end
    }
}

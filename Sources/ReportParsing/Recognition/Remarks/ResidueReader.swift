/// Finds what is left of a template in the bytes of one block.
///
/// Only forms that no finished report has: both words of an alternative before a number, an
/// untaken （或…持平）, placeholders, and instructions to the writer.
struct ResidueReader {
    /// A leftover, with byte offsets.
    struct Found {
        /// Sort of leftover.
        var label: String
        var start: Int
        var end: Int
    }

    private enum Sort {
        case alternative, orSame, placeholder, stars, bracket, instruction, length, note, analysis
        case cause
    }

    private static let patterns: [(Sort, [String])] = [
        (
            .alternative,
            [
                "增加/减少", "减少/增加", "增长/下降", "下降/增长", "上升/下降", "增加／减少", "增长／下降", "上升／下降",
                "增加（减少）", "增加(减少)", "增长（下降）", "增长(下降)", "减少（增加）", "下降（增长）", "上升（下降）", "增（减）",
                "大于/小于", "高于/低于", "增加或减少", "增加、减少", "增长、下降",
            ]
        ),
        (.orSame, ["（或", "(或"]),
        (.placeholder, ["XX", "××", "ＸＸ", "╳╳", "✕✕"]),
        (.stars, ["**", "＊＊"]),
        (
            .bracket,
            [
                "（项目名称）", "(项目名称)", "（单位名称）", "（部门名称）", "（填写", "(填写", "（此处", "(此处", "【此处", "【填写",
                "（简要说明", "（请", "(请", "【请", "〔填写", "（具体写", "（写明", "（列举",
            ]
        ),
        (
            .instruction,
            [
                "请自行删除", "自行删除", "请删除", "请据实", "请如实填", "请在此", "请按实际", "请根据实际", "请结合实际", "请逐项",
                "填写说明", "填报说明", "填表说明", "编写说明", "填报以下数据", "不涉及的内容", "根据实际情况填",
            ]
        ),
        (.length, ["字以内", "字左右"]), (.note, ["注：", "注:", "备注：", "说明："]),
        (.analysis, ["进行绩效分析", "进行逐项绩效分析"]), (.cause, ["并分析其原因", "并分析原因"]),
    ]
    private static let sorts = patterns.flatMap { entry in entry.1.map { _ in entry.0 } }
    private static let needles = Needles(patterns.flatMap(\.1))

    private let text: UnsafeBufferPointer<UInt8>
    private let isCell: Bool

    init(_ text: UnsafeBufferPointer<UInt8>, isCell: Bool) {
        self.text = text
        self.isCell = isCell
    }

    /// The leftovers in order, at most a number of them.
    func all(limit: Int) -> [Found] {
        var result: [Found] = []
        var end = 0
        Self.needles.scan(text) { word, offset in
            guard offset >= end, result.count < limit else { return }
            let length = Self.needles.words[word].count
            if let found = check(Self.sorts[word], offset, offset + length) {
                result.append(found)
                end = found.end
            }
        }
        return result
    }

    private func code(_ offset: Int) -> UInt32 { ByteText.code(text, offset) }
    private func before(_ offset: Int) -> UInt32 {
        offset > 0 ? code(ByteText.before(text, offset)) : 0
    }

    private func check(_ sort: Sort, _ start: Int, _ end: Int) -> Found? {
        switch sort {
        case .alternative: alternative(start, end)
        case .orSame: orSame(start, end)
        case .placeholder: placeholder(start, end)
        case .stars: stars(start, end)
        case .bracket: bracket(start, end)
        case .instruction: found("填报说明", start, end)
        case .length: length(start, end)
        case .note: note(start, end)
        case .analysis: holds("围绕", sentenceOf: start) ? found("填报说明", start, end) : nil
        case .cause: holds("主要反映", sentenceOf: start) ? found("填报说明", start, end) : nil
        }
    }

    /// The leftover with its clause.
    private func found(_ label: String, _ start: Int, _ end: Int) -> Found {
        var upper = end
        while upper < text.count, upper - end < 60, !ByteText.endsClause(code(upper)) {
            upper += ByteText.width(text[upper])
        }
        var lower = start
        while lower > 0, start - lower < 60 {
            let previous = ByteText.before(text, lower)
            if ByteText.endsClause(code(previous)) { break }
            lower = previous
        }
        return Found(label: label, start: lower, end: min(upper, text.count))
    }

    /// Both words of an alternative directly before a number, not as the name of a column.
    private func alternative(_ start: Int, _ end: Int) -> Found? {
        var index = end
        var steps = 0
        while ByteText.isBlank(code(index)) || code(index) == 0xE4BA86, steps < 4 {
            index += ByteText.width(text[index])
            steps += 1
        }
        let next = code(index)
        let isNumber = ByteText.isDigit(next) || next == 0x58 || next == 0xC397 || next == 0x2A
        let isBlankAmount =
            steps > 0 && ByteText.holds(text, Array("万元".utf8), at: index)
        var upper = min(text.count, index + ByteText.width(text[min(index, text.count - 1)]))
        while upper < text.count, ByteText.isDigit(code(upper)) || code(upper) == 0x2E {
            upper += ByteText.width(text[upper])
        }
        return isNumber || isBlankAmount ? found("增减未选", start, upper) : nil
    }

    private static let same: [[UInt8]] = ["持平", "增加", "减少", "下降", "增长", "相等", "一致", "无变化"].map {
        Array($0.utf8)
    }

    /// （或与上年持平）.
    private func orSame(_ start: Int, _ end: Int) -> Found? {
        guard let close = closing(from: end) else { return nil }
        var index = end
        while index < close {
            if Self.same.contains(where: { ByteText.holds(text, $0, at: index) }) {
                return Found(label: "备选说法", start: start, end: close)
            }
            index += ByteText.width(text[index])
        }
        return nil
    }

    /// Offset behind the bracket that closes, within a short distance.
    private func closing(from start: Int) -> Int? {
        var index = start
        while index < text.count, index - start < 240 {
            let code = code(index)
            if code == 0x29 || code == 0xEFBC89 || code == 0xE38091 || code == 0xE38095 {
                return index + ByteText.width(text[index])
            }
            index += ByteText.width(text[index])
        }
        return nil
    }

    /// XX项目, 20XX年; not letters of a code.
    private func placeholder(_ start: Int, _ end: Int) -> Found? {
        let next = code(end)
        let last = before(start)
        func isLetter(_ code: UInt32) -> Bool {
            (0x41...0x57).contains(code) || (0x59...0x5A).contains(code)
                || (0x61...0x7A).contains(code)
        }
        guard !isLetter(next), !isLetter(last), next != 0x2D, last != 0x2D else { return nil }
        // A run of more marks is one placeholder.
        var upper = end
        while code(upper) == 0x58 || code(upper) == 0xC397 || code(upper) == 0xEFBCB8 {
            upper += ByteText.width(text[upper])
        }
        return found("占位符未替换", start, upper)
    }

    private static let nouns: [[UInt8]] = [
        "项目", "单位", "部门", "年", "万元", "元", "个", "局", "家", "%", "％", "人", "次", "场", "工作", "有限", "公司",
        "号",
    ].map { Array($0.utf8) }

    /// `**项目`; not a masked name or number, not Markdown.
    private func stars(_ start: Int, _ end: Int) -> Found? {
        var upper = end
        while code(upper) == 0x2A || code(upper) == 0xEFBC8A {
            upper += ByteText.width(text[upper])
        }
        let last = before(start)
        guard !ByteText.isDigit(last) || ByteText.holds(text, Array("年".utf8), at: upper) else {
            return nil
        }
        let isNoun = Self.nouns.contains { ByteText.holds(text, $0, at: upper) }
        let isAlone = isCell && start == 0 && upper == text.count
        return isNoun || isAlone ? found("占位符未替换", start, upper) : nil
    }

    /// （项目名称）behind a name, （填写…）, （此处…）; a label of a form ends with it or stands alone.
    private func bracket(_ start: Int, _ end: Int) -> Found? {
        let isClosed = code(ByteText.before(text, end)) == 0xEFBC89 || before(end) == 0x29
        if isClosed {
            let next = code(end)
            guard !isCell, start > 0, next != 0, next != 0xEFBC9A, next != 0x3A, next != 0x0A else {
                return nil
            }
            return found("占位符未替换", start, end)
        }
        guard let close = closing(from: end) else { return nil }
        return Found(label: "填报说明", start: start, end: close)
    }

    /// （100字以内）.
    private func length(_ start: Int, _ end: Int) -> Found? {
        guard ByteText.isDigit(before(start)) else { return nil }
        return found("填报说明", start, end)
    }

    /// A note at the head of a block that asks the writer to do something.
    private func note(_ start: Int, _ end: Int) -> Found? {
        let isHead = start <= 3 || code(start - 3) == 0xEFBC88 && start <= 6
        guard isHead, holds("请", sentenceOf: end) else { return nil }
        return found("填报说明", start, end)
    }

    /// Whether a word stands in the same sentence as an offset.
    private func holds(_ word: String, sentenceOf offset: Int) -> Bool {
        var lower = offset
        while lower > 0, offset - lower < 600 {
            let previous = ByteText.before(text, lower)
            if ByteText.endsSentence(code(previous)) { break }
            lower = previous
        }
        var upper = offset
        while upper < text.count, upper - offset < 600, !ByteText.endsSentence(code(upper)) {
            upper += ByteText.width(text[upper])
        }
        var needle = word
        return needle.withUTF8 { needle in
            ByteSearch.first(
                needle,
                in: UnsafeBufferPointer(rebasing: text[lower..<min(upper, text.count)])
            ) != nil
        }
    }
}

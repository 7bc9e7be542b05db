/// What the shape of a line says about it: enumerators, ends of sentences, titles.
enum LineShape {
    /// How an enumerator is written; the order is the usual order of nesting.
    enum Style: Int, Comparable {
        /// 第一部分
        case part
        /// 一、
        case chinese
        /// （一）
        case bracketedChinese
        /// 1.
        case arabic
        /// （1）
        case bracketedArabic
        /// ①
        case circled

        static func < (left: Style, right: Style) -> Bool { left.rawValue < right.rawValue }
    }

    /// An enumerator at the beginning of a text; offsets count scalars.
    struct Enumerator: Equatable {
        /// How it is written.
        var style: Style
        /// Its value.
        var value: Int
        /// First scalar.
        var start: Int
        /// One past its last scalar.
        var end: Int
        /// First scalar of what follows.
        var contentStart: Int
    }

    /// Whether the first visible character can begin an enumerator; a quick test for long lines.
    static func mayBeNumbered(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first(where: { !isBlank($0) }) else { return false }
        if digit(first) != nil || chineseDigit(first) != nil { return true }
        switch first {
        case "第", "（", "(", "十", "-", "*", "+", "#", "●", "•", "◆", "■": return true
        default: return first.value >= 0x2460 && first.value <= 0x2473
        }
    }

    /// Reads the enumerator at the beginning of a text.
    /// - Parameter text: a line; list bullets and blanks may stand before.
    /// - Returns: nil when the text does not begin with one.
    static func enumerator(_ text: String) -> Enumerator? {
        mayBeNumbered(text) ? enumerator(text.scalarArray(upTo: 24)) : nil
    }

    /// Reads the enumerator at the beginning of scalars.
    /// - Parameter scalars: a line or its beginning.
    /// - Returns: nil when the text does not begin with one.
    static func enumerator(_ scalars: [Unicode.Scalar]) -> Enumerator? {
        var index = 0
        while index < scalars.count, isBlank(scalars[index]) || isBullet(scalars, index) {
            index += 1
        }
        guard index < scalars.count else { return nil }
        let start = index
        let scalar = scalars[index]
        if scalar.value >= 0x2460, scalar.value <= 0x2473 {
            return finish(scalars, .circled, Int(scalar.value) - 0x245F, start, index + 1)
        }
        if scalar == "第" { return partEnumerator(scalars, start) }
        if scalar == "（" || scalar == "(" { return bracketed(scalars, start) }
        if let (value, end) = number(scalars, from: index) {
            guard end < scalars.count, value > 0, value < 100 else { return nil }
            let mark = scalars[end]
            let isArabic = digit(scalar) != nil
            if mark == "、" || (isArabic && (mark == "." || mark == "．")) {
                if mark != "、", end + 1 < scalars.count, digit(scalars[end + 1]) != nil {
                    return decimalOrHeading(scalars, value, start, end)
                }
                return finish(scalars, isArabic ? .arabic : .chinese, value, start, end + 1)
            }
            if !isArabic, mark == "." || mark == "．" {
                return finish(scalars, .chinese, value, start, end + 1)
            }
            if isArabic, mark == "）" || mark == ")" {
                return finish(scalars, .bracketedArabic, value, start, end + 1)
            }
        }
        return nil
    }

    /// `2.100万以上项目` is item 2; `2.1万元` and `1.1 概况` are no item of their own.
    private static func decimalOrHeading(
        _ scalars: [Unicode.Scalar],
        _ value: Int,
        _ start: Int,
        _ mark: Int
    ) -> Enumerator? {
        var index = mark + 1
        while index < scalars.count, digit(scalars[index]) != nil { index += 1 }
        guard index - mark - 1 >= 3 else { return nil }
        return finish(scalars, .arabic, value, start, mark + 1)
    }

    private static func partEnumerator(_ scalars: [Unicode.Scalar], _ start: Int) -> Enumerator? {
        var index = start + 1
        while index < scalars.count, isBlank(scalars[index]) { index += 1 }
        guard let (value, end) = number(scalars, from: index), end < scalars.count else {
            return nil
        }
        if scalars[end] == "章" || scalars[end] == "编" {
            return finish(scalars, .part, value, start, end + 1)
        }
        guard scalars[end] == "部", end + 1 < scalars.count, scalars[end + 1] == "分" else {
            return nil
        }
        return finish(scalars, .part, value, start, end + 2)
    }

    private static func bracketed(_ scalars: [Unicode.Scalar], _ start: Int) -> Enumerator? {
        var index = start + 1
        while index < scalars.count, isBlank(scalars[index]) { index += 1 }
        guard index < scalars.count, let (value, after) = number(scalars, from: index) else {
            return nil
        }
        var end = after
        while end < scalars.count, isBlank(scalars[end]) { end += 1 }
        guard value > 0, value < 100, end < scalars.count,
            scalars[end] == "）" || scalars[end] == ")"
        else { return nil }
        let isArabic = digit(scalars[index]) != nil
        return finish(
            scalars,
            isArabic ? .bracketedArabic : .bracketedChinese,
            value,
            start,
            end + 1
        )
    }

    private static func finish(
        _ scalars: [Unicode.Scalar],
        _ style: Style,
        _ value: Int,
        _ start: Int,
        _ end: Int
    ) -> Enumerator {
        var content = end
        while content < scalars.count,
            isBlank(scalars[content]) || (content == end && style == .part && isPause(scalars[end]))
        {
            content += 1
        }
        return Enumerator(
            style: style,
            value: value,
            start: start,
            end: end,
            contentStart: content
        )
    }

    private static func isPause(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "、" || scalar == "：" || scalar == ":"
    }

    private static func isBullet(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        let scalar = scalars[index]
        if scalar == "●" || scalar == "•" || scalar == "◆" || scalar == "■" { return true }
        guard scalar == "-" || scalar == "*" || scalar == "+" || scalar == "#" else { return false }
        return index + 1 < scalars.count && (isBlank(scalars[index + 1]) || scalar == "#")
    }

    /// A number of Arabic (also full-width) or Chinese digits below one hundred.
    private static func number(_ scalars: [Unicode.Scalar], from start: Int) -> (Int, Int)? {
        var index = start
        var value = 0
        while index < scalars.count, index - start < 3, let digit = digit(scalars[index]) {
            value = value * 10 + digit
            index += 1
        }
        if index > start { return (value, index) }
        var tens: Int?
        var ones = 0
        while index < scalars.count, index - start < 3 {
            if scalars[index] == "十" {
                guard tens == nil else { break }
                tens = max(ones, 1)
                ones = 0
            } else if let digit = chineseDigit(scalars[index]) {
                guard ones == 0 else { break }
                ones = digit
            } else {
                break
            }
            index += 1
        }
        guard index > start else { return nil }
        return ((tens ?? 0) * 10 + ones, index)
    }

    /// Value of an ASCII or full-width digit.
    static func digit(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar.value {
        case 0x30...0x39: Int(scalar.value) - 0x30
        case 0xFF10...0xFF19: Int(scalar.value) - 0xFF10
        default: nil
        }
    }

    /// Value of a Chinese digit from one to nine.
    static func chineseDigit(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "一": 1
        case "二": 2
        case "三": 3
        case "四": 4
        case "五": 5
        case "六": 6
        case "七": 7
        case "八": 8
        case "九": 9
        default: nil
        }
    }

    /// White space, ideographic and invisible blanks included.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D, 0xA0, 0x3000, 0x2000...0x200F, 0x2028, 0x2029, 0xFEFF: true
        default: false
        }
    }

    /// Whether a text ends like a sentence or a member of a list.
    static func endsSentence(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last(where: { !isBlank($0) }) else { return false }
        return sentenceEnds.contains(last)
    }

    private static let sentenceEnds: ScalarSet = "。；：！？.;:!?”）)》】"

    /// Whether a line reads like the title of a document or of one of its parts.
    static func isTitle(_ text: String) -> Bool {
        let squeezed = GridBuilder.squeezed(text)
        let count = squeezed.unicodeScalars.count
        guard count >= 2, count <= 60, !endsSentence(squeezed) else { return false }
        if squeezed.hasPrefix("附件") || squeezed.hasPrefix("附表") || squeezed.hasPrefix("附：") {
            return true
        }
        if let found = enumerator(squeezed), found.style <= .chinese { return true }
        guard !squeezed.unicodeScalars.contains(where: { "，。；".unicodeScalars.contains($0) })
        else { return false }
        return ["报告", "自评表", "评价表", "情况表", "数据表", "说明", "一览表", "汇总表", "明细表"]
            .contains { squeezed.hasSuffix($0) }
    }
}

/// A number in running text with what follows it.
struct NumberMark: Hashable, Sendable {
    /// What the number counts.
    enum Kind: Hashable, Sendable {
        /// Money, with the printed unit; 余 and 多 are left out of it.
        case money(unit: String)
        /// A percentage or percentage points.
        case percent(points: Bool)
        /// People or posts, with the counting word.
        case people(unit: String)
        /// Points of a score.
        case points
        /// A calendar year.
        case year
        /// Any other count.
        case other
    }

    /// First scalar of the number.
    var start: Int
    /// One past the last scalar of the number.
    var numberEnd: Int
    /// One past the last scalar of the unit.
    var end: Int
    /// ASCII digits without separators.
    var value: String
    /// What the number counts.
    var kind: Kind
    /// Whether the text says 约, 余, 多 or 近.
    var approximate: Bool
    /// Whether the number is a bound (100万元以上), a price (元/人) or stands in a title.
    var isBound: Bool
    /// Whether a minus sign stands before the number.
    var isNegative = false
}

/// Finds the numbers of a text in one pass.
struct NumberScanner {
    private let text: Scalars
    private var index = 0
    private var titleDepthEnd = 0

    init(_ text: Scalars) { self.text = text }

    private static let counters: Words = [
        "人", "名", "户", "亩", "吨", "次", "家", "个", "条", "份", "件", "平", "公", "米", "立",
        "千瓦", "只", "头", "株", "台", "辆", "册", "字", "里", "盏", "棵", "枚", "套", "笔", "盆",
        "斤", "箱", "页", "卷", "幅", "帧", "株", "栋", "宗", "例", "批", "班", "节", "期", "公里", "平方", "立方", "羽",
        "尾", "伏", "位", "张", "片", "例", "粒", "袋", "瓶", "场", "处", "款",
        "项", "门", "师", "民", "众", "村", "职", "群", "居", "学", "老", "游", "观", "会", "党",
        "青", "妇", "儿", "劳", "农", "元旦", "分", "余名", "余人", "多人", "多名", "美元", "港元",
    ]
    private static let peopleUnits: Words = ["人", "名", "个", "位"]
    private static let notPeople: Words = [
        "人次", "人均", "个月", "个工作日", "个百分点", "名列", "人份", "人天", "人家",
    ]
    private static let boundsAfter: Words = [
        "以上", "以下", "以内", "之内", "及以上", "及以下", "（含）", "(含)", "含以上", "或以上", "起步",
        "（含本数）", "(含本数)", "（不含", "(不含",
    ]
    private static let boundsBefore: Words = [
        "每人", "每户", "每月", "每亩", "每次", "每天", "每名", "每人每年", "每人每月",
        "大于", "小于", "不低于", "不超过", "不少于", "不高于", "不得超过", "至少", "≥", "≤", "＞", "＜", ">",
        "<", "≧", "≦", "大于等于", "小于等于", "限额为", "高于", "低于",
    ]
    private static let ranges: Words = ["-", "—", "－", "~", "～", "至", "–"]
    private static let above: Words = ["超过", "达到", "满"]
    private static let reaching: Words = ["达", "达到", "为", "在"]
    private static let approximateBefore: Words = ["约", "近", "大约", "约为", "将近", "接近"]
    private static let pointsOf: Words = ["个百分点", "百分点"]
    private static let moneyUnits: Words = ["万元", "亿元", "千元", "百万元", "千万元", "百元", "元", "万", "亿"]
    private static let vagueUnits: Words = ["万余元", "万多元", "亿余元", "亿多元", "余万元"]
    private static let festival: Words = ["旦", "宵", "素", "月", "件"]
    private static let around: Words = ["左右", "上下"]
    private static let price: Words = ["/", "／", "每"]
    private static let approximateAfter: Words = ["余", "多", "来", "左右", "余名"]

    /// The numbers in order; numbers within 《》 count as bounds.
    static func marks(in text: Scalars) -> [NumberMark] {
        var scanner = NumberScanner(text)
        var marks: [NumberMark] = []
        while let mark = scanner.next() { marks.append(mark) }
        scanner.shareUnits(&marks)
        return marks
    }

    /// Gives the unit of the last number of a list to those before it: 分别为12、8、5万元.
    private func shareUnits(_ marks: inout [NumberMark]) {
        guard marks.count > 1 else { return }
        for index in stride(from: marks.count - 2, through: 0, by: -1)
        where marks[index].kind == .other && marks[index].end == marks[index].numberEnd {
            let next = marks[index + 1]
            guard case .money = next.kind, !next.isBound, next.start == marks[index].end + 1,
                text[marks[index].end] == "、" || text[marks[index].end] == "和",
                isInList(marks[index].start)
            else { continue }
            marks[index].kind = next.kind
        }
    }

    /// Whether 分别 stands shortly before, with nothing but numbers and commas behind it.
    private func isInList(_ start: Int) -> Bool {
        var index = start
        while index > 0, start - index < 60 {
            let scalar = text[index - 1]
            if Self.respectively.length(in: text, endingAt: index) != nil { return true }
            guard scalar.digit != nil || "、.．和为是,，达".unicodeScalars.contains(scalar) else {
                return false
            }
            index -= 1
        }
        return false
    }

    private static let respectively: Words = ["分别", "依次"]

    private mutating func next() -> NumberMark? {
        while index < text.count {
            let scalar = text[index]
            if scalar == "《" {
                titleDepthEnd = closing("》", from: index)
            } else if scalar == "[", Self.bookmark.length(in: text, at: index) != nil {
                index = closing("]", from: index)
            } else if scalar.digit != nil {
                return mark()
            }
            index += 1
        }
        return nil
    }

    private static let bookmark: Words = ["[bookmark:"]

    private func closing(_ mark: Unicode.Scalar, from start: Int) -> Int {
        let limit = min(text.count, start + 120)
        return text[start..<limit].firstIndex(of: mark) ?? start
    }

    private mutating func mark() -> NumberMark {
        let start = index
        var value = readNumber()
        let numberEnd = index
        var mark = NumberMark(
            start: start,
            numberEnd: numberEnd,
            end: numberEnd,
            value: "",
            kind: .other,
            approximate: false,
            isBound: start < titleDepthEnd
        )
        while value.count > 1, value.first == "0", value.dropFirst().first != "." {
            value.removeFirst()
        }
        mark.value = value
        mark.isNegative = isNegative(start)
        readUnit(&mark)
        index = max(index, mark.end)
        checkBounds(&mark)
        return mark
    }

    /// Whether a minus sign, and no dash between numbers or words, stands before a position.
    private func isNegative(_ start: Int) -> Bool {
        guard let sign = scalar(start - 1), sign == "-" || sign == "－" || sign == "−" else {
            return false
        }
        guard let before = scalar(start - 2) else { return true }
        return before.isBlank || "为：:（(率额加长了是，,、降少".unicodeScalars.contains(before)
    }

    private func scalar(_ position: Int) -> Unicode.Scalar? {
        text.indices.contains(position) ? text[position] : nil
    }

    private func digits(from position: Int) -> Int {
        var end = position
        while end < text.count, text[end].digit != nil { end += 1 }
        return end - position
    }

    /// Reads digits, thousands separators and one point; `index` ends after the number.
    private mutating func readNumber() -> String {
        var value = ""
        func append(_ count: Int, _ from: Int, _ value: inout String) {
            for position in from..<from + count {
                if let digit = text[position].digit {
                    value.unicodeScalars.append(Unicode.Scalar(48 + digit))
                }
            }
        }
        let first = digits(from: index)
        append(first, index, &value)
        index += first
        if first <= 3 {
            while let mark = scalar(index), mark == "," || mark == "，" || mark == " ",
                digits(from: index + 1) == 3, groupIsClosed(after: index + 4, blank: mark == " ")
            {
                append(3, index + 1, &value)
                index += 4
            }
        }
        if first >= 2, let mark = scalar(index), mark == "." || mark == "．",
            scalar(index + 1) == " ",
            splitFraction(from: index + 2) > 0
        {
            let fraction = splitFraction(from: index + 2)
            value += "."
            append(fraction, index + 2, &value)
            index += 2 + fraction
        } else if let mark = scalar(index), mark == "." || mark == "．" {
            let fraction = digits(from: index + 1)
            if fraction > 0, !(scalar(index + 1 + fraction) == ".") {
                value += "."
                append(fraction, index + 1, &value)
                index += 1 + fraction
            }
        }
        return value
    }

    /// Digits behind `1234. ` that belong to the number, as 万元 or % behind them shows.
    private func splitFraction(from position: Int) -> Int {
        let count = digits(from: position)
        guard count > 0, count <= 6, let next = scalar(skipBlanks(position + count)) else {
            return 0
        }
        return next == "万" || next == "%" || next == "％" || next == "亿" ? count : 0
    }

    /// Whether a thousands group ends here: blanks count as separators only before money.
    private func groupIsClosed(after position: Int, blank: Bool) -> Bool {
        guard blank else { return true }
        guard let mark = scalar(position) else { return false }
        return mark == "." || mark == "万" || mark == "元"
            || (mark == " " && digits(from: position + 1) == 3)
    }

    private func skipBlanks(_ position: Int) -> Int {
        var position = position
        while let mark = scalar(position), mark.isBlank { position += 1 }
        return position
    }

    private func readUnit(_ mark: inout NumberMark) {
        let start = skipBlanks(mark.numberEnd)
        var position = start
        if let length = Self.approximateAfter.length(in: text, at: position) {
            position = skipBlanks(position + length)
        }
        let approximate = position != start
        if readMoney(&mark, at: position) {
            mark.approximate = approximate || mark.approximate
            return
        }
        guard let scalar = scalar(start) else { return }
        switch scalar {
        case "%", "％":
            mark.kind = .percent(points: false)
            mark.end = start + 1
        case "年":
            if mark.value.count == 4, !mark.value.contains(".") { mark.kind = .year }
            mark.end = start + 1
        case "分":
            if self.scalar(start + 1).map({ !"钟之公管局".unicodeScalars.contains($0) }) ?? true {
                mark.kind = .points
                mark.end = start + 1
            }
        default:
            readCount(&mark, at: start, approximate: approximate)
        }
    }

    private func readCount(_ mark: inout NumberMark, at start: Int, approximate: Bool) {
        if let length = Self.pointsOf.length(in: text, at: start) {
            mark.kind = .percent(points: true)
            mark.end = start + length
        } else if !approximate, Self.notPeople.length(in: text, at: start) == nil,
            let length = Self.peopleUnits.length(in: text, at: start)
        {
            mark.kind = .people(unit: Array(text[start..<start + length]).string)
            mark.end = start + length
        }
    }

    private func readMoney(_ mark: inout NumberMark, at position: Int) -> Bool {
        if let length = Self.vagueUnits.length(in: text, at: position) {
            mark.kind = .money(unit: text[position] == "亿" ? "亿元" : "万元")
            mark.approximate = true
            mark.end = position + length
            return true
        }
        guard let length = Self.moneyUnits.length(in: text, at: position) else { return false }
        let end = position + length
        let unit = Array(text[position..<end]).string
        if length == 1 {
            let next = skipBlanks(end)
            if unit == "元" {
                if Self.festival.length(in: text, at: end) != nil { return false }
            } else if Self.counters.length(in: text, at: next) != nil
                || scalar(next)?.digit != nil || scalar(end) == "余" || scalar(end) == "多"
            {
                return false
            }
        }
        mark.kind = .money(unit: unit)
        mark.end = end
        return true
    }

    private func checkBounds(_ mark: inout NumberMark) {
        let after = skipBlanks(mark.end)
        if Self.boundsAfter.length(in: text, at: after) != nil { mark.isBound = true }
        if Self.around.length(in: text, at: after) != nil { mark.approximate = true }
        var before = mark.start
        while let blank = scalar(before - 1), blank.isBlank { before -= 1 }
        if Self.approximateBefore.length(in: text, endingAt: before) != nil {
            mark.approximate = true
        }
        if let length = Self.reaching.length(in: text, endingAt: before) { before -= length }
        if Self.boundsBefore.length(in: text, endingAt: before) != nil { mark.isBound = true }
        if case .money = mark.kind {
            if Self.price.length(in: text, at: after) != nil { mark.isBound = true }
            if Self.ranges.length(in: text, at: after) != nil,
                scalar(after + 1)?.digit != nil
            {
                mark.isBound = true
            }
            if Self.ranges.length(in: text, endingAt: before) != nil,
                Self.moneyUnits.length(in: text, endingAt: before - 1) != nil
            {
                mark.isBound = true
            }
            if Self.above.length(in: text, endingAt: before) != nil, scalar(after) == "的" {
                mark.isBound = true
            }
        }
    }
}

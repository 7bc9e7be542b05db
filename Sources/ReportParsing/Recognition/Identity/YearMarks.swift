/// Years as documents print them: 2023年, ２０２３年度, 二〇二三年, and 2022 without 年 in titles.
struct YearMark: Equatable {
    /// The year.
    var year: Int
    /// First scalar.
    var start: Int
    /// One past the last scalar of the year, 年 and 度 included.
    var end: Int
    /// What follows the digits.
    var ending: Ending

    /// What follows the digits of a year.
    enum Ending {
        /// 年度
        case fiscal
        /// 年
        case year
        /// 年 with a month: a date
        case date
        /// neither
        case bare
    }

    /// Finds the years of a text; school years and document numbers are not among them.
    static func scan(_ scalars: [Unicode.Scalar]) -> [YearMark] {
        var marks: [YearMark] = []
        var index = 0
        while index + 3 < scalars.count {
            guard isStart(scalars[index]), let year = digits(scalars, index) else {
                index += 1
                continue
            }
            let before = index > 0 ? scalars[index - 1] : " "
            let after = index + 4
            let isInNumber =
                LineShape.digit(before) != nil || before == "." || before == "〔" || before == "["
                || (after < scalars.count && LineShape.digit(scalars[after]) != nil)
            if !isInNumber, let mark = mark(scalars, year, index) { marks.append(mark) }
            index += 4
        }
        return marks
    }

    private static func isStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "2" || scalar == "２" || scalar == "二" || scalar == "1" || scalar == "１"
    }

    private static func digits(_ scalars: [Unicode.Scalar], _ index: Int) -> Int? {
        var value = 0
        var isChinese = false
        for offset in 0..<4 {
            let scalar = scalars[index + offset]
            if let digit = LineShape.digit(scalar) {
                value = value * 10 + digit
            } else if let digit = LineShape.chineseDigit(scalar) {
                value = value * 10 + digit
                isChinese = true
            } else if isZero(scalar), offset > 0 {
                value *= 10
                isChinese = true
            } else {
                return nil
            }
        }
        guard (1990...2099).contains(value) else { return nil }
        // 二〇二三 needs its 年, or it may be any number.
        if isChinese {
            let next = nextVisible(scalars, index + 4)
            guard next < scalars.count, scalars[next] == "年" else { return nil }
        }
        return value
    }

    private static func isZero(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "〇" || scalar == "○" || scalar == "零" || scalar == "Ｏ" || scalar == "O"
            || scalar == "0" || scalar == "０" || scalar == "◯"
    }

    private static func nextVisible(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        var index = start
        while index < scalars.count, LineShape.isBlank(scalars[index]) { index += 1 }
        return index
    }

    private static func mark(_ scalars: [Unicode.Scalar], _ year: Int, _ start: Int) -> YearMark? {
        let next = nextVisible(scalars, start + 4)
        guard next < scalars.count, scalars[next] == "年" else {
            return YearMark(year: year, start: start, end: start + 4, ending: .bare)
        }
        // 2021年年1231日: converters double characters; the second 年 is no mark of its own.
        let after = nextVisible(scalars, next + 1)
        guard after < scalars.count else {
            return YearMark(year: year, start: start, end: next + 1, ending: .year)
        }
        if scalars[after] == "度" {
            return YearMark(year: year, start: start, end: after + 1, ending: .fiscal)
        }
        let isDate = monthFollows(scalars, after)
        return YearMark(year: year, start: start, end: next + 1, ending: isDate ? .date : .year)
    }

    private static func monthFollows(_ scalars: [Unicode.Scalar], _ start: Int) -> Bool {
        var index = start
        var digits = 0
        while index < scalars.count, digits < 3 {
            if LineShape.isBlank(scalars[index]) {
                index += 1
            } else if LineShape.digit(scalars[index]) != nil
                || LineShape.chineseDigit(scalars[index]) != nil || scalars[index] == "十"
            {
                digits += 1
                index += 1
            } else {
                return digits > 0 && scalars[index] == "月"
            }
        }
        return digits > 0 && index < scalars.count && scalars[index] == "月"
    }
}

/// A date as documents print it: 2024年5月30日, 2023/3/24, 2021.4.9, 二〇二〇年八月.
struct PrintedDate: Equatable {
    /// The year.
    var year: Int
    /// The month.
    var month: Int
    /// The day; nil when only the month was printed.
    var day: Int?
    /// First scalar.
    var start: Int
    /// One past the last scalar.
    var end: Int

    /// `YYYY-MM-DD` or `YYYY-MM`.
    var text: String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let base = "\(year)-\(two(month))"
        return day.map { base + "-" + two($0) } ?? base
    }

    /// Reads a text that is nothing but a date; brackets and a full stop may stand around it.
    static func whole(_ text: String) -> PrintedDate? {
        guard text.utf8.count <= 90 else { return nil }
        let scalars = text.scalarArray
        guard let date = first(scalars, from: 0) else { return nil }
        let rest = scalars[..<date.start] + scalars[date.end...]
        let isAlone = rest.allSatisfy {
            LineShape.isBlank($0) || "（）()。.".unicodeScalars.contains($0)
        }
        return isAlone ? date : nil
    }

    /// Finds the first date at or after a scalar.
    static func first(_ scalars: [Unicode.Scalar], from start: Int) -> PrintedDate? {
        var index = start
        while index < scalars.count {
            let isDigit = LineShape.digit(scalars[index]) != nil || scalars[index] == "二"
            let isInside = index > 0 && LineShape.digit(scalars[index - 1]) != nil
            if isDigit, !isInside, let date = read(scalars, at: index) { return date }
            index += 1
        }
        return nil
    }

    private static func read(_ scalars: [Unicode.Scalar], at start: Int) -> PrintedDate? {
        var cursor = Cursor(scalars: scalars, index: start)
        guard let year = cursor.number(digits: 4), (1990...2099).contains(year),
            let mark = cursor.mark(), mark.isYearMark, let month = cursor.number(digits: 2),
            (1...12).contains(month)
        else { return nil }
        var date = PrintedDate(year: year, month: month, day: nil, start: start, end: cursor.index)
        guard let second = cursor.mark() else { return nil }
        if mark == .year {
            guard second == .month else { return nil }
            date.end = cursor.index
            guard let day = cursor.number(digits: 2), (1...31).contains(day) else { return date }
            date.day = day
            date.end = cursor.index
            if cursor.mark() == .day { date.end = cursor.index }
            return date
        }
        guard second == mark, let day = cursor.number(digits: 2), (1...31).contains(day) else {
            return nil
        }
        if cursor.index < scalars.count, LineShape.digit(scalars[cursor.index]) != nil {
            return nil
        }
        date.day = day
        date.end = cursor.index
        return date
    }

    private enum Mark: Equatable {
        case year, month, day, slash, dot, dash

        var isYearMark: Bool { self != .month && self != .day }
    }

    private struct Cursor {
        let scalars: [Unicode.Scalar]
        var index: Int

        mutating func skipBlanks() {
            while index < scalars.count, LineShape.isBlank(scalars[index]) { index += 1 }
        }

        mutating func mark() -> Mark? {
            skipBlanks()
            guard index < scalars.count else { return nil }
            let mark: Mark
            switch scalars[index] {
            case "年": mark = .year
            case "月": mark = .month
            case "日", "号": mark = .day
            case "/", "／": mark = .slash
            case ".", "．": mark = .dot
            case "-", "－", "—": mark = .dash
            default: return nil
            }
            index += 1
            return mark
        }

        /// A number of at most so many digits, Arabic or Chinese; blanks may stand before it.
        mutating func number(digits: Int) -> Int? {
            skipBlanks()
            let start = index
            var value = 0
            while index < scalars.count, index - start < digits,
                let digit = LineShape.digit(scalars[index])
            {
                value = value * 10 + digit
                index += 1
            }
            if index > start { return digits == 4 && index - start < 4 ? nil : value }
            return digits == 4 ? chineseYear() : chineseNumber()
        }

        private mutating func chineseYear() -> Int? {
            guard index + 4 <= scalars.count else { return nil }
            var value = 0
            for offset in 0..<4 {
                let scalar = scalars[index + offset]
                if let digit = LineShape.chineseDigit(scalar) {
                    value = value * 10 + digit
                } else if "〇○零ＯO0".unicodeScalars.contains(scalar) {
                    value *= 10
                } else {
                    return nil
                }
            }
            index += 4
            return value
        }

        private mutating func chineseNumber() -> Int? {
            var tens: Int?
            var ones = 0
            let start = index
            while index < scalars.count, index - start < 3 {
                if scalars[index] == "十", tens == nil {
                    tens = max(1, ones)
                    ones = 0
                } else if let digit = LineShape.chineseDigit(scalars[index]), ones == 0 {
                    ones = digit
                } else {
                    break
                }
                index += 1
            }
            return index > start ? (tens ?? 0) * 10 + ones : nil
        }
    }
}

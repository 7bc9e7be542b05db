extension NumberFormat {
    /// A day and time of a sheet, taken apart.
    private struct Moment {
        var year: Int
        var month: Int
        var day: Int
        /// 0 for Sunday.
        var weekday: Int
        /// Seconds since midnight.
        var second: Int
        /// Seconds since the first day of the calendar.
        var elapsed: Int
    }

    /// Last day that a sheet can show: 31 December 9999.
    private static let lastDay = 2_958_465

    /// Shows a number as date and time.
    /// - Returns: nil when the number is no day of the calendar.
    static func dateText(_ value: SheetDecimal, _ section: Section, is1904: Bool) -> String? {
        guard let moment = moment(value, is1904: is1904) else { return nil }
        let hasHalfDay = section.tokens.contains {
            if case .date(.halfDay) = $0 { true } else { false }
        }
        var text = ""
        for (index, token) in section.tokens.enumerated() {
            switch token {
            case .literal(let words): text += words
            case .slash: text += "/"
            case .comma: text += ","
            case .percent: text += "%"
            case .point where !isFraction(section.tokens, at: index): text += "."
            case .date(let part):
                text += shown(part, moment, hasHalfDay: hasHalfDay, numerals: section.numerals)
            default: break
            }
        }
        return CellText.trimmed(text)
    }

    /// `.00` behind seconds shows parts of a second, which no report needs.
    private static func isFraction(_ tokens: [Token], at index: Int) -> Bool {
        guard index + 1 < tokens.count, case .digit = tokens[index + 1] else { return false }
        return true
    }

    private static func moment(_ value: SheetDecimal, is1904: Bool) -> Moment? {
        let serial = value.binary
        guard !value.isNegative, serial < Double(lastDay + 1) else { return nil }
        var day = Int(serial)
        var second = Int(((serial - Double(day)) * 86_400).rounded())
        if second >= 86_400 {
            second = 0
            day += 1
        }
        let elapsed = day * 86_400 + second
        if is1904 { day += 1462 }
        guard day <= lastDay else { return nil }
        let weekday = (day + 6) % 7
        // The calendar of 1900 has a 29 February that never was.
        if day == 60 {
            return Moment(
                year: 1900,
                month: 2,
                day: 29,
                weekday: weekday,
                second: second,
                elapsed: elapsed
            )
        }
        let date = civil(day < 60 ? day - 25_568 : day - 25_569)
        return Moment(
            year: date.year,
            month: date.month,
            day: date.day,
            weekday: weekday,
            second: second,
            elapsed: elapsed
        )
    }

    /// The date of a day counted from 1 January 1970.
    ///
    /// Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    private static let days = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let chineseDays = ["日", "一", "二", "三", "四", "五", "六"]

    private static func shown(
        _ part: DatePart,
        _ moment: Moment,
        hasHalfDay: Bool,
        numerals: Int
    ) -> String {
        func number(_ value: Int, _ count: Int) -> String {
            if numerals > 0 { return ChineseNumerals.small(value, isFormal: numerals == 2) }
            return count > 1 && value < 10 ? "0\(value)" : "\(value)"
        }
        switch part {
        case .year(let count):
            let year = String(moment.year)
            let text = count <= 2 ? String(year.suffix(2)) : year
            return numerals == 0 ? text : ChineseNumerals.digits(text, isFormal: numerals == 2)
        case .month(let count):
            let name = months[min(max(moment.month, 1), 12) - 1]
            return count == 3
                ? String(name.prefix(3)) : count > 3 ? name : number(moment.month, count)
        case .day(let count): return number(moment.day, count)
        case .weekday(let count):
            if count > 10 { return (count > 13 ? "星期" : "") + chineseDays[moment.weekday] }
            return count == 3 ? String(days[moment.weekday].prefix(3)) : days[moment.weekday]
        case .hour(let count):
            let hour = moment.second / 3600
            return number(hasHalfDay ? (hour + 11) % 12 + 1 : hour, count)
        case .minute(let count): return number(moment.second / 60 % 60, count)
        case .second(let count): return number(moment.second % 60, count)
        case .elapsed(let unit):
            return "\(moment.elapsed / (unit == "h" ? 3600 : unit == "m" ? 60 : 1))"
        case .halfDay(let isChinese):
            let isMorning = moment.second < 43_200
            return isChinese ? (isMorning ? "上午" : "下午") : (isMorning ? "AM" : "PM")
        }
    }
}

extension SheetDecimal {
    /// Reads a date such as `2023-12-31T08:30:00` as the day that a sheet counts from 1900.
    /// - Parameter date: date, and time after a `T`; nil for other texts and days before March 1900.
    init?(date: String) {
        let parts = CellText.trimmed(date).split(separator: "T", maxSplits: 1)
        let day = parts.first?.split(separator: "-").map { Int($0) } ?? []
        guard day.count == 3, let year = day[0], let month = day[1], let number = day[2],
            (1900...9999).contains(year), (1...12).contains(month), (1...31).contains(number)
        else { return nil }
        let shifted = month > 2 ? year : year - 1
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + number - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + ofYear
        let serial = days - 719_468 + 25_569
        guard serial > 60 else { return nil }
        var seconds = 0.0
        if parts.count == 2 {
            let time = parts[1].split(separator: ":").map { Double($0) ?? 0 }
            guard time.count >= 2, time.allSatisfy({ (0...60).contains($0) }) else { return nil }
            seconds = time[0] * 3600 + time[1] * 60 + (time.count > 2 ? time[2] : 0)
        }
        self.init(Double(serial) + seconds / 86_400)
    }
}

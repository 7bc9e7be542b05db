/// Telephone numbers in text: mobile numbers, and numbers with their area code.
///
/// What is an amount, a count, a code or part of a longer number is none.
///
/// Source: the numbering plan of YD/T 1138; area codes have three digits when they begin with 01 or
/// 02, else four.
enum PhoneNumber {
    /// Words before numbers of eleven digits that are codes.
    private static let codeWords: Words = [
        "账号", "帐号", "账户", "帐户", "户号", "卡号", "编码", "代码", "编号", "证号", "证号码", "文号", "单号", "票号", "序号",
        "合同号", "凭证号",
        "流水号", "批次号", "条码", "条形码", "批准文号", "统一社会信用代码", "合同", "发票", "文件", "档案号", "案卷号", "身份证",
    ]
    /// What makes a number an amount or a count when it stands right behind.
    private static let units: ScalarSet = "元万亿%％‰人户次辆件平㎡亩吨部台条个笔份套"
    private static let localLengths = 7...8

    /// The numbers that are telephone numbers by their form.
    /// - Parameter text: any text.
    /// - Returns: their ranges, ascending, with brackets and extensions.
    static func all(in text: Scalars) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < text.count {
            guard mayBegin(text[index]) else {
                index += 1
                continue
            }
            guard let end = end(in: text, from: index) else {
                // Nothing begins within a number.
                let isDigit = text[index].digit != nil
                index += 1
                while isDigit, index < text.count, text[index].digit != nil { index += 1 }
                continue
            }
            found.append(index..<end)
            index = end
            while let next = sibling(in: text, behind: index) {
                found.append(next)
                index = next.upperBound
            }
        }
        return found
    }

    /// The numbers behind a label such as 电话, which need no area code.
    /// - Parameters:
    ///   - text: the text.
    ///   - start: where the label ends.
    ///   - limit: where the value ends at the latest.
    /// - Returns: their ranges; empty when something else follows.
    static func labelled(in text: Scalars, from start: Int, to limit: Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = start
        while let begin = beginning(in: text, from: index, to: limit) {
            var end = begin
            var digits = 0
            while end < limit, text[end].digit != nil || isDash(text[end]) {
                if text[end].digit != nil { digits += 1 }
                end += 1
            }
            while end > begin, isDash(text[end - 1]) { end -= 1 }
            guard digits >= 7, digits <= 13, isClosed(text, end) else { break }
            found.append(begin..<end)
            index = end
        }
        return found
    }

    /// First digit behind what may stand between a label and its number, or between two numbers.
    private static func beginning(in text: Scalars, from start: Int, to limit: Int) -> Int? {
        var index = start
        while index < min(limit, start + 8) {
            if text[index].digit != nil { return index }
            switch text[index] {
            case "：", ":", "（", "(", "）", ")", "、", "/", "／", "，", ",", "；", ";", "为", "是", "+":
                index += 1
            default:
                guard LineShape.isBlank(text[index]) else { return nil }
                index += 1
            }
        }
        return nil
    }

    private static func mayBegin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0", "1", "8", "０", "１", "８", "(", "（", "+", "＋": true
        default: false
        }
    }

    /// End of the number that begins at a place.
    private static func end(in text: Scalars, from start: Int) -> Int? {
        guard isFree(text, start) else { return nil }
        if let country = countryEnd(text, start),
            let end = mobile(text, country, start) ?? landline(text, country, start)
        {
            return end
        }
        return mobile(text, start, start) ?? landline(text, start, start)
    }

    /// End of +86 or 0086 with its hyphen.
    private static func countryEnd(_ text: Scalars, _ start: Int) -> Int? {
        var index = start
        if text[index] == "+" || text[index] == "＋" {
            index += 1
        } else if digit(text, index) == 0, digit(text, index + 1) == 0 {
            index += 2
        }
        guard digit(text, index) == 8, digit(text, index + 1) == 6 else { return nil }
        index += 2
        if index < text.count, isDash(text[index]) || isSpace(text[index]) { index += 1 }
        return index
    }

    /// End of 1[3-9] and nine digits, in up to three groups; `whole` is where the country begins.
    private static func mobile(_ text: Scalars, _ start: Int, _ whole: Int) -> Int? {
        guard digit(text, start) == 1, let second = digit(text, start + 1), second >= 3,
            let (end, usesSpace) = digits(text, start, 11...11, separators: 2),
            isClosed(text, end), !isDigitBehindDash(text, end),
            !usesSpace || !hasNumberBeside(text, whole, end)
        else { return nil }
        return end
    }

    /// End of an area code with 7 or 8 digits and perhaps an extension.
    private static func landline(_ text: Scalars, _ start: Int, _ whole: Int) -> Int? {
        // Behind +86 the text may be at its end.
        guard start < text.count else { return nil }
        var index = start
        let isBracketed = text[index] == "(" || text[index] == "（"
        if isBracketed { index += 1 }
        guard let code = areaCode(text, index) else { return nil }
        index += code
        guard index < text.count else { return nil }
        var usesSpace = false
        if isBracketed {
            guard text[index] == ")" || text[index] == "）" else { return nil }
            index += 1
            if index < text.count, isDash(text[index]) || isSpace(text[index]) { index += 1 }
        } else {
            let begin = index
            var hasDash = false
            while index < text.count, index < begin + 3 {
                if isDash(text[index]) {
                    hasDash = true
                } else if !isSpace(text[index]) {
                    break
                }
                index += 1
            }
            guard index > begin else { return nil }
            usesSpace = !hasDash
        }
        guard let first = digit(text, index), first >= 2,
            let (end, _) = digits(text, index, localLengths, separators: 1),
            !usesSpace || !hasNumberBeside(text, whole, end)
        else { return nil }
        let last = extensionEnd(text, end)
        guard isClosed(text, last), !isDigitBehindDash(text, last) else { return nil }
        return last
    }

    /// Digits of the area code at a place.
    private static func areaCode(_ text: Scalars, _ start: Int) -> Int? {
        guard digit(text, start) == 0, let second = digit(text, start + 1),
            let third = digit(text, start + 2)
        else { return nil }
        if second == 1 { return third == 0 ? 3 : nil }
        if second == 2 { return 3 }
        return second >= 3 && third > 0 && digit(text, start + 3) != nil ? 4 : nil
    }

    /// End of digits in groups of at least three.
    private static func digits(
        _ text: Scalars,
        _ start: Int,
        _ wanted: ClosedRange<Int>,
        separators: Int
    ) -> (end: Int, usesSpace: Bool)? {
        var index = start
        var count = 0
        var group = 0
        var separators = separators
        var usesSpace = false
        while index < text.count {
            if text[index].digit != nil {
                count += 1
                group += 1
                guard count <= wanted.upperBound else { return nil }
            } else if separators > 0, group >= 3, count < wanted.lowerBound,
                isDash(text[index]) || isSpace(text[index]), digit(text, index + 1) != nil
            {
                if isSpace(text[index]) { usesSpace = true }
                separators -= 1
                group = 0
            } else {
                break
            }
            index += 1
        }
        return wanted.contains(count) && group >= 3 ? (index, usesSpace) : nil
    }

    /// End of an extension: -801, 转801.
    private static func extensionEnd(_ text: Scalars, _ start: Int) -> Int {
        guard start < text.count, isDash(text[start]) || text[start] == "转" else { return start }
        var end = start + 1
        while digit(text, end) != nil { end += 1 }
        return (1...6).contains(end - start - 1) ? end : start
    }

    /// A number without its extension.
    /// - Parameter number: a number as printed.
    /// - Returns: the number before 转 or the last hyphen when that is a telephone number by its
    ///   form; else the argument.
    static func withoutExtension(_ number: Scalars) -> Scalars {
        guard let mark = number.lastIndex(where: { isDash($0) || $0 == "转" }),
            extensionEnd(number, mark) == number.count
        else { return number }
        let rest = Array(number[..<mark])
        return all(in: rest) == [rest.indices] ? rest : number
    }

    /// A local number behind another one: 0759-3300032/3300033.
    private static func sibling(in text: Scalars, behind end: Int) -> Range<Int>? {
        guard end < text.count, text[end] == "/" || text[end] == "／" || text[end] == "、",
            let first = digit(text, end + 1), first >= 2,
            let (last, _) = digits(text, end + 1, localLengths, separators: 0),
            isClosed(text, last), !isDigitBehindDash(text, last)
        else { return nil }
        return (end + 1)..<last
    }

    /// Whether no longer number, code or word goes on to a place.
    private static func isFree(_ text: Scalars, _ start: Int) -> Bool {
        guard start > 0 else { return true }
        let last = text[start - 1]
        if last.digit != nil || isLetter(last) || last == "第" || last == "〕" || last == "#" {
            return false
        }
        if isDash(last) || last == "." || last == "．", start > 1 {
            let before = text[start - 2]
            if before.digit != nil || isLetter(before) { return false }
        }
        var end = start
        while end > 0, start - end < 4, isLead(text[end - 1]) { end -= 1 }
        return codeWords.length(in: text, endingAt: end) == nil
    }

    /// What stands between a word and its number.
    private static func isLead(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "：", ":", "为", "是", "（", "(": true
        default: LineShape.isBlank(scalar)
        }
    }

    /// Whether a number ends at a place, and is no amount.
    static func isClosed(_ text: Scalars, _ end: Int) -> Bool {
        guard end < text.count else { return true }
        let next = text[end]
        if next.digit != nil || isLetter(next) || units.contains(next) { return false }
        if next == "." || next == "．" || next == ",", digit(text, end + 1) != nil {
            return next == "," && digit(text, end + 4) != nil
        }
        var index = end
        while index < text.count, index < end + 3, isSpace(text[index]) { index += 1 }
        guard index > end, index < text.count else { return true }
        if text[index] == "万" || text[index] == "亿" {
            return index + 1 >= text.count || text[index + 1] != "元"
        }
        return text[index] != "元" && text[index] != "%" && text[index] != "％"
    }

    private static func isDigitBehindDash(_ text: Scalars, _ end: Int) -> Bool {
        end < text.count && isDash(text[end]) && digit(text, end + 1) != nil
    }

    /// Whether the columns of a table may have been taken for one number.
    private static func hasNumberBeside(_ text: Scalars, _ start: Int, _ end: Int) -> Bool {
        let isBefore = start > 1 && isSpace(text[start - 1]) && text[start - 2].digit != nil
        return isBefore || end < text.count && isSpace(text[end]) && digit(text, end + 1) != nil
    }

    private static func digit(_ text: Scalars, _ index: Int) -> UInt8? {
        index < text.count ? text[index].digit : nil
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\u{A0}" || scalar == "\u{3000}"
    }

    /// Whether a scalar divides the groups of a number.
    static func isDash(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "-", "－", "—", "–", "‐", "‑": true
        default: false
        }
    }
}

/// A number format of a spreadsheet, ready to show values.
///
/// Up to four sections divided by semicolons: positive, negative, zero, text; or sections with
/// conditions of their own.
///
/// Source: ECMA-376 part 1, 18.8.30 (numFmt) and 18.8.31 (numFmts).
struct NumberFormat: Sendable {
    /// A part of a date or time.
    enum DatePart: Hashable, Sendable {
        case year(Int)
        case month(Int)
        case day(Int)
        case weekday(Int)
        case hour(Int)
        case minute(Int)
        case second(Int)
        /// Hours, minutes or seconds altogether, such as `[h]`.
        case elapsed(Unicode.Scalar)
        /// 上午 and 下午, or AM and PM.
        case halfDay(isChinese: Bool)
    }

    /// What a section is made of.
    enum Token: Hashable, Sendable {
        /// `0`, `#` or `?`.
        case digit(Unicode.Scalar)
        case point
        case comma
        case percent
        case exponent(alwaysSigned: Bool)
        case slash
        case literal(String)
        case date(DatePart)
        case general
        case text
    }

    /// A comparison in square brackets.
    struct Condition: Hashable, Sendable {
        /// `<`, `<=`, `>`, `>=`, `=` or `<>`.
        var sign: String
        /// What a value is compared with.
        var bound: Double

        /// Whether a value meets the condition.
        func holds(_ value: Double) -> Bool {
            switch sign {
            case "<": value < bound
            case "<=": value <= bound
            case ">": value > bound
            case ">=": value >= bound
            case "<>": value != bound
            default: value == bound
            }
        }

        /// Whether only numbers below zero meet the condition.
        var isNegativeOnly: Bool {
            sign == "<" && bound <= 0 || (sign == "<=" || sign == "=") && bound < 0
        }
    }

    /// One section.
    struct Section: Hashable, Sendable {
        var tokens: [Token] = []
        var condition: Condition?
        /// Numerals: 0 for Arabic, 1 for 一二三, 2 for 壹贰叁.
        var numerals = 0

        var isDate: Bool {
            tokens.contains { if case .date = $0 { true } else { false } }
        }
        var isText: Bool { tokens.contains(.text) }
        var hasDigits: Bool {
            tokens.contains { if case .digit = $0 { true } else { false } }
        }
    }

    /// The sections as written.
    let sections: [Section]

    /// Whether the format shows days or times.
    var isDate: Bool { sections.first?.isDate ?? false }

    /// The format that shows a number as it was typed.
    static let general = NumberFormat(code: "General")

    /// Longest code that is read; a spreadsheet allows 255 characters.
    static let maximumCodeLength = 512

    /// Shows a number.
    /// - Parameters:
    ///   - value: the number.
    ///   - is1904: whether dates count from 1904.
    /// - Returns: what the cell shows, without blanks at its edges.
    func shown(_ value: SheetDecimal, is1904: Bool = false) -> String {
        guard let (section, hidesSign) = section(for: value) else {
            return NumberFormat.generalText(value)
        }
        if section.isDate {
            let text = NumberFormat.dateText(value, section, is1904: is1904)
            return text ?? NumberFormat.generalText(value)
        }
        var shown = value
        if hidesSign { shown.isNegative = false }
        return CellText.trimmed(NumberFormat.numberText(shown, section))
    }

    /// Shows a text.
    /// - Parameter text: the text of a cell.
    /// - Returns: the text as the section for text shows it.
    func shown(_ text: String) -> String {
        guard let section = sections.last, section.isText, section.tokens.count > 1 else {
            return text
        }
        var result = ""
        for token in section.tokens {
            switch token {
            case .text: result += text
            case .literal(let words): result += words
            default: break
            }
        }
        return result
    }

    /// The section that shows a number, and whether it says itself that the number is negative.
    private func section(for value: SheetDecimal) -> (Section, Bool)? {
        var numeric = sections
        if numeric.count == 4 || numeric.count > 1 && numeric.last?.isText == true {
            numeric.removeLast()
        }
        guard let first = numeric.first else { return nil }
        if numeric.contains(where: { $0.condition != nil }) {
            return conditional(numeric, value.binary)
        }
        if numeric.count >= 3, value.isZero { return (numeric[2], false) }
        if numeric.count >= 2, value.isNegative { return (numeric[1], true) }
        return (first, false)
    }

    private func conditional(_ numeric: [Section], _ value: Double) -> (Section, Bool)? {
        for (index, section) in numeric.enumerated() {
            if let condition = section.condition {
                guard condition.holds(value) else { continue }
                return (section, condition.isNegativeOnly && numeric.count > 1)
            }
            if index == 0, numeric.count > 1 {
                // Without a condition of its own the first section is for what is above zero.
                if value > 0 { return (section, false) }
            } else if index == 1, numeric.count > 2 {
                if value < 0 { return (section, true) }
            } else {
                return (section, false)
            }
        }
        return nil
    }
}

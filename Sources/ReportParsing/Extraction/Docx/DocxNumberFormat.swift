/// Numbers as lists show them.
///
/// Source: ISO/IEC 29500-1 section 17.18.59, ST_NumberFormat.
enum DocxNumberFormat {
    private static let digits = Array("〇一二三四五六七八九".unicodeScalars)
    private static let legalDigits = Array("零壹贰叁肆伍陆柒捌玖".unicodeScalars)
    private static let stems = Array("甲乙丙丁戊己庚辛壬癸".unicodeScalars)
    private static let branches = Array("子丑寅卯辰巳午未申酉戌亥".unicodeScalars)

    /// A number in a format; decimal where the format is unknown or cannot show it.
    static func text(_ value: Int, _ format: String) -> String {
        switch format {
        case "none", "bullet": ""
        case "decimalZero": value >= 0 && value < 10 ? "0\(value)" : "\(value)"
        case "upperLetter": letters(value, from: 0x41)
        case "lowerLetter": letters(value, from: 0x61)
        case "upperRoman": roman(value)
        case "lowerRoman": roman(value).lowercased()
        case "chineseCounting", "chineseCountingThousand", "japaneseCounting",
            "taiwaneseCounting", "taiwaneseCountingThousand":
            counting(value, digits, Array("十百千".unicodeScalars), isShort: true)
        case "chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal":
            counting(value, legalDigits, Array("拾佰仟".unicodeScalars), isShort: false)
        case "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital":
            mapped("\(value)") { digits[Int($0.value - 0x30)] }
        case "decimalEnclosedCircle", "decimalEnclosedCircleChinese": circled(value)
        case "ideographEnclosedCircle":
            value >= 1 && value <= 10 ? scalar(0x327F + value) : "\(value)"
        case "decimalEnclosedParen":
            value >= 1 && value <= 20 ? scalar(0x2473 + value) : "(\(value))"
        case "decimalEnclosedFullstop":
            value >= 1 && value <= 20 ? scalar(0x2487 + value) : "\(value)."
        case "decimalFullWidth", "decimalFullWidth2":
            mapped("\(value)") { Unicode.Scalar($0.value + 0xFEE0) ?? $0 }
        case "numberInDash": "- \(value) -"
        case "ideographTraditional": cycled(value, stems)
        case "ideographZodiac": cycled(value, branches)
        case "ordinal": "\(value)" + ordinalEnding(value)
        default: "\(value)"
        }
    }

    /// A number in a circle, where Unicode has it.
    static func circled(_ value: Int) -> String {
        switch value {
        case 0: scalar(0x24EA)
        case 1...20: scalar(0x245F + value)
        case 21...35: scalar(0x323C + value)
        case 36...50: scalar(0x328D + value)
        default: "\(value)"
        }
    }

    private static func scalar(_ value: Int) -> String {
        UInt32(exactly: value).flatMap { Unicode.Scalar($0) }.map { String($0) } ?? ""
    }

    private static func mapped(_ text: String, _ change: (Unicode.Scalar) -> Unicode.Scalar)
        -> String
    {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar.value >= 0x30 && scalar.value <= 0x39 ? change(scalar) : scalar)
        }
        return String(result)
    }

    private static func cycled(_ value: Int, _ signs: [Unicode.Scalar]) -> String {
        value >= 1 && value <= signs.count ? String(signs[value - 1]) : "\(value)"
    }

    /// a to z, then aa to zz.
    private static func letters(_ value: Int, from first: Int) -> String {
        guard value >= 1, value <= 780 else { return "\(value)" }
        return String(repeating: scalar(first + (value - 1) % 26), count: (value - 1) / 26 + 1)
    }

    private static func roman(_ value: Int) -> String {
        guard value >= 1, value < 4000 else { return "\(value)" }
        let signs = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
            (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var rest = value
        var result = ""
        for (worth, sign) in signs {
            while rest >= worth {
                result += sign
                rest -= worth
            }
        }
        return result
    }

    /// Chinese numbers with tens, hundreds and thousands; ten to nineteen without 一 when short.
    private static func counting(
        _ value: Int,
        _ digits: [Unicode.Scalar],
        _ powers: [Unicode.Scalar],
        isShort: Bool
    ) -> String {
        guard value >= 0, value < 10_000 else { return "\(value)" }
        if value == 0 { return String(digits[0]) }
        var result = String.UnicodeScalarView()
        var isGap = false
        var divisor = 1000
        for power in [2, 1, 0, -1] {
            let digit = value / divisor % 10
            if digit == 0 {
                isGap = !result.isEmpty
            } else {
                if isGap { result.append(isShort ? "零" : digits[0]) }
                isGap = false
                let isBareTen = isShort && power == 0 && digit == 1 && result.isEmpty
                if !isBareTen { result.append(digits[digit]) }
                if power >= 0 { result.append(powers[power]) }
            }
            divisor /= 10
        }
        return String(result)
    }

    private static func ordinalEnding(_ value: Int) -> String {
        switch (value % 100, value % 10) {
        case (11...13, _): "th"
        case (_, 1): "st"
        case (_, 2): "nd"
        case (_, 3): "rd"
        default: "th"
        }
    }
}

extension NumberFormat {
    /// The number as typed, at most eleven characters, as a cell without a format shows it.
    static func generalText(_ value: SheetDecimal) -> String {
        guard !value.isZero else { return "0" }
        let sign = value.isNegative ? "-" : ""
        if value.point > 11 || value.point < -8 || value.point < -3 && value.digits.count > 5 {
            return sign + scientific(value)
        }
        // One character is the point, another the zero before it.
        let shown = value.rounded(toPlaces: max(0, 10 - max(1, value.point)))
        if shown.isZero { return sign + scientific(value) }
        if shown.point > 11 { return sign + scientific(value) }
        if shown.point <= -4 { return sign + scientific(value) }
        let whole = shown.whole.isEmpty ? "0" : SheetDecimal.string(shown.whole)
        let fraction = SheetDecimal.string(shown.fraction)
        return sign + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    private static func scientific(_ value: SheetDecimal) -> String {
        let shown = value.rounded(toDigits: 6)
        let exponent = shown.point - 1
        let rest = SheetDecimal.string(shown.digits.dropFirst())
        let power = String(exponent.magnitude)
        return SheetDecimal.string(shown.digits.prefix(1)) + (rest.isEmpty ? "" : "." + rest)
            + (exponent < 0 ? "E-" : "E+") + (power.count < 2 ? "0" : "") + power
    }

    /// Shows a number by the placeholders of a section.
    static func numberText(_ value: SheetDecimal, _ section: Section) -> String {
        let sign = value.isNegative ? "-" : ""
        var positive = value
        positive.isNegative = false
        guard section.hasDigits, !section.tokens.contains(.slash) else {
            return looseText(positive, section, sign: sign)
        }
        let shape = Shape(section.tokens)
        var number = positive.scaled(byPowerOfTen: 2 * shape.percents - 3 * shape.thousands)
        var exponent: Int?
        if shape.hasExponent {
            exponent = power(of: number, shape)
            number = number.scaled(byPowerOfTen: -(exponent ?? 0))
        }
        var writer = Writer(number.rounded(toPlaces: shape.places), shape, exponent: exponent)
        for token in section.tokens { writer.write(token) }
        let text = sign + writer.text
        return section.numerals == 0
            ? text : ChineseNumerals.digits(text, isFormal: section.numerals == 2)
    }

    /// Sections without placeholders: General, text, fractions, or nothing but words.
    private static func looseText(
        _ value: SheetDecimal,
        _ section: Section,
        sign: String
    ) -> String {
        var text = ""
        var isShown = false
        let general = generalText(value)
        for token in section.tokens {
            switch token {
            case .literal(let words): text += words
            case .general, .text:
                let numeral =
                    section.numerals == 0
                    ? nil : ChineseNumerals.number(value, isFormal: section.numerals == 2)
                text += numeral ?? general
                isShown = true
            case .percent: text += "%"
            case .comma where !section.hasDigits: text += ","
            case .point where !section.hasDigits: text += "."
            case .slash where !section.hasDigits: text += "/"
            case .digit where !isShown:
                text += general
                isShown = true
            default: break
            }
        }
        return isShown ? sign + text : text
    }

    /// The exponent that leaves as many digits before the point as there are placeholders.
    private static func power(of number: SheetDecimal, _ shape: Shape) -> Int {
        guard !number.isZero else { return 0 }
        let step = max(1, shape.wholePlaceholders)
        func aligned(_ point: Int) -> Int {
            let first = point - 1
            return step == 1 ? first : first - ((first % step) + step) % step
        }
        let exponent = aligned(number.point)
        let rounded = number.scaled(byPowerOfTen: -exponent).rounded(toPlaces: shape.places)
        return rounded.point > step ? aligned(number.point + 1) : exponent
    }

    /// What the placeholders of a section ask for.
    struct Shape {
        var wholePlaceholders = 0
        var places = 0
        var percents = 0
        /// Commas behind the last placeholder: each divides by a thousand.
        var thousands = 0
        var isGrouped = false
        var hasExponent = false
        /// Places that are shown even when they are zero.
        var certainPlaces = 0

        init(_ tokens: [Token]) {
            var seenPoint = false
            var commas = 0
            for token in tokens {
                switch token {
                case .digit(let kind):
                    if hasExponent { continue }
                    if seenPoint {
                        places += 1
                        if kind != "#" { certainPlaces = places }
                    } else {
                        if commas > 0, wholePlaceholders > 0 { isGrouped = true }
                        wholePlaceholders += 1
                    }
                    commas = 0
                case .comma: commas += 1
                case .point:
                    thousands += commas
                    commas = 0
                    seenPoint = true
                case .percent: percents += 1
                case .exponent: hasExponent = true
                default: break
                }
            }
            thousands += commas
        }
    }

    /// Fills placeholders with digits.
    private struct Writer {
        private let shape: Shape
        private let exponent: Int
        private let whole: [UInt8]
        private let fraction: [UInt8]
        private let lastPlace: Int
        private var wholeIndex = 0
        private var place = 0
        private var seenPoint = false
        private var seenExponent = false
        private(set) var text = ""

        init(_ number: SheetDecimal, _ shape: Shape, exponent: Int?) {
            self.shape = shape
            self.exponent = exponent ?? 0
            whole = number.whole
            fraction = number.fraction
            lastPlace = max(shape.certainPlaces, fraction.count)
        }

        mutating func write(_ token: Token) {
            switch token {
            case .literal(let words): text += words
            case .percent: text += "%"
            case .point where !seenPoint && !seenExponent:
                if shape.wholePlaceholders == 0 { text += SheetDecimal.string(whole) }
                seenPoint = true
                // A point without digits behind it would be no number to anybody.
                if lastPlace > 0 { text += "." }
            case .digit(let kind):
                if seenExponent {
                    break
                } else if seenPoint {
                    writePlace(kind)
                } else {
                    writeWhole(kind)
                }
            case .exponent(let alwaysSigned):
                seenExponent = true
                let power = String(exponent.magnitude)
                text += exponent < 0 ? "E-" : alwaysSigned ? "E+" : "E"
                text += (power.count < 2 ? "0" : "") + power
            default: break
            }
        }

        private mutating func writePlace(_ kind: Unicode.Scalar) {
            defer { place += 1 }
            guard place < lastPlace else { return }
            text += place < fraction.count ? SheetDecimal.string([fraction[place]]) : "0"
        }

        /// The first placeholder takes all digits that have no placeholder of their own.
        private mutating func writeWhole(_ kind: Unicode.Scalar) {
            let position = shape.wholePlaceholders - 1 - wholeIndex
            let first = wholeIndex == 0 ? max(position, whole.count - 1) : position
            wholeIndex += 1
            var current = first
            while current >= position {
                let index = whole.count - 1 - current
                if index >= 0 {
                    text += SheetDecimal.string([whole[index]])
                } else if kind == "0" {
                    text += "0"
                }
                let isWritten = index >= 0 || kind == "0"
                if shape.isGrouped, isWritten, current > 0, current.isMultiple(of: 3) {
                    text += ","
                }
                current -= 1
            }
        }
    }
}

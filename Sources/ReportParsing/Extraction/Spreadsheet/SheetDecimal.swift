/// A number of a sheet as decimal digits, so that showing it never rounds in binary.
///
/// A sheet stores the shortest or the longest spelling of a binary number; the shortest that
/// round-trips, cut to the 15 digits that a spreadsheet shows, is what people typed.
struct SheetDecimal: Hashable, Sendable {
    /// Whether the number is below zero.
    var isNegative: Bool
    /// Digits 0...9 from the first that is not zero to the last that is not; empty for zero.
    private(set) var digits: [UInt8]
    /// Digits before the decimal point; negative when zeros stand behind the point.
    private(set) var point: Int

    /// Digits that a spreadsheet keeps.
    static let maximumDigits = 15

    /// Whether the value is zero.
    var isZero: Bool { digits.isEmpty }

    /// Reads the text of a cell's value.
    /// - Parameter stored: a number as XML Schema writes `double`, without `INF` and `NaN`.
    init?(stored: String) {
        let text = CellText.trimmed(stored)
        guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy(Self.isNumberByte),
            let value = Double(text), value.isFinite
        else { return nil }
        self.init(value)
    }

    /// The shortest decimal that gives the same binary number.
    /// - Parameter value: a finite number.
    init(_ value: Double) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var seenPoint = false
        var text = value.magnitude.description[...]
        if let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = text[..<mark]
        }
        for byte in text.utf8 {
            if byte == 0x2E {
                seenPoint = true
            } else if byte >= 0x30, byte <= 0x39 {
                digits.append(byte - 0x30)
                if !seenPoint { point += 1 }
            }
        }
        self.init(isNegative: value < 0, digits: digits, point: point + exponent)
        if self.digits.count > Self.maximumDigits {
            self = rounded(toDigits: Self.maximumDigits)
        }
    }

    /// Makes a number from digits, which are trimmed.
    init(isNegative: Bool, digits: [UInt8], point: Int) {
        let zeros = digits.prefix { $0 == 0 }.count
        var rest = Array(digits[zeros...])
        while rest.last == 0 { rest.removeLast() }
        self.digits = rest
        self.point = rest.isEmpty ? 0 : point - zeros
        self.isNegative = isNegative && !rest.isEmpty
    }

    /// The number times a power of ten.
    func scaled(byPowerOfTen power: Int) -> SheetDecimal {
        SheetDecimal(isNegative: isNegative, digits: digits, point: point + power)
    }

    /// The number rounded to a count of significant digits, away from zero at the half.
    func rounded(toDigits count: Int) -> SheetDecimal {
        guard count < digits.count else { return self }
        guard count >= 0 else { return SheetDecimal(isNegative: false, digits: [], point: 0) }
        var kept = [0] + digits[..<count]
        if digits[count] >= 5 {
            var index = kept.count - 1
            while kept[index] == 9, index > 0 {
                kept[index] = 0
                index -= 1
            }
            kept[index] += 1
        }
        return SheetDecimal(isNegative: isNegative, digits: kept, point: point + 1)
    }

    /// The number rounded to decimal places, away from zero at the half.
    func rounded(toPlaces places: Int) -> SheetDecimal { rounded(toDigits: point + places) }

    /// Digits before the point, without a leading zero: empty for a number below one.
    var whole: [UInt8] {
        guard point > 0 else { return [] }
        if point <= digits.count { return Array(digits[..<point]) }
        return digits + [UInt8](repeating: 0, count: point - digits.count)
    }

    /// Digits behind the point, at least one only when the number is not whole.
    var fraction: [UInt8] {
        guard point < digits.count else { return [] }
        if point >= 0 { return Array(digits[point...]) }
        return [UInt8](repeating: 0, count: -point) + digits
    }

    /// The nearest binary number, for comparing only.
    var binary: Double {
        let text = (isNegative ? "-0." : "0.") + Self.string(digits.isEmpty ? [0] : digits)
        return Double(text + "e\(point)") ?? 0
    }

    /// Digits as text.
    static func string(_ digits: some Sequence<UInt8>) -> String {
        String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39 || byte == 0x2B || byte == 0x2D || byte == 0x2E
            || byte == 0x45 || byte == 0x65
    }
}

/// A decimal number kept as a whole coefficient and a count of decimal places.
///
/// `138.790` is 138790 with 3 places: the last printed place survives every sum. Nothing here
/// traps; what would leave the range of 38 digits sticks at its end or gives nil.
public struct ExactDecimal: Hashable, Sendable {
    /// The digits without their point.
    public let coefficient: Int128
    /// Number of decimal places, 0...``maximumPlaces``.
    public let places: Int

    /// Most decimal places of a number.
    public static let maximumPlaces = 18
    /// Most digits before the point that are read from print.
    public static let maximumIntegerDigits = 18
    /// Most digits after the point that are read from print.
    public static let maximumFractionDigits = 12

    /// Zero without decimal places.
    public static let zero = ExactDecimal(coefficient: 0, places: 0)

    /// Makes a number from its digits.
    /// - Parameters:
    ///   - coefficient: the digits without their point.
    ///   - places: number of decimal places; clamped to 0...``maximumPlaces``.
    public init(coefficient: Int128, places: Int) {
        self.coefficient = coefficient
        self.places = min(max(places, 0), Self.maximumPlaces)
    }

    /// Makes a whole number.
    /// - Parameter whole: any integer.
    public init(_ whole: Int) { self.init(coefficient: Int128(whole), places: 0) }

    /// The number with its places, such as `-0.50`.
    public var text: String {
        let digits = String(coefficient.magnitude)
        let sign = coefficient < 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }

    /// The number without zeros after its last significant decimal place.
    public var plainText: String { trimmed.text }

    /// The same value with the fewest places.
    public var trimmed: ExactDecimal {
        var rest = coefficient
        var count = places
        while count > 0, rest % 10 == 0 {
            rest /= 10
            count -= 1
        }
        return ExactDecimal(coefficient: rest, places: count)
    }

    /// One unit in the last printed place, such as `0.01` for `138.79`.
    public var lastPlace: ExactDecimal { ExactDecimal(coefficient: 1, places: places) }

    /// The distance from zero.
    public var magnitude: ExactDecimal {
        coefficient < 0 ? ExactDecimal.zero - self : self
    }

    /// Whether the value is zero, however printed.
    public var isZero: Bool { coefficient == 0 }
}

extension ExactDecimal: CustomStringConvertible {
    /// The number with its places.
    public var description: String { text }
}

extension ExactDecimal {
    /// Reads a number as printed; nil when it is no number or longer than the bounds of this type.
    ///
    /// Full-width digits, thousands separators `,` `，`, blanks inside the number and a leading
    /// sign are understood.
    /// - Parameter printed: the number alone, without a unit.
    public init?(printed: String) {
        var coefficient: Int128 = 0
        var whole = 0
        var fraction = 0
        var negative = false
        var seenPoint = false
        var seenDigit = false
        for scalar in printed.unicodeScalars {
            switch scalar {
            case "0"..."9", "\u{FF10}"..."\u{FF19}":
                let digit = scalar.value & 0xF
                let value = scalar.value < 0x80 ? digit : scalar.value - 0xFF10
                coefficient = coefficient * 10 + Int128(value)
                seenDigit = true
                if seenPoint { fraction += 1 } else { whole += 1 }
            case ".", "\u{FF0E}":
                guard !seenPoint, seenDigit else { return nil }
                seenPoint = true
            case "-", "\u{2212}", "\u{FF0D}":
                guard !seenDigit, !negative else { return nil }
                negative = true
            case "+", "\u{FF0B}":
                guard !seenDigit, !negative else { return nil }
            case ",", "\u{FF0C}":
                guard seenDigit, !seenPoint else { return nil }
            case " ", "\t", "\n", "\r", "\u{A0}", "\u{3000}", "\u{2002}"..."\u{200B}":
                continue
            default:
                return nil
            }
            if whole > Self.maximumIntegerDigits || fraction > Self.maximumFractionDigits {
                return nil
            }
        }
        guard seenDigit, !seenPoint || fraction > 0 else { return nil }
        self.init(coefficient: negative ? -coefficient : coefficient, places: fraction)
    }
}

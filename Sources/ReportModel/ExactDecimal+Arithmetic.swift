extension ExactDecimal: Comparable {
    private static let end: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999

    static func tenTo(_ power: Int) -> Int128 {
        var result: Int128 = 1
        for _ in 0..<min(max(power, 0), 37) { result *= 10 }
        return result
    }

    private static func times(_ left: Int128, _ right: Int128) -> Int128 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        if !overflow, product.magnitude <= end.magnitude { return product }
        return (left < 0) == (right < 0) ? end : -end
    }

    private static func plus(_ left: Int128, _ right: Int128) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        if !overflow, sum.magnitude <= end.magnitude { return sum }
        return left < 0 ? -end : end
    }

    /// The coefficient with at least this many places.
    private func coefficient(withPlaces count: Int) -> Int128 {
        count > places ? Self.times(coefficient, Self.tenTo(count - places)) : coefficient
    }

    /// The sum, with the places of the finer number.
    public static func + (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        let places = max(left.places, right.places)
        let sum = plus(left.coefficient(withPlaces: places), right.coefficient(withPlaces: places))
        return ExactDecimal(coefficient: sum, places: places)
    }

    /// The difference, with the places of the finer number.
    public static func - (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        left + ExactDecimal(coefficient: times(right.coefficient, -1), places: right.places)
    }

    /// Whether the left value is smaller; places do not matter.
    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        order(left, right) < 0
    }

    /// Whether both numbers have the same value; `1.0` equals `1`.
    public static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        order(left, right) == 0
    }

    /// Hashes the value, not the places.
    /// - Parameter hasher: takes the digits of the trimmed number.
    public func hash(into hasher: inout Hasher) {
        let value = trimmed
        hasher.combine(value.coefficient)
        hasher.combine(value.places)
    }

    private static func order(_ left: ExactDecimal, _ right: ExactDecimal) -> Int {
        let (leftUnit, rightUnit) = (tenTo(left.places), tenTo(right.places))
        let leftWhole = left.coefficient / leftUnit
        let rightWhole = right.coefficient / rightUnit
        if leftWhole != rightWhole { return leftWhole < rightWhole ? -1 : 1 }
        let places = max(left.places, right.places)
        let leftRest = (left.coefficient % leftUnit) * tenTo(places - left.places)
        let rightRest = (right.coefficient % rightUnit) * tenTo(places - right.places)
        return leftRest == rightRest ? 0 : leftRest < rightRest ? -1 : 1
    }

    /// The value times a power of ten, exactly.
    /// - Parameter power: exponent, -18...18; others are clamped.
    /// - Returns: the product; decimal places shrink first and grow only as needed.
    public func scaled(byPowerOfTen power: Int) -> ExactDecimal {
        let count = places - min(max(power, -18), 18)
        if count < 0 {
            return ExactDecimal(
                coefficient: Self.times(coefficient, Self.tenTo(-count)),
                places: 0
            )
        }
        guard count > Self.maximumPlaces else {
            return ExactDecimal(coefficient: coefficient, places: count)
        }
        return ExactDecimal(
            coefficient: coefficient / Self.tenTo(count - Self.maximumPlaces),
            places: Self.maximumPlaces
        )
    }

    /// The product of two numbers.
    /// - Parameter other: the second factor.
    /// - Returns: nil when the places of both exceed ``maximumPlaces``.
    public func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        let (left, right) = (trimmed, other.trimmed)
        guard left.places + right.places <= Self.maximumPlaces else { return nil }
        return ExactDecimal(
            coefficient: Self.times(left.coefficient, right.coefficient),
            places: left.places + right.places
        )
    }

    /// The quotient rounded half up, away from zero at the half.
    /// - Parameters:
    ///   - divisor: what to divide by.
    ///   - places: decimal places of the result, 0...12; others are clamped.
    /// - Returns: nil when the divisor is zero or the numbers are too long.
    public func ratio(to divisor: ExactDecimal, places: Int) -> ExactDecimal? {
        guard !divisor.isZero else { return nil }
        let result = min(max(places, 0), 12)
        let common = max(self.places, divisor.places)
        let dividend = coefficient(withPlaces: common).magnitude
        let by = divisor.coefficient(withPlaces: common).magnitude
        guard by < UInt128(Self.end) / 100, dividend < UInt128(Self.end) else { return nil }
        var quotient = dividend / by
        var rest = dividend % by
        for _ in 0..<result {
            rest *= 10
            let (shifted, overflow) = quotient.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            quotient = shifted + rest / by
            rest %= by
        }
        if rest * 2 >= by { quotient += 1 }
        guard quotient <= UInt128(Self.end) else { return nil }
        let sign: Int128 = (coefficient < 0) == (divisor.coefficient < 0) ? 1 : -1
        return ExactDecimal(coefficient: sign * Int128(quotient), places: result)
    }

    /// The value rounded half up to fewer places; a number with fewer places stays as it is.
    /// - Parameter places: decimal places wanted.
    /// - Returns: the rounded number.
    public func rounded(toPlaces places: Int) -> ExactDecimal {
        let wanted = max(places, 0)
        guard wanted < self.places else { return self }
        let unit = Self.tenTo(self.places - wanted)
        let rest = (coefficient % unit).magnitude
        let carry: Int128 = rest * 2 >= unit.magnitude ? (coefficient < 0 ? -1 : 1) : 0
        return ExactDecimal(coefficient: coefficient / unit + carry, places: wanted)
    }
}

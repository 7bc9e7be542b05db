import ReportModel

/// The fixed-point form of an ``ExactDecimal`` that the rules reckon with: sums, products and
/// tolerances are plain integers of one scale.
///
/// Holds at most six decimals; everything that does not fit is nil, nothing traps.
struct CheckNumber: Hashable, Comparable, Sendable {
    /// Units per one.
    static let scale: Int128 = 1_000_000
    /// Decimals that fit.
    static let maximumPlaces = 6

    /// The value in millionths; its magnitude is at most ``RuleLimits/maximumScaled``.
    let scaled: Int128
    /// Number of decimals as printed.
    let places: Int

    /// Makes a number from millionths.
    /// - Parameters:
    ///   - scaled: the value in millionths.
    ///   - places: number of decimals as printed.
    init?(scaled: Int128, places: Int = 0) {
        guard scaled.magnitude <= RuleLimits.maximumScaled.magnitude else { return nil }
        self.scaled = scaled
        self.places = places
    }

    /// Makes a number from an integer.
    init(_ value: Int32) {
        scaled = Int128(value) * Self.scale
        places = 0
    }

    /// Reads a printed decimal such as `138.79`; separators, blanks and a per cent sign are skipped.
    init?(printed: String) {
        guard printed.utf8.count <= RuleLimits.maximumNumberLength else { return nil }
        let plain = printed.utf8.contains(0x25) ? printed.filter { $0 != "%" } : printed
        guard let exact = ExactDecimal(printed: plain), exact.coefficient >= 0 else { return nil }
        // Zeros behind the last place that fits say nothing.
        let fitting = exact.places > Self.maximumPlaces ? exact.trimmed : exact
        guard fitting.places <= Self.maximumPlaces else { return nil }
        let (scaled, overflow) = fitting.coefficient.multipliedReportingOverflow(
            by: Self.power(of: Self.maximumPlaces - fitting.places)
        )
        guard !overflow else { return nil }
        self.init(scaled: scaled, places: min(exact.places, Self.maximumPlaces))
    }

    /// One unit in the last printed place, in millionths.
    var step: Int128 { Self.power(of: Self.maximumPlaces - places) }

    /// Ten to the power of a small exponent; exponents outside 0...18 give 1 or 10^18.
    static func power(of exponent: Int) -> Int128 {
        var result: Int128 = 1
        for _ in 0..<max(0, min(18, exponent)) { result *= 10 }
        return result
    }

    static func < (left: CheckNumber, right: CheckNumber) -> Bool { left.scaled < right.scaled }
    static func == (left: CheckNumber, right: CheckNumber) -> Bool { left.scaled == right.scaled }
    func hash(into hasher: inout Hasher) { hasher.combine(scaled) }

    /// The plain decimal without trailing zeros.
    var text: String { Self.text(scaled) }

    /// Plain decimal of a value in units of 1/scale, without trailing zeros.
    /// - Parameters:
    ///   - value: value in units of `1/scale`.
    ///   - scale: a power of ten.
    ///   - places: decimals to round to, half away from zero; nil keeps all.
    /// - Returns: such as `-0.41`.
    static func text(_ value: Int128, scale: Int128 = scale, places: Int? = nil) -> String {
        var magnitude = Int128(clamping: value.magnitude)
        var scale = max(1, scale)
        if let places {
            let target = power(of: places)
            if scale > target {
                let divisor = scale / target
                magnitude = magnitude / divisor + (magnitude % divisor * 2 >= divisor ? 1 : 0)
                scale = target
            }
        }
        let whole = magnitude / scale
        var fraction = magnitude % scale
        var decimals = ""
        var rest = scale
        while fraction > 0, rest > 1 {
            rest /= 10
            decimals += String(fraction / rest)
            fraction %= rest
        }
        let sign = value < 0 && magnitude != 0 ? "-" : ""
        return sign + String(whole) + (decimals.isEmpty ? "" : "." + decimals)
    }
}

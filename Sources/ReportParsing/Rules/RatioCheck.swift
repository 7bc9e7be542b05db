/// Whether a printed percentage follows from two printed amounts.
///
/// Source: domain description, check rules: within half a unit of the last printed place it
/// passes, within one unit it is a notice, more contradicts. The amounts are rounded themselves:
/// what half a unit of their last places explains is a notice as well.
struct RatioCheck {
    /// What came out.
    let outcome: SumCheck.Outcome
    /// The percentage, in millionths of a per cent.
    let percent: Int128

    /// Compares a printed percentage with `part / whole`; nil when the denominator is zero or numbers
    /// are out of range.
    ///
    /// - Parameters:
    ///   - printed: the percentage.
    ///   - part: numerator in millionths.
    ///   - partStep: unit of its last place.
    ///   - whole: denominator in millionths.
    ///   - wholeStep: unit of its last place.
    init?(
        _ printed: CheckNumber,
        part: Int128,
        partStep: Int128,
        whole: Int128,
        wholeStep: Int128
    ) {
        guard let percent = Self.percent(part, of: whole) else { return nil }
        self.percent = percent
        let step = printed.step
        let difference = Int128(clamping: (percent - printed.scaled).magnitude)
        if 2 * difference <= step || (part == 0 && printed.scaled == 0) {
            outcome = .passes
            return
        }
        // Dropped zeros count as exact; the places as printed matter where the percentage shows
        // that it was computed from finer amounts.
        let part = (value: part, step: partStep)
        let whole = (value: whole, step: wholeStep)
        var steps = [(min(part.step, Self.usualStep), min(whole.step, Self.usualStep))]
        if printed.places > 0 { steps.append((part.step, whole.step)) }
        // Amounts with six decimals beside a percentage computed from two.
        if part.step > 0, whole.step > 0, max(part.step, whole.step) < Self.usualStep {
            steps.append((Self.usualStep, Self.usualStep))
        }
        let explained = steps.contains { partStep, wholeStep in
            guard let range = Self.range(part.value, partStep, whole.value, wholeStep) else {
                return false
            }
            return printed.scaled + step / 2 >= range.lower
                && printed.scaled - step / 2 <= range.upper
        }
        outcome = difference <= step || explained ? .notice : .contradicts
    }

    /// 0.01万元, the last place of nearly every table, in millionths of a 元.
    static let usualStep: Int128 = 100 * CheckNumber.scale

    /// `100 · part / whole` in millionths of a per cent, rounded half up; nil for a zero whole.
    static func percent(_ part: Int128, of whole: Int128) -> Int128? {
        guard whole > 0, part >= 0 else { return nil }
        let (product, overflow) = part.multipliedReportingOverflow(by: 100 * CheckNumber.scale)
        guard !overflow else { return nil }
        return product / whole + (product % whole * 2 >= whole ? 1 : 0)
    }

    private static func range(_ part: Int128, _ partStep: Int128, _ whole: Int128, _ step: Int128)
        -> (lower: Int128, upper: Int128)?
    {
        guard let lower = percent(max(0, part - partStep / 2), of: whole + step / 2),
            let upper = percent(part + partStep / 2, of: whole - step / 2)
        else { return nil }
        return (lower, upper)
    }
}

import ReportModel

/// A target or result that is one number with a unit, such as `≥95%` or `100家`.
struct IndicatorValue: Sendable {
    /// How a target bounds the result.
    enum Bound: Hashable, Sendable {
        case atLeast, above, atMost, below, equal, none
    }

    /// The bound; `none` when no sign is printed.
    let bound: Bound
    /// The number.
    let number: CheckNumber
    /// What follows the number.
    let unit: String

    /// Reads a printed value; nil when it is anything but one number with a bound and a unit.
    init?(_ text: String) {
        guard text.utf8.count <= 120 else { return nil }
        var prefix: Scalars = []
        var digits = ""
        var unit: Scalars = []
        for scalar in text.scalarArray where !scalar.isWhiteSpace {
            let isDigit = scalar.isASCII && ("0"..."9" ~= scalar || scalar == ".")
            if isDigit {
                guard unit.isEmpty else { return nil }
                digits.unicodeScalars.append(scalar)
            } else if digits.isEmpty {
                prefix.append(scalar)
            } else {
                unit.append(scalar == "％" ? "%" : scalar)
            }
        }
        guard !digits.isEmpty, !Self.vague.occur(in: prefix), !Self.vague.occur(in: unit) else {
            return nil
        }
        let printedUnit = unit.string
        guard printedUnit.count <= 6, let number = CheckNumber(printed: digits),
            let bound = Self.bound(prefix.string)
        else { return nil }
        self.number = number
        self.unit = printedUnit
        self.bound = bound
    }

    private static let vague: Words = [
        "约", "近", "余", "多", "左右", "以上", "以下", "以内", "至", "-", "~", "—", "/",
    ]

    private static func bound(_ prefix: String) -> Bound? {
        if prefix.isEmpty { return Bound.none }
        // Other words in front of the number say something we do not know.
        return signs.first { prefix.holds($0.0) }?.1
    }

    private static let signs: [(String, Bound)] = [
        ("大于等于", .atLeast), ("小于等于", .atMost), (">=", .atLeast), ("<=", .atMost),
        ("≥", .atLeast), ("≧", .atLeast), ("不低于", .atLeast), ("不少于", .atLeast), ("至少", .atLeast),
        ("≤", .atMost), ("≦", .atMost), ("不超过", .atMost), ("不高于", .atMost), ("不大于", .atMost),
        (">", .above), ("＞", .above), ("大于", .above), ("<", .below), ("＜", .below),
        ("小于", .below), ("=", .equal), ("＝", .equal), ("等于", .equal),
    ]

    /// Whether a result misses this target; nil when that cannot be told.
    /// - Parameters:
    ///   - result: the result.
    ///   - wantsMore: whether more is better when no bound is printed; nil when unknown.
    /// - Returns: nil when units or signs do not allow a comparison.
    func isMissed(by result: IndicatorValue, wantsMore: Bool?) -> Bool? {
        guard unit == result.unit || result.unit.isEmpty,
            result.bound == .none || result.bound == .equal
        else { return nil }
        switch bound {
        case .atLeast: return result.number < number
        case .above:
            return result.number <= number && result.number.scaled != CheckNumber(100).scaled
        case .atMost: return result.number > number
        case .below: return result.number > number
        case .equal: return result.number < number
        case .none: return wantsMore.map { $0 ? result.number < number : result.number > number }
        }
    }
}

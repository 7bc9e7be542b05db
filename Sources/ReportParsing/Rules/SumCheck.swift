/// Whether printed parts add up to a printed total.
///
/// Source: domain description, check rules: with `u` one unit in the last printed place, a sum of
/// *n* parts passes within (n+1)·u/2, is a notice up to 2u further, and contradicts beyond.
struct SumCheck {
    /// What came out.
    enum Outcome: Hashable {
        case passes, notice, contradicts
    }

    /// Outcome for the sum that fits best.
    let outcome: Outcome
    /// That sum, in millionths of a 元.
    let sum: Int128

    /// Compares the total with the plain sum, and with the sum without nested sub-items.
    /// - Parameters:
    ///   - total: the printed total.
    ///   - parts: the printed parts, in reading order.
    ///   - extra: amounts that may or may not belong to the parts.
    init(total: CheckedAmount, parts: [CheckedAmount], optional extra: [CheckedAmount] = []) {
        let parts = Array(parts.prefix(RuleLimits.maximumPartsPerSum))
        let extra = Array(extra.prefix(RuleLimits.maximumPartsPerSum))
        let step = Self.step(of: parts + extra + [total])
        let count = Int128((parts + extra).filter { $0.yuan != 0 }.count)
        let plain = parts.reduce(Int128(0)) { $0 + $1.yuan }
        let more = extra.reduce(Int128(0)) { $0 + $1.yuan }
        let flat = Self.sumWithoutNested(parts)
        let candidates = [flat, plain, plain + more, flat + more]
        let best =
            candidates.min {
                ($0 - total.yuan).magnitude < ($1 - total.yuan).magnitude
            } ?? plain
        let difference = Int128(clamping: (best - total.yuan).magnitude)
        sum = best
        if 2 * difference <= max((count + 1) * step, total.step) {
            outcome = .passes
        } else if 2 * difference <= (count + 5) * step {
            outcome = .notice
        } else {
            outcome = .contradicts
        }
    }

    /// The unit `u` of a group of amounts.
    ///
    /// Reports drop trailing zeros (`4` beside `17.9935` is exact), so that amounts with fewer than
    /// two decimals do not coarsen the unit as long as others show two.
    static func step(of amounts: [CheckedAmount]) -> Int128 {
        let nonzero = amounts.filter { $0.yuan != 0 }
        if Set(nonzero.map(\.factor)).count > 1 { return nonzero.map(\.step).max() ?? 1 }
        let fine = nonzero.filter { $0.places >= 2 }
        return fine.map(\.step).max() ?? nonzero.map(\.step).min() ?? 1
    }

    /// The sum in which an item that equals the items after it counts once.
    private static func sumWithoutNested(_ parts: [CheckedAmount]) -> Int128 {
        var sum: Int128 = 0
        var index = 0
        while index < parts.count {
            let value = parts[index].yuan
            sum += value
            var inner: Int128 = 0
            var next = index + 1
            while next < parts.count, value != 0, inner < value {
                inner += parts[next].yuan
                next += 1
            }
            index = value != 0 && inner == value ? next : index + 1
        }
        return sum
    }
}

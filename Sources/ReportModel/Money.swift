/// An amount of money as printed, with its exact value in 元.
///
/// Source: record schema, row `amounts`.
public struct Money: Hashable, Sendable {
    /// The printed number: ASCII digits, no thousands separators, unsigned unless printed so.
    public let value: String
    /// The printed unit: 元, 千元, 万元, 百万元, 亿元, 万 or 亿.
    public let unit: String
    /// The exact value in 元.
    public let exactYuan: ExactDecimal

    /// The exact value in 元 as a plain decimal without needless zeros.
    public var yuan: String { exactYuan.plainText }

    /// One unit of the last printed place, in 元.
    public let lastPlaceYuan: ExactDecimal

    /// Makes an amount from its printed parts; nil when the number or the unit is not understood.
    /// - Parameters:
    ///   - printed: the number alone; separators, blanks and full-width digits are understood.
    ///   - unit: one of the units of ``powersOfTen``.
    public init?(printed: String, unit: String) {
        guard let power = Self.power(of: unit), let number = ExactDecimal(printed: printed)
        else { return nil }
        self.value = number.text
        self.unit = unit
        self.exactYuan = number.scaled(byPowerOfTen: power)
        self.lastPlaceYuan = number.lastPlace.scaled(byPowerOfTen: power)
    }

    /// The units of money with the power of ten that leads to 元.
    public static let powersOfTen: [(unit: String, power: Int)] = [
        ("百万元", 6), ("千万元", 7), ("亿元", 8), ("万元", 4), ("千元", 3), ("百元", 2), ("元", 0),
        ("亿", 8), ("万", 4),
    ]

    /// The power of ten that leads from a unit to 元.
    /// - Parameter unit: a unit as printed.
    /// - Returns: nil for an unknown unit.
    public static func power(of unit: String) -> Int? {
        // Nearly all money is printed in these two.
        if unit == "万元" { return 4 }
        return unit == "元" ? 0 : powersOfTen.first { $0.unit == unit }?.power
    }
}

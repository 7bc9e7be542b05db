/// An administrative division of China at or above the county level, under one of its names.
///
/// A division that was renamed or got a new code is one value for each name and code, with the years it was valid.
///
/// Source: GB/T 2260.
public struct Division: Hashable, Sendable, CustomStringConvertible {
    /// The level of a division.
    public enum Level: Int, Comparable, Sendable {
        /// 省, 自治区, 直辖市, 特别行政区.
        case province
        /// 地级市, 地区, 自治州, 盟.
        case prefecture
        /// 市辖区, 县, 县级市, 旗 and their like.
        case county

        /// Orders levels from the largest division down.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The code as a number of six digits.
    public let number: Int

    /// The full name, without the names of the divisions above it.
    public let name: String

    /// The code of the division above it, or nil for a province.
    ///
    /// A county whose prefecture is not in the table is directly under its province.
    public let parentNumber: Int?

    /// The first year in which code and name were valid; nil when that was before 2011.
    public let firstYear: Int?

    /// The last year in which code and name were valid; nil when they still are.
    public let lastYear: Int?

    /// The code as six digits.
    public var code: String { String(number) }

    /// The code of the division above it as six digits, or nil for a province.
    public var parentCode: String? { parentNumber.map { String($0) } }

    /// The level, which the code tells.
    public var level: Level {
        if number % 10_000 == 0 { return .province }
        return number % 100 == 0 ? .prefecture : .county
    }

    /// Says whether code and name were valid at some time of a year; nil asks about today.
    public func isValid(in year: Int?) -> Bool {
        guard let year else { return lastYear == nil }
        return (firstYear ?? .min)...(lastYear ?? .max) ~= year
    }

    /// Whether this is one of the four municipalities, which are their own cities.
    public var isMunicipality: Bool {
        switch number {
        case 110_000, 120_000, 310_000, 500_000: true
        default: false
        }
    }

    /// Code and name.
    public var description: String { "\(code) \(name)" }
}

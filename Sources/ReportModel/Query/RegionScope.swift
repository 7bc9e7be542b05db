/// A region at any level, as a condition.
public struct RegionScope: Hashable, Sendable {
    /// Codes from the first to the last of the region; nil without a code.
    private let codes: ClosedRange<UInt32>?
    /// Parts of a path, which stand in order among province, city and district.
    private let names: [[UInt8]]

    /// A province: its full name or its code.
    /// - Parameter province: name or code.
    public init(province: String) {
        let number = province.utf8.count == 6 && province.hasSuffix("0000") ? UInt32(province) : nil
        codes = number.map { Self.codes(of: $0) }
        names = number == nil ? [Array(province.utf8)] : []
    }

    /// Reads a region as typed.
    /// - Parameters:
    ///   - text: a name, a path such as `湛江市/麻章区`, or a code of six digits. A name that several
    ///     regions share stands for all of them.
    ///   - divisions: known divisions.
    /// - Throws: ``ReportError`` `usage` when it is none of these.
    public init(_ text: String, divisions: Divisions = .standard) throws(ReportError) {
        let isShort = text.utf8.count <= KeyLimits.maximumTextByteCount
        let parts = isShort ? KeyPart.split(text).map { KeyPart.clean(String($0)) } : []
        guard !parts.isEmpty, parts.count <= 3, !parts.contains("") else {
            throw ReportError(
                .usage,
                "'\(text.prefix(100))' is no region",
                hint: "write a name, a path such as 湛江市/麻章区, or a code of six digits"
            )
        }
        let joined = parts.joined()
        if let code = divisions.division(code: joined)?.code {
            codes = UInt32(code).map { Self.codes(of: $0) }
            names = []
            return
        }
        let region = divisions.resolve(text)
        // A local zone has its city's code, which stands for more than the zone.
        let code = region.flatMap { $0.isAmbiguous || $0.local ? nil : $0.code }
        codes = code.flatMap { UInt32($0) }.map { Self.codes(of: $0) }
        names = parts.map { Array($0.utf8) }
    }

    private static func codes(of number: UInt32) -> ClosedRange<UInt32> {
        if number % 10_000 == 0 { return number...(number + 9999) }
        if number % 100 == 0 { return number...(number + 99) }
        return number...number
    }

    /// Whether a place lies within.
    /// - Parameters:
    ///   - code: six digits as a number; 0 when it is unknown.
    ///   - levels: province, city and district; empty where there is none.
    /// - Returns: true when the code says so or the names do.
    package func contains<Name: Collection<UInt8>>(code: UInt32, levels: [Name]) -> Bool {
        if let codes, code > 0, codes.contains(code) { return true }
        guard !names.isEmpty else { return false }
        var wanted = names[...]
        for level in levels {
            if let name = wanted.first, name.elementsEqual(level) { wanted.removeFirst() }
        }
        return wanted.isEmpty
    }

    /// Whether a region is this one or lies within it.
    public func contains(_ region: Region) -> Bool {
        contains(
            code: region.local ? 0 : region.code.flatMap { UInt32($0) } ?? 0,
            levels: [region.province, region.city, region.district].map { Array(($0 ?? "").utf8) }
        )
    }
}

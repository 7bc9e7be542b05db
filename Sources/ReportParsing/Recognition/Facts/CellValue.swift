import ReportModel

/// What a cell holds when it holds nothing but a number.
struct CellValue: Sendable {
    /// What follows the number.
    enum Kind: Hashable, Sendable {
        case plain
        case percent
        case money(unit: String)
        case people(unit: String)
        case points
    }

    /// The number as printed, in ASCII without separators.
    var value: String
    /// What follows the number.
    var kind: Kind

    /// Whether the number may be points of a score: it has no unit, or 分.
    var isPoints: Bool { kind == .plain || kind == .points }

    private static let placeholders: Words = [
        "\\", "/", "-", "—", "－", "–", "无", "空", "——", "--", "／", "＼", "─", "―", "N/A", "不适用", "**",
        "×", "*", "-—", "…", "……", "...", "／／", "//", "－－", "－—", "———", "‐", "−", "n/a", "NA",
        "无。", "***", "--—",
    ]

    /// Whether a cell prints nothing or a mark for nothing; 0 is a value.
    static func isEmpty(_ compact: Scalars) -> Bool {
        compact.isEmpty || placeholders.contain(compact)
    }

    /// Reads a cell; nil unless the whole of it is one number with its unit.
    init?(_ compact: Scalars) {
        guard let first = compact.first, compact.count <= 32 else { return nil }
        guard first.digit != nil || first == "-" || first == "+" || first == "¥" else { return nil }
        var end = compact.count
        while end > 0, compact[end - 1].digit == nil { end -= 1 }
        var rest = Array(compact[end...])
        if rest.count > 2, rest.first == "(" || rest.first == "（",
            rest.last == ")" || rest.last == "）"
        {
            rest = Array(rest[1..<(rest.count - 1)])
        }
        let unit = rest.string
        let digits = Array(compact[..<end].drop { $0 == "¥" }).string
        guard let number = ExactDecimal(printed: digits) else { return nil }
        value = number.text
        switch unit {
        case "": kind = .plain
        case "%": kind = .percent
        case "人", "名", "个", "位": kind = .people(unit: unit)
        case "分": kind = .points
        default:
            guard Money.power(of: unit) != nil else { return nil }
            kind = .money(unit: unit)
        }
    }

    /// The percentage, when a spreadsheet holds it as a fraction of one.
    /// - Parameter isSheet: whether the cell comes from a spreadsheet.
    /// - Returns: the number without its sign of per cent; nil for money and people.
    func percent(isSheet: Bool) -> String? {
        switch kind {
        case .percent: return value
        case .plain:
            guard isSheet, let number = ExactDecimal(printed: value),
                number <= ExactDecimal(1), number.places > 0 || number == ExactDecimal(1)
            else { return value }
            return number.scaled(byPowerOfTen: 2).text
        default: return nil
        }
    }
}

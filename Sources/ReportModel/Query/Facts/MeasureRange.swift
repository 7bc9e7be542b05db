/// A condition on a number of a record: between two values, both included.
public struct MeasureRange: Hashable, Sendable {
    /// The number.
    public var measure: Measure
    /// The least value; nil for no lower end.
    public var minimum: ExactDecimal?
    /// The greatest value; nil for no upper end.
    public var maximum: ExactDecimal?

    /// Makes a condition.
    /// - Parameters:
    ///   - measure: the number.
    ///   - minimum: the least value.
    ///   - maximum: the greatest value.
    public init(_ measure: Measure, minimum: ExactDecimal? = nil, maximum: ExactDecimal? = nil) {
        self.measure = measure
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Whether a value lies between the ends.
    public func contains(_ value: ExactDecimal) -> Bool {
        if let minimum, value < minimum { return false }
        if let maximum, maximum < value { return false }
        return true
    }

    /// The ends as typed: `90..100`, `90..`, `..100`.
    public var text: String {
        (minimum?.plainText ?? "") + ".." + (maximum?.plainText ?? "")
    }

    /// Reads the ends as typed.
    /// - Parameters:
    ///   - text: `90..100`, `90..`, `..100`, or one value; money in 元 or with its unit, such as
    ///     `12.5万元..`.
    ///   - measure: the number.
    /// - Throws: ``ReportError`` `usage` that says what is expected.
    public init(argument text: String, of measure: Measure) throws(ReportError) {
        let failure = ReportError(
            .usage,
            "'\(text)' is no range of numbers",
            hint: "write MIN..MAX, MIN.. or ..MAX, such as 80..90"
                + (measure.isMoney ? " or 12.5万元..100万元" : "")
        )
        func value(_ text: Substring) throws(ReportError) -> ExactDecimal? {
            if text.isEmpty { return nil }
            guard let value = Self.value(String(text), isMoney: measure.isMoney) else {
                throw failure
            }
            return value
        }
        guard let dots = Self.dots(text) else {
            guard let value = try value(text[...]) else { throw failure }
            self.init(measure, minimum: value, maximum: value)
            return
        }
        self.init(
            measure,
            minimum: try value(text[..<dots.lowerBound]),
            maximum: try value(text[dots.upperBound...])
        )
        guard minimum != nil || maximum != nil else { throw failure }
        if let minimum, let maximum, maximum < minimum {
            throw ReportError(
                .usage,
                "'\(text)' passes nothing: the first number is the greater one",
                hint: "write \(maximum.plainText)..\(minimum.plainText)"
            )
        }
    }

    private static func dots(_ text: String) -> Range<String.Index>? {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == ".", next < text.endIndex, text[next] == "." {
                return index..<text.index(after: next)
            }
            index = next
        }
        return nil
    }

    /// A number as typed; money may have its unit behind it, a per cent its sign.
    static func value(_ text: String, isMoney: Bool) -> ExactDecimal? {
        let clean = KeyPart.clean(text)
        guard isMoney else {
            return ExactDecimal(printed: clean.hasSuffix("%") ? String(clean.dropLast()) : clean)
        }
        for (unit, _) in Money.powersOfTen where clean.hasSuffix(unit) {
            return Money(printed: String(clean.dropLast(unit.count)), unit: unit)?.exactYuan
        }
        return ExactDecimal(printed: clean)
    }
}

extension MeasureRange {
    /// Options that carry conditions.
    static let options = ["score", "rate", "budget", "executed", "amount", "staff"]

    /// Reads one of ``options``: conditions separated by commas.
    /// - Parameters:
    ///   - text: `80..90`, `share:..5`, `executed-total:1000..,budget-total:..12.5万元`.
    ///   - option: name of the option.
    /// - Returns: the conditions.
    /// - Throws: ``ReportError`` `usage`.
    static func list(_ text: String, option: String) throws(ReportError) -> [MeasureRange] {
        var ranges: [MeasureRange] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let colon = piece.firstIndex(of: ":")
            let role = colon.map { String(piece[..<$0]) }
            let ends = String(colon.map { piece[piece.index(after: $0)...] } ?? piece)
            ranges.append(
                try MeasureRange(argument: ends, of: try measure(option: option, role: role))
            )
        }
        return ranges
    }

    private static func measure(option: String, role: String?) throws(ReportError) -> Measure {
        switch (option, role) {
        case ("score", nil): return .score
        case ("rate", nil): return .executionRate
        case ("budget", nil): return .budget
        case ("executed", nil): return .executed
        case ("amount", nil), ("staff", nil):
            throw ReportError(.usage, "\(option) needs a role, such as \(option):ROLE:MIN..MAX")
        default: return try Measure(argument: "\(option):\(role ?? "")")
        }
    }

    /// Name of the option that carries the condition, and the condition as it stands there.
    var option: (name: String, text: String)? {
        switch measure {
        case .score: ("score", text)
        case .executionRate: ("rate", text)
        case .budget: ("budget", text)
        case .executed: ("executed", text)
        case .amount(let role): ("amount", role + ":" + text)
        case .rate(let role): ("rate", role + ":" + text)
        case .staff(let role): ("staff", role + ":" + text)
        case .indicators, .problems, .findings: nil
        }
    }
}

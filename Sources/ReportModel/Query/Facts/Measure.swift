/// A number of a record that can be counted, compared and added up.
///
/// Source: docs/queries.md section 2.
public enum Measure: Hashable, Sendable {
    /// The record's total score.
    case score
    /// The record's execution rate in per cent.
    case executionRate
    /// What the unit, or the project of a report on projects, might spend, in 元: the first of
    /// ``RecordNumbers/budgetRoles``.
    case budget
    /// What it spent, in 元: the first of ``RecordNumbers/executedRoles``.
    case executed
    /// The amount that stands for a role, in 元.
    case amount(String)
    /// The rate that stands for a role, in per cent.
    case rate(String)
    /// The number of staff that stands for a role.
    case staff(String)
    /// Number of indicator rows.
    case indicators
    /// Number of problems.
    case problems
    /// Number of findings; of one severity when it is given.
    case findings(Severity?)

    /// What is shown when nothing is asked.
    public static let standard: [Measure] = [
        .score, .executionRate, .budget, .executed, .amount("three-public-total"),
    ]

    /// The name of the stored number; nil for counts, which every record has.
    public var storedName: String? {
        switch self {
        case .indicators, .problems, .findings: nil
        default: description
        }
    }

    /// Whether the number is money in 元.
    public var isMoney: Bool {
        switch self {
        case .budget, .executed, .amount: true
        default: false
        }
    }

    /// Decimal places of a mean.
    public var meanPlaces: Int {
        isMoney ? QueryLimits.moneyMeanPlaces : QueryLimits.meanPlaces
    }
}

extension Measure: LosslessStringConvertible {
    /// The measure as typed: `score`, `rate`, `amount:executed-total`, `findings:high`.
    public var description: String {
        switch self {
        case .score: "score"
        case .executionRate: "rate"
        case .budget: "budget"
        case .executed: "executed"
        case .amount(let role): "amount:" + role
        case .rate(let role): "rate:" + role
        case .staff(let role): "staff:" + role
        case .indicators: "indicators"
        case .problems: "problems"
        case .findings(nil): "findings"
        case .findings(let severity?): "findings:" + severity.rawValue
        }
    }

    /// Reads a measure as typed; nil when it is none.
    public init?(_ description: String) {
        let pieces = description.split(separator: ":", maxSplits: 1).map(String.init)
        guard let word = pieces.first else { return nil }
        guard pieces.count == 2 else {
            switch description {
            case "score": self = .score
            case "rate": self = .executionRate
            case "budget": self = .budget
            case "executed": self = .executed
            case "indicators": self = .indicators
            case "problems": self = .problems
            case "findings": self = .findings(nil)
            default: return nil
            }
            return
        }
        let role = pieces[1]
        if word == "findings" {
            guard let severity = Severity(rawValue: role) else { return nil }
            self = .findings(severity)
            return
        }
        guard Self.isRole(role) else { return nil }
        switch word {
        case "amount": self = .amount(role)
        case "rate": self = .rate(role)
        case "staff": self = .staff(role)
        default: return nil
        }
    }

    /// Reads a measure as typed.
    /// - Parameter text: `score`, `amount:executed-total` …
    /// - Throws: ``ReportError`` `usage` that says what is expected.
    public init(argument text: String) throws(ReportError) {
        guard let measure = Measure(text) else {
            throw ReportError(
                .usage,
                "'\(text)' is nothing that can be counted",
                hint: "one of score, rate, budget, executed, amount:ROLE, rate:ROLE, staff:ROLE,"
                    + " indicators, problems, findings, findings:SEVERITY"
            )
        }
        self = measure
    }

    /// Whether a text can be a role: lower-case letters, digits and hyphens.
    static func isRole(_ text: String) -> Bool {
        (1...QueryLimits.maximumRoleByteCount).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
            }
    }
}

extension Measure {
    /// Reads a list of measures separated by commas.
    /// - Parameter text: such as `score,amount:executed-total`; nil for what is shown when nothing is
    ///   asked.
    /// - Returns: at least one measure, none twice.
    /// - Throws: ``ReportError`` `usage`.
    static func list(_ text: String?) throws(ReportError) -> [Measure] {
        guard let text else { return standard }
        var measures: [Measure] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let measure = try Measure(argument: String(piece))
            if !measures.contains(measure) { measures.append(measure) }
        }
        guard measures.count <= QueryLimits.maximumMeasureCount else {
            throw ReportError(
                .usage,
                "at most \(QueryLimits.maximumMeasureCount) measures can be asked for"
            )
        }
        return measures
    }

    /// The option that ``list(_:)`` reads back; nil for what is shown when nothing is asked.
    static func text(_ measures: [Measure]) -> String? {
        measures == standard ? nil : measures.map(\.description).joined(separator: ",")
    }
}

/// The numbers of a record that stand for a role each, with a few counts.
///
/// When a record has several amounts, rates or counts of staff of one role, the first stands for it
/// by this order: exact before approximate; of the whole unit before those of one project; of the
/// evaluated year before those of another; in a part of the record's kind before other parts; a cell of a table before
/// prose; the place in the document.
///
/// Source: docs/queries.md section 2.
public struct RecordNumbers: Hashable, Sendable {
    /// Numbers by name: `score`, `rate`, `budget`, `executed`, `amount:ROLE` in 元, `rate:ROLE`, `staff:ROLE`.
    public private(set) var values: [String: ExactDecimal] = [:]
    /// Number of indicator rows.
    public private(set) var indicatorCount = 0
    /// Number of problems.
    public private(set) var problemCount = 0

    /// Roles of amounts that stand for what might be spent, in this order; the first list is for
    /// reports on projects.
    public static let budgetRoles = (
        project: ["budget-project-total", "budget-project", "budget-initial-project"] + unitBudget,
        unit: unitBudget
    )

    private static let unitBudget = [
        "budget-total", "budget-expenditure-total", "budget-expenditure", "budget",
        "budget-income-total", "budget-initial-total", "budget-initial-expenditure-total",
        "budget-initial-expenditure", "budget-initial", "budget-initial-income-total",
    ]

    /// Roles of amounts that stand for what was spent, in this order; the first list is for reports
    /// on projects.
    public static let executedRoles = (
        project: ["executed-project-total", "executed-project"] + unitExecuted,
        unit: unitExecuted
    )

    private static let unitExecuted = [
        "executed-total", "executed-expenditure-total", "executed-expenditure",
        "final-expenditure-total", "final-grand-total", "executed",
    ]

    /// Numbers of a record that has none.
    public init() {}

    /// Takes the numbers from a record in memory.
    /// - Parameter record: the record.
    public init(_ record: Record) {
        var choice = Choice(
            year: record.year,
            kind: record.kind,
            partKinds: record.parts.map(\.kind.rawValue)
        )
        for amount in record.amounts {
            choice.add(
                .amounts,
                amount.role,
                amount.yuan,
                Candidate(
                    part: amount.part,
                    quote: amount.place.quote,
                    isApproximate: amount.approximate,
                    isOfProject: amount.project != nil,
                    year: amount.year,
                    isFall: amount.direction == "down"
                )
            )
        }
        for rate in record.rates {
            let candidate = Candidate(
                part: rate.part,
                quote: rate.place.quote,
                isFall: rate.direction == "down"
            )
            choice.add(.rates, rate.role, rate.percent, candidate)
        }
        for staff in record.staffing {
            let candidate = Candidate(part: staff.part, quote: staff.place.quote)
            choice.add(.staffing, staff.role, staff.count, candidate)
        }
        take(choice, score: record.score, rate: record.executionRate)
        indicatorCount = record.indicators.count
        problemCount = record.problems.count
    }

    /// Takes the numbers from the JSON of a record; what has another form than a record is passed over.
    /// - Parameter json: the object of a record.
    public init(json: JSONValue) {
        var choice = Choice(
            year: json["year"]?.integerValue,
            kind: json["kind"]?.stringValue ?? "",
            partKinds: json["parts"]?.arrayValue?.map { $0["kind"]?.stringValue ?? "" } ?? []
        )
        for list in RoleList.allCases {
            for element in json[list.rawValue]?.arrayValue ?? [] {
                guard let role = element["role"]?.stringValue,
                    let text = element[list.valueName]?.stringValue
                else { continue }
                choice.add(
                    list,
                    role,
                    text,
                    Candidate(
                        part: element["part"]?.integerValue ?? 0,
                        quote: element["place"]?["quote"]?.stringValue ?? "",
                        isApproximate: element["approximate"]?.boolValue ?? false,
                        isOfProject: element["project"]?.stringValue != nil,
                        year: element["year"]?.integerValue,
                        isFall: element["direction"]?.stringValue == "down"
                    )
                )
            }
        }
        take(
            choice,
            score: json["score"]?.stringValue,
            rate: json["executionRate"]?.stringValue
        )
        indicatorCount = json["indicators"]?.arrayValue?.count ?? 0
        problemCount = json["problems"]?.arrayValue?.count ?? 0
    }

    private mutating func take(_ choice: Choice, score: String?, rate: String?) {
        values = choice.values
        values["score"] = score.flatMap { ExactDecimal(printed: $0) }
        values["rate"] = rate.flatMap { ExactDecimal(printed: $0) }
        let isProject = choice.word == "项目支出"
        func first(_ roles: (project: [String], unit: [String])) -> ExactDecimal? {
            (isProject ? roles.project : roles.unit).lazy
                .compactMap { choice.amounts[$0]?.value }.first
        }
        values["budget"] = first(Self.budgetRoles)
        values["executed"] = first(Self.executedRoles)
    }

    /// The value of a measure; nil when the record has none.
    ///
    /// Findings are not among the numbers.
    public func value(_ measure: Measure) -> ExactDecimal? {
        switch measure {
        case .indicators: ExactDecimal(indicatorCount)
        case .problems: ExactDecimal(problemCount)
        default: measure.storedName.flatMap { values[$0] }
        }
    }
}

/// One of several numbers of a role.
private struct Candidate {
    var part: Int
    var quote: String
    var isApproximate = false
    var isOfProject = false
    var year: Int?
    var isFall = false
}

/// A list of a record whose elements have roles.
private enum RoleList: String, CaseIterable {
    case amounts
    case rates
    case staffing

    /// The member with the number.
    var valueName: String {
        switch self {
        case .amounts: "yuan"
        case .rates: "percent"
        case .staffing: "count"
        }
    }

    /// What stands before a role in the names of numbers.
    var prefix: String {
        switch self {
        case .amounts: "amount:"
        case .rates: "rate:"
        case .staffing: "staff:"
        }
    }
}

/// Keeps the first number of each role.
private struct Choice {
    typealias Ranked = (rank: Int, value: ExactDecimal)

    let year: Int?
    /// Reserved word of the record's kind.
    let word: String
    /// Which parts of the record are of its kind.
    let leading: [Bool]
    var amounts: [String: Ranked] = [:]
    var rates: [String: Ranked] = [:]
    var staffing: [String: Ranked] = [:]

    init(year: Int?, kind: String, partKinds: [String]) {
        self.year = year
        let word = String(kind.prefix { $0 != "/" })
        self.word = word
        leading = partKinds.map { PartKind(rawValue: $0)?.kindWord == word }
    }

    /// Numbers by list and role.
    var values: [String: ExactDecimal] {
        var values: [String: ExactDecimal] = [:]
        values.reserveCapacity(amounts.count + rates.count + staffing.count + 4)
        for (list, best) in [
            (RoleList.amounts, amounts), (.rates, rates), (.staffing, staffing),
        ] {
            for (role, ranked) in best { values[list.prefix + role] = ranked.value }
        }
        return values
    }

    mutating func add(_ list: RoleList, _ role: String, _ text: String, _ candidate: Candidate) {
        guard role.utf8.count <= QueryLimits.maximumRoleByteCount else { return }
        let rank = rank(candidate)
        switch list {
        case .amounts: Self.add(to: &amounts, role, text, candidate, rank: rank)
        case .rates: Self.add(to: &rates, role, text, candidate, rank: rank)
        case .staffing: Self.add(to: &staffing, role, text, candidate, rank: rank)
        }
    }

    /// The order of a candidate, but for its quotation.
    private func rank(_ candidate: Candidate) -> Int {
        var rank = 0
        if candidate.isApproximate { rank += 16 }
        if candidate.isOfProject { rank += 8 }
        if let year, let other = candidate.year, other != year { rank += 4 }
        if !leading.indices.contains(candidate.part) || !leading[candidate.part] { rank += 2 }
        return rank
    }

    private static func add(
        to best: inout [String: Ranked],
        _ role: String,
        _ text: String,
        _ candidate: Candidate,
        rank: Int
    ) {
        // What cannot win is told before its quotation and its digits are looked at.
        let held = best[role]?.rank
        if let held, held <= rank { return }
        let rank = rank + (isCell(candidate.quote) ? 0 : 1)
        if let held, held <= rank { return }
        guard let value = ExactDecimal(printed: text) else { return }
        best[role] = (rank, candidate.isFall ? ExactDecimal.zero - value : value)
    }

    /// Whether a quotation is a bare number, as a cell of a table holds it.
    private static func isCell(_ quote: String) -> Bool {
        quote.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "0"..."9", "\u{FF10}"..."\u{FF19}", ".", ",", "%", "-", " ", "\u{FF0C}",
                "\u{FF0E}", "\u{FF05}":
                true
            default: false
            }
        }
    }
}

extension PartKind {
    /// The word of a key for reports of this kind.
    ///
    /// Source: record schema, the record's `kind` when there are several parts.
    public var kindWord: String {
        switch self {
        case .overallSelfEvaluationReport, .overallEvaluationReport, .overallSelfEvaluationTable:
            "整体支出"
        case .projectSelfEvaluationTable, .projectSelfEvaluationReport: "项目支出"
        case .finalAccountExplanation: "部门决算"
        case .baseDataTable: "基础数据"
        case .threePublicExplanation: "三公经费"
        case .other: "其他"
        }
    }
}

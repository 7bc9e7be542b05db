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
    public var values: [String: ExactDecimal] {
        Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.value) })
    }
    /// The same one by one, each name once, as the record has them.
    package private(set) var named: [NamedNumber] = []
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
    public init(_ record: Record) { self.init(RecordOutline(record)) }

    /// Takes the numbers from what was read of a record.
    /// - Parameter outline: the outline.
    package init(_ outline: RecordOutline) {
        let record = outline.record
        var choice = Choice(
            year: record.year,
            kind: record.kind,
            partKinds: record.parts.map(\.kind.rawValue)
        )
        // By index, since a copy of an element would count references to each of its texts.
        for index in record.amounts.indices {
            choice.add(
                .amounts,
                record.amounts[index].role,
                record.amounts[index].yuan,
                Candidate(
                    part: record.amounts[index].part,
                    quote: record.amounts[index].place.quote,
                    isApproximate: record.amounts[index].approximate,
                    isOfProject: record.amounts[index].project != nil,
                    year: record.amounts[index].year,
                    isFall: record.amounts[index].direction == "down"
                )
            )
        }
        for index in record.rates.indices {
            let candidate = Candidate(
                part: record.rates[index].part,
                quote: record.rates[index].place.quote,
                isFall: record.rates[index].direction == "down"
            )
            choice.add(.rates, record.rates[index].role, record.rates[index].percent, candidate)
        }
        for index in record.staffing.indices {
            let candidate = Candidate(
                part: record.staffing[index].part,
                quote: record.staffing[index].place.quote
            )
            let role = record.staffing[index].role
            choice.add(.staffing, role, record.staffing[index].count, candidate)
        }
        take(choice, score: record.score, rate: record.executionRate)
        indicatorCount = outline.indicatorCount
        problemCount = outline.problemCount
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
        named.reserveCapacity(choice.count + 4)
        func add(_ list: RoleList, _ best: BestNumbers) {
            for entry in best.entries {
                named.append(NamedNumber(list: list, role: entry.role, value: entry.value))
            }
        }
        func add(_ name: String, _ value: ExactDecimal?) {
            if let value { named.append(NamedNumber(role: name, value: value)) }
        }
        add(.amounts, choice.amounts)
        add(.rates, choice.rates)
        add(.staffing, choice.staffing)
        add("score", score.flatMap { ExactDecimal(printed: $0) })
        add("rate", rate.flatMap { ExactDecimal(printed: $0) })
        let isProject = choice.word == "项目支出"
        let budget = isProject ? Self.budgetRanks.project : Self.budgetRanks.unit
        let executed = isProject ? Self.executedRanks.project : Self.executedRanks.unit
        add("budget", choice.amounts.leading(budget))
        add("executed", choice.amounts.leading(executed))
    }

    private typealias Ranks = (project: [String: Int], unit: [String: Int])
    private static let budgetRanks = ranks(budgetRoles)
    private static let executedRanks = ranks(executedRoles)

    private static func ranks(_ roles: (project: [String], unit: [String])) -> Ranks {
        func ranks(_ roles: [String]) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: zip(roles, roles.indices))
        }
        return (ranks(roles.project), ranks(roles.unit))
    }

    /// The value of a measure; nil when the record has none.
    ///
    /// Findings are not among the numbers.
    public func value(_ measure: Measure) -> ExactDecimal? {
        switch measure {
        case .indicators: ExactDecimal(indicatorCount)
        case .problems: ExactDecimal(problemCount)
        default: measure.storedName.flatMap { name in named.first { $0.name == name }?.value }
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

/// Keeps the first number of each role.
private struct Choice {
    let year: Int?
    /// Reserved word of the record's kind.
    let word: String
    /// Which parts of the record are of its kind.
    let leading: [Bool]
    var amounts = BestNumbers()
    var rates = BestNumbers()
    var staffing = BestNumbers()

    init(year: Int?, kind: String, partKinds: [String]) {
        self.year = year
        let word = String(kind.prefix { $0 != "/" })
        self.word = word
        leading = partKinds.map { PartKind(rawValue: $0)?.kindWord == word }
    }

    /// Number of roles.
    var count: Int { amounts.entries.count + rates.entries.count + staffing.entries.count }

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
        to best: inout BestNumbers,
        _ role: String,
        _ text: String,
        _ candidate: Candidate,
        rank: Int
    ) {
        // What cannot win is told before its quotation and its digits are looked at.
        let place = best.place(of: role)
        let held = place.map { best.entries[$0].rank }
        if let held, held <= rank { return }
        let rank = rank + (isCell(candidate.quote) ? 0 : 1)
        if let held, held <= rank { return }
        guard let value = ExactDecimal(printed: text) else { return }
        let number = candidate.isFall ? ExactDecimal.zero - value : value
        best.put(role, at: place, rank: rank, value: number)
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

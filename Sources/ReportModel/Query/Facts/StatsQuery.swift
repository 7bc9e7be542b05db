/// Figures over many records: count, sum, mean, minimum and maximum.
///
/// Source: docs/queries.md section 3.
public struct StatsQuery: QueryForm {
    /// What records are put together by.
    public enum Grouping: String, Hashable, Sendable, CaseIterable {
        case year
        case city
        case district
        case unit
        case kind
    }

    /// Numbers asked for.
    public var measures: [Measure]
    /// What records are put together by, in this order; one group when it is empty.
    public var groupings: [Grouping]
    /// Which records; `limit` and `after` mean nothing.
    public var filter: ListFilter
    /// Whether retracted records count.
    public var includesRetracted: Bool
    /// Whether （汇总） records count beside those of single units.
    public var includesConsolidated: Bool
    /// Which moment.
    public var moment: Moment

    /// Makes a question.
    /// - Parameters:
    ///   - measures: numbers asked for.
    ///   - groupings: what records are put together by.
    ///   - filter: which records.
    ///   - includesRetracted: whether retracted records count.
    ///   - includesConsolidated: whether （汇总） records count beside those of single units.
    ///   - moment: which moment.
    public init(
        _ measures: [Measure] = Measure.standard,
        by groupings: [Grouping] = [],
        filter: ListFilter = ListFilter(),
        includesRetracted: Bool = false,
        includesConsolidated: Bool = false,
        at moment: Moment = .now
    ) {
        self.measures = measures
        self.groupings = groupings
        self.filter = filter
        self.includesRetracted = includesRetracted
        self.includesConsolidated = includesConsolidated
        self.moment = moment
    }

    /// The arguments as `HELP` prints them.
    public static let usage =
        ListFilter.conditionUsage + " [of=MEASURE,…] [by=year,city,district,unit,kind]"
        + " [retracted=1] [consolidated=1] [as-of=T] [known-here=T]"

    /// Takes measures, groupings, conditions and moment.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        filter = try ListFilter(taking: &arguments)
        measures = try Measure.list(arguments.text("of"))
        groupings = []
        for word in arguments.text("by")?.split(separator: ",") ?? [] {
            guard let grouping = Grouping(rawValue: String(word)) else {
                let words = Grouping.allCases.map(\.rawValue).joined(separator: ", ")
                throw ReportError(.usage, "by must be some of \(words)")
            }
            if !groupings.contains(grouping) { groupings.append(grouping) }
        }
        includesRetracted = try arguments.flag("retracted")
        includesConsolidated = try arguments.flag("consolidated")
        moment = try arguments.moment()
    }

    /// The arguments that ``init(taking:)`` reads back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments()
        filter.write(to: &arguments)
        arguments.set("of", Measure.text(measures))
        if !groupings.isEmpty {
            arguments.set("by", groupings.map(\.rawValue).joined(separator: ","))
        }
        if includesRetracted { arguments.set("retracted", "1") }
        if includesConsolidated { arguments.set("consolidated", "1") }
        arguments.set(moment)
        return arguments
    }
}

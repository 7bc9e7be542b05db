/// One unit over the years.
///
/// Source: docs/queries.md section 4.
public struct TrendQuery: QueryForm {
    /// The unit: parts of a key as in a lookup but without a year, perhaps with a kind.
    public var unit: String
    /// Other names of the unit, which are looked for in place of its own: `人社局`, or
    /// `人社局@1900..2018` with the evaluated years in which it is the unit's.
    public var otherNames: [String]
    /// Numbers asked for.
    public var measures: [Measure]
    /// Kind of the record or of one of its parts; nil for any.
    public var kind: String?
    /// Evaluated years; nil for all.
    public var years: ClosedRange<Int>?
    /// Whether retracted records count.
    public var includesRetracted: Bool
    /// Which moment.
    public var moment: Moment

    /// Makes a question.
    /// - Parameters:
    ///   - unit: such as `湛江市/麻章区/总工会`; a year in front of it is left out.
    ///   - otherNames: other names of the unit.
    ///   - measures: numbers asked for.
    ///   - kind: kind of the record or of one of its parts.
    ///   - years: evaluated years.
    ///   - includesRetracted: whether retracted records count.
    ///   - moment: which moment.
    /// - Throws: ``ReportError`` `usage` when the unit cannot be part of a lookup.
    public init(
        _ unit: String,
        otherNames: [String] = [],
        measures: [Measure] = Measure.standard,
        kind: String? = nil,
        years: ClosedRange<Int>? = nil,
        includesRetracted: Bool = false,
        at moment: Moment = .now
    ) throws(ReportError) {
        if let lookup = try? Lookup(parsing: unit) {
            guard !lookup.parts.isEmpty else {
                throw ReportError(.usage, "a unit is missing, such as 湛江市/麻章区/总工会")
            }
            self.unit = lookup.parts.joined(separator: "/")
        } else {
            let lookup = try Lookup(argument: "\(KeyLimits.years.lowerBound)/\(unit)")
            self.unit = lookup.parts.joined(separator: "/")
        }
        guard otherNames.count <= QueryLimits.maximumOtherNameCount else {
            throw ReportError(
                .usage,
                "at most \(QueryLimits.maximumOtherNameCount) other names can be given"
            )
        }
        var names: [String] = []
        for text in otherNames {
            guard let name = OtherName(text) else {
                throw ReportError(
                    .usage,
                    "'\(text)' is no other name",
                    hint: "write 人社局 or 人社局@2010..2018"
                )
            }
            names.append(name.description)
        }
        self.otherNames = names
        self.measures = measures
        self.kind = kind
        self.years = years
        self.includesRetracted = includesRetracted
        self.moment = moment
    }

    /// The arguments as `HELP` prints them.
    public static let usage =
        "<unit> [also=NAME[@Y..Z][/NAME…]] [of=MEASURE,…] [kind=K] [year=Y[..Z]] [retracted=1]"
        + " [as-of=T] [known-here=T]"

    /// Takes unit, measures and conditions.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        try self.init(
            try arguments.required("a unit, such as 湛江市/麻章区/总工会,"),
            otherNames: arguments.text("also")?.split(separator: "/").map(String.init) ?? [],
            measures: try Measure.list(arguments.text("of")),
            kind: try arguments.kind("kind"),
            years: try arguments.years("year"),
            includesRetracted: try arguments.flag("retracted"),
            at: try arguments.moment()
        )
    }

    /// The arguments that ``init(taking:)`` reads back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments(positional: [unit])
        arguments.set("also", otherNames.isEmpty ? nil : otherNames.joined(separator: "/"))
        arguments.set("of", Measure.text(measures))
        arguments.set("kind", kind)
        arguments.set("year", years.map { "\($0.lowerBound)..\($0.upperBound)" })
        if includesRetracted { arguments.set("retracted", "1") }
        arguments.set(moment)
        return arguments
    }

    /// Lookups of one year: the unit by its own name and by each other one.
    /// - Parameter year: the year.
    /// - Returns: the lookups; those that are none are left out.
    public func lookups(in year: Int) -> [Lookup] {
        let parts = unit.split(separator: "/").map(String.init)
        let last =
            (parts.firstIndex { ReportKind(word: $0) != nil }).map { max(0, $0 - 1) }
            ?? parts.count - 1
        let others = otherNames.compactMap { OtherName($0) }.filter { $0.years.contains(year) }
        let names = [parts.indices.contains(last) ? parts[last] : ""] + others.map(\.name)
        return names.compactMap { name in
            var named = parts
            if named.indices.contains(last) { named[last] = name }
            return try? Lookup(parsing: "\(year)/" + named.joined(separator: "/"))
        }
    }
}

extension TrendQuery {
    /// Whether a unit part of a key is one of the other names in a year.
    /// - Parameters:
    ///   - name: unit part of a key.
    ///   - year: evaluated year.
    /// - Returns: true when it is.
    public func isOtherName(_ name: String, in year: Int) -> Bool {
        otherNames.compactMap { OtherName($0) }
            .contains { $0.name == name && $0.years.contains(year) }
    }
}

/// Another name of a unit with its years.
private struct OtherName: CustomStringConvertible {
    var name: String
    var years: ClosedRange<Int>

    init?(_ text: String) {
        let pieces = text.split(
            separator: "@",
            maxSplits: 1,
            omittingEmptySubsequences: false
        ).map(String.init)
        guard let first = pieces.first, text.utf8.count <= KeyLimits.maximumTextByteCount else {
            return nil
        }
        name = KeyPart.clean(first)
        guard !name.isEmpty, !name.contains("/") else { return nil }
        guard pieces.count == 2 else {
            years = KeyLimits.years
            return
        }
        guard let years = KeyLimits.years(in: pieces[1]) else { return nil }
        self.years = years
    }

    var description: String {
        years == KeyLimits.years ? name : "\(name)@\(years.lowerBound)..\(years.upperBound)"
    }
}

/// The answer to a ``TrendQuery``.
public struct TrendAnswer: Sendable {
    /// A record of the unit.
    public struct Item: Sendable {
        /// Its key.
        public var key: ReportKey
        /// Its status.
        public var status: VersionStatus
        /// Values in the order of the measures; nil where it has none.
        public var values: [ExactDecimal?]

        /// Makes a record.
        /// - Parameters:
        ///   - key: its key.
        ///   - status: its status.
        ///   - values: values in the order of the measures.
        public init(key: ReportKey, status: VersionStatus, values: [ExactDecimal?]) {
            self.key = key
            self.status = status
            self.values = values
        }
    }

    /// What was asked.
    public var query: TrendQuery
    /// Records of the unit.
    public var items: [Item]

    /// Makes an answer.
    /// - Parameters:
    ///   - query: what was asked.
    ///   - items: records of the unit, in any order.
    public init(_ query: TrendQuery, items: [Item]) {
        self.query = query
        self.items = items.sorted { left, right in
            (left.key.year, Self.rank(left.key), left.key.text)
                < (right.key.year, Self.rank(right.key), right.key.text)
        }
    }

    private static func rank(_ key: ReportKey) -> Int {
        ReportKind.reservedWords.firstIndex(of: key.kind.word) ?? ReportKind.reservedWords.count
    }

    /// The object of docs/protocol.md section 3.14.
    public var json: JSONValue {
        var rows: [JSONValue] = []
        var last: [(year: Int, value: ExactDecimal)?] = query.measures.map { _ in nil }
        for year in Set(items.map(\.key.year)).sorted() {
            let held = items.filter { $0.key.year == year }
            var values: [String: JSONValue] = [:]
            for (index, measure) in query.measures.enumerated() {
                // The first record that has the number: 整体支出 before 部门决算 before 项目支出 …
                guard let item = held.first(where: { $0.values[index] != nil }),
                    let value = item.values[index]
                else {
                    values[measure.description] = .null
                    continue
                }
                values[measure.description] = Self.json(value, of: item, since: last[index])
                last[index] = (year, value)
            }
            rows.append([
                "year": .integer(year),
                "records": .array(
                    held.map { item in
                        [
                            "key": .string(item.key.text), "kind": .string(item.key.kind.text),
                            "status": .string(item.status.rawValue),
                        ]
                    }
                ),
                "values": .object(values),
            ])
        }
        let newest = items.last?.key
        return [
            "unit": [
                "city": .optional(newest?.city), "district": .optional(newest?.district),
                "unit": .optional(newest?.unit),
            ],
            "of": .strings(query.measures.map(\.description)), "rows": .array(rows),
        ]
    }

    private static func json(
        _ value: ExactDecimal,
        of item: Item,
        since last: (year: Int, value: ExactDecimal)?
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "value": .string(value.plainText), "key": .string(item.key.text), "since": nil,
            "difference": nil, "percent": nil,
        ]
        if let last {
            let difference = value - last.value
            members["since"] = .integer(last.year)
            members["difference"] = .string(difference.plainText)
            members["percent"] = .optional(difference.percent(of: last.value)?.plainText)
        }
        return .object(members)
    }
}

extension ExactDecimal {
    /// This number in per cent of the size of another, with two decimal places; nil for a share of
    /// zero.
    func percent(of base: ExactDecimal) -> ExactDecimal? {
        scaled(byPowerOfTen: 2).ratio(to: base.magnitude, places: QueryLimits.percentPlaces)
    }
}

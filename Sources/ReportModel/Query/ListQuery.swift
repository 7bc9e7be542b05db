/// What `list` shows: every condition given must hold.
public struct ListFilter: Hashable, Sendable {
    /// Most rows of one page.
    public static let maximumLimit = 1000

    /// A lookup; all its hits of the first stage that has one.
    public var lookup: Lookup?
    /// Full name, or code, of a province.
    public var province: String?
    /// City part of the key.
    public var city: String?
    /// District part of the key.
    public var district: String?
    /// Unit part of the key, or the unit's name as printed; behind `~`, a text that one of them contains.
    public var unit: String?
    /// Kind of the record or of one of its parts.
    public var kind: String?
    /// Status.
    public var status: VersionStatus?
    /// Recorded at or after this time.
    public var since: Timestamp?
    /// Most rows; at most ``maximumLimit``.
    public var limit: Int
    /// Continue after this key.
    public var after: String?
    /// Evaluated years.
    public var years: ClosedRange<Int>?
    /// A region at any level: a name, a path such as `湛江市/麻章区`, or a code.
    public var region: String?
    /// Arrived at this node at or after this time.
    public var receivedSince: Timestamp?
    /// Has a finding of this severity or a graver one.
    public var findings: Severity?
    /// Conditions on numbers.
    public var ranges: [MeasureRange]

    /// Makes a filter; without arguments it lets everything pass.
    public init(
        lookup: Lookup? = nil,
        province: String? = nil,
        city: String? = nil,
        district: String? = nil,
        unit: String? = nil,
        kind: String? = nil,
        status: VersionStatus? = nil,
        since: Timestamp? = nil,
        limit: Int = QueryLimits.defaultListCount,
        after: String? = nil,
        years: ClosedRange<Int>? = nil,
        region: String? = nil,
        receivedSince: Timestamp? = nil,
        findings: Severity? = nil,
        ranges: [MeasureRange] = []
    ) {
        self.lookup = lookup
        self.province = province
        self.city = city
        self.district = district
        self.unit = unit
        self.kind = kind
        self.status = status
        self.since = since
        self.limit = limit
        self.after = after
        self.years = years
        self.region = region
        self.receivedSince = receivedSince
        self.findings = findings
        self.ranges = ranges
    }
}

extension ListFilter {
    /// The conditions as `HELP` prints them.
    static let conditionUsage =
        "[<lookup>] [year=Y[..Z]] [region=R] [province=P] [city=C] [district=D] [unit=U] [kind=K]"
        + " [status=S] [since=T] [received-since=T] [findings=SEVERITY] [score=A..B] [rate=A..B]"
        + " [budget=A..B] [executed=A..B] [amount=ROLE:A..B] [staff=ROLE:A..B]"

    /// Takes the conditions, but no limit and no place to continue at.
    /// - Parameters:
    ///   - arguments: arguments of a question.
    ///   - takesLookup: whether the first argument without a name is a lookup.
    /// - Throws: ``ReportError`` `usage` that names what is not understood.
    init(
        taking arguments: inout QueryArguments,
        takesLookup: Bool = true
    ) throws(ReportError) {
        self.init()
        if takesLookup { lookup = try arguments.lookup() }
        province = arguments.text("province").map { KeyPart.clean($0) }
        city = arguments.text("city").map { KeyPart.clean($0) }
        district = arguments.text("district").map { KeyPart.clean($0) }
        unit = arguments.text("unit").map { KeyPart.clean($0) }
        kind = try arguments.kind("kind")
        status = try arguments.word("status")
        since = try arguments.time("since", bareDate: .beginning)
        years = try arguments.years("year")
        region = arguments.text("region")
        receivedSince = try arguments.time("received-since", bareDate: .beginning)
        findings = try arguments.word("findings")
        for option in MeasureRange.options {
            guard let text = arguments.text(option) else { continue }
            ranges += try MeasureRange.list(text, option: option)
        }
        guard ranges.count <= QueryLimits.maximumRangeCount else {
            throw ReportError(
                .usage,
                "at most \(QueryLimits.maximumRangeCount) conditions on numbers can be given"
            )
        }
    }

    /// Writes the conditions.
    func write(to arguments: inout QueryArguments) {
        arguments.append(lookup?.description)
        arguments.set("province", province)
        arguments.set("city", city)
        arguments.set("district", district)
        arguments.set("unit", unit)
        arguments.set("kind", kind)
        arguments.set("status", status?.rawValue)
        arguments.set("since", since?.description)
        arguments.set(
            "year",
            years.map {
                $0.count == 1 ? String($0.lowerBound) : "\($0.lowerBound)..\($0.upperBound)"
            }
        )
        arguments.set("region", region)
        arguments.set("received-since", receivedSince?.description)
        arguments.set("findings", findings?.rawValue)
        for option in MeasureRange.options {
            let texts = ranges.compactMap { $0.option }.filter { $0.name == option }.map(\.text)
            arguments.set(option, list: texts)
        }
    }
}

extension QueryArguments {
    /// Takes an option that is a year or a range of years.
    /// - Parameter name: its name.
    /// - Returns: the years; nil when the option is not given.
    /// - Throws: ``ReportError`` `usage`.
    mutating func years(_ name: String) throws(ReportError) -> ClosedRange<Int>? {
        guard let text = text(name) else { return nil }
        guard let years = KeyLimits.years(in: text) else {
            throw ReportError(
                .usage,
                "\(name) must be a year such as 2023, or years such as 2021..2023"
            )
        }
        return years
    }
}

extension KeyLimits {
    /// Reads a year, or the first and last year with `..` or `-` between them; nil when it is none.
    static func years(in text: String) -> ClosedRange<Int>? {
        let bytes = Array(text.utf8)
        func year(_ bytes: ArraySlice<UInt8>) -> Int? {
            guard bytes.count == 4, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            let year = bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return years.contains(year) ? year : nil
        }
        guard let first = year(bytes.prefix(4)) else { return nil }
        let rest = bytes.dropFirst(4)
        if rest.isEmpty { return first...first }
        for mark in ["..", "-", "—", "－", "~", "至"] where rest.starts(with: mark.utf8) {
            guard let last = year(rest.dropFirst(mark.utf8.count)), first <= last else {
                return nil
            }
            return first...last
        }
        return nil
    }
}

/// A page of records.
public struct ListQuery: QueryForm {
    /// Conditions, limit and the key to continue after.
    public var filter: ListFilter
    /// Which moment.
    public var moment: Moment

    /// Makes a question.
    /// - Parameters:
    ///   - filter: conditions, limit and the key to continue after.
    ///   - moment: which moment.
    public init(_ filter: ListFilter = ListFilter(), at moment: Moment = .now) {
        self.filter = filter
        self.moment = moment
    }

    /// The arguments as `HELP` prints them.
    public static let usage =
        ListFilter.conditionUsage + " [limit=N] [after=KEY] [as-of=T] [known-here=T]"

    /// Takes conditions, limit and moment.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        filter = try ListFilter(taking: &arguments)
        let limits = 1...ListFilter.maximumLimit
        filter.limit = try arguments.integer("limit", in: limits) ?? filter.limit
        filter.after = arguments.text("after")
        moment = try arguments.moment()
    }

    /// The arguments that ``init(taking:)`` reads back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments()
        filter.write(to: &arguments)
        if filter.limit != QueryLimits.defaultListCount {
            arguments.set("limit", String(filter.limit))
        }
        arguments.set("after", filter.after)
        arguments.set(moment)
        return arguments
    }
}

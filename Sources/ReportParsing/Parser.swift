public import ReportModel

/// Bytes to record, in three steps: extract, recognise, check.
///
/// Pure: no network, no store, no clock. Each step is a list of small values:
/// ``Extractors/all``, ``Recognisers/all`` and ``Rules/all``.
///
/// Source: DESIGN section 8.
public enum Parser {
    /// Version written into `parser` of every record.
    public static let version = "text/1"

    /// What came out of one file.
    public struct Output: Sendable {
        /// The record; without a key when year, city or unit is unknown.
        public var record: Record
        /// Printed names and telephone numbers.
        public var people: [Person]

        /// Makes an output.
        /// - Parameters:
        ///   - record: the record.
        ///   - people: printed names and telephone numbers.
        public init(record: Record, people: [Person]) {
            self.record = record
            self.people = people
        }
    }

    /// Makes the record of one file.
    ///
    /// A report that lacks a part is read all the same; what it lacks is null in the record.
    /// - Parameters:
    ///   - input: the file with what its sender says.
    ///   - limits: ceilings of parsing.
    ///   - tools: programs of other makers that may be asked.
    /// - Returns: the record with its findings, and the printed names apart from it.
    /// - Throws: ``ReportError`` with a parse code of the record schema, or `.usage` when a given
    ///   region or kind is unknown.
    public static func parse(
        _ input: ParsingInput,
        limits: ParsingLimits = .standard,
        tools: ParsingTools = ParsingTools()
    ) throws(ReportError) -> Output {
        try check(input.given, divisions: input.divisions)
        let extraction = try Extractors.extract(
            input.bytes,
            name: input.name,
            limits: limits,
            tools: tools
        )
        let versions = ParserVersions.text(version, tools: extraction.tools)
        var record = Record(parser: versions, rules: Rules.version)
        record.sources = [
            SourceFile(
                name: input.name,
                format: extraction.format,
                bytes: input.bytes.count,
                sha256: Hash256(hashing: input.bytes).hex,
                encoding: extraction.encoding,
                pages: extraction.pages,
                isOptical: extraction.isOptical
            )
        ]
        var draft = Draft(
            document: extraction.document,
            given: input.given,
            source: 0,
            record: record,
            divisions: input.divisions
        )
        for recogniser in Recognisers.all { recogniser.recognise(&draft) }
        try ReportCheck.check(draft)
        record = draft.record
        for unread in draft.document.unread {
            let place = unread.block.map { draft.place(block: $0, start: 0, end: 0) }
            record.unread.append(UnreadItem(what: unread.what, reason: unread.reason, place: place))
        }
        record.key = key(of: record)
        record = NameMask.apply(record, hiding: draft.people)
        record.findings = recheck(record)
        return Output(record: record, people: draft.people)
    }

    /// Makes the text that a file's extraction gives: a block a line, cells divided by tabs.
    /// - Parameters:
    ///   - input: the file.
    ///   - limits: ceilings of parsing.
    ///   - tools: programs of other makers that may be asked.
    /// - Returns: UTF-8.
    /// - Throws: ``ReportError`` with a parse code of the record schema.
    public static func extractText(
        _ input: ParsingInput,
        limits: ParsingLimits = .standard,
        tools: ParsingTools = ParsingTools()
    ) throws(ReportError) -> [UInt8] {
        try Extractors.extract(input.bytes, name: input.name, limits: limits, tools: tools)
            .document.plainText
    }

    /// Applies today's rules to a record.
    /// - Parameter record: any record, also one made by an older version.
    /// - Returns: the findings of this version's rules over this filing alone; those that lean on
    ///   text read from pictures are lowered to `info`.
    public static func recheck(_ record: Record) -> [Finding] {
        OpticalFindings.lowered(Rules.check(record), sources: record.sources)
    }

    /// Applies today's rules to a record and compares it with last year's filing.
    /// - Parameters:
    ///   - record: any record.
    ///   - previous: the record of the same unit and kind for the year before; nil when none is
    ///     stored.
    /// - Returns: the findings over this filing alone with those of CROSS-YEAR, the gravest first.
    public static func recheck(_ record: Record, previous: Record?) -> [Finding] {
        let own = Rules.check(record)
        guard let previous else { return own }
        let both = own + Rules.crossYear(current: record, previous: previous)
        return both.sorted(by: Rules.precedes)
    }

    /// The key of a record's year, region, unit and kind.
    /// - Parameter record: any record.
    /// - Returns: nil when one of them is unknown or ambiguous.
    static func key(of record: Record) -> String? {
        guard let year = record.year, let city = record.region.city, !record.region.isAmbiguous,
            let short = record.unit.shortName, let kind = ReportKind(record.kind)
        else { return nil }
        let unit = UnitName.keyPart(
            shortName: short,
            scope: record.unit.scope.flatMap { UnitScope(rawValue: $0) }
        )
        do throws(KeyError) {
            return try ReportKey(
                year: year,
                city: city,
                district: record.region.district,
                unit: unit,
                kind: kind
            ).text
        } catch {
            return nil
        }
    }

    private static func check(
        _ given: GivenFacts,
        divisions: Divisions
    ) throws(ReportError) {
        if let region = given.region, divisions.resolve(region, year: given.year) == nil {
            throw ReportError(.usage, "不认识的地区：\(region)", hint: "请用全称或六位区划代码，如 湛江市/麻章区、440811")
        }
        if let kind = given.kind, ReportKind(kind) == nil {
            throw ReportError(
                .usage,
                "不认识的报告种类：\(kind)",
                hint: ReportKind.reservedWords.joined(separator: "、")
            )
        }
    }
}

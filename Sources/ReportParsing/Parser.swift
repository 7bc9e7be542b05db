public import ReportModel

/// Bytes to record, in three steps: extract, recognise, check.
///
/// Pure: no network, no store, no clock. Each step is a list of small values:
/// ``Extractors/all``, ``Recognisers/all`` and ``Rules/all``.
///
/// Source: DESIGN section 8.
public enum Parser {
    /// Version written into `parser` of every record.
    public static let version = "2"

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

    /// Makes the record of one file, or of a zip of files as one filing.
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
        if FilingArchive.isFiling(input.bytes) {
            let archive = try FilingArchive(input.bytes, limits: limits)
            return try parse(
                filing: archive.members,
                unread: archive.unread,
                given: input.given,
                divisions: input.divisions,
                limits: limits,
                tools: tools
            )
        }
        return try read(input, source: 0, limits: limits, tools: tools)
    }

    /// Makes the record of a file that becomes a certain source.
    static func read(
        _ input: ParsingInput,
        source: Int,
        limits: ParsingLimits,
        tools: ParsingTools
    ) throws(ReportError) -> Output {
        let extraction = try Extractors.extract(
            input.bytes,
            name: input.name,
            limits: limits,
            tools: tools
        )
        try ReportCheck.check(extraction.document)
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
            source: source,
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
        return Output(
            record: record,
            people: Array(draft.people.prefix(PeopleRecogniser.maximumCount))
        )
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
        guard FilingArchive.isFiling(input.bytes) else {
            return try Extractors.extract(
                input.bytes,
                name: input.name,
                limits: limits,
                tools: tools
            ).document.plainText
        }
        let archive = try FilingArchive(input.bytes, limits: limits)
        var text: [UInt8] = []
        for member in archive.members {
            text += "== \(member.name)\n".utf8
            do throws(ReportError) {
                let input = ParsingInput(name: member.name, bytes: member.bytes)
                text += try extractText(input, limits: limits, tools: tools)
            } catch {
                text += "(\(error.message))\n".utf8
            }
        }
        return text
    }

    /// Applies today's rules to a record.
    /// - Parameters:
    ///   - record: any record, also one made by an older version.
    ///   - previous: the record of the same unit and kind for the year before; nil when none is
    ///     stored, or when the filing is to be judged alone.
    /// - Returns: the findings of this version's rules over this filing, with those of CROSS-YEAR
    ///   when there is one to compare with; the gravest first. Those that lean on text read from
    ///   pictures are lowered to `info`.
    public static func recheck(_ record: Record, previous: Record? = nil) -> [Finding] {
        var findings = Rules.check(record)
        if let previous {
            findings += Rules.crossYear(current: record, previous: previous)
            findings.sort(by: Rules.precedes)
        }
        return OpticalFindings.lowered(findings, sources: record.sources)
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

    static func check(
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

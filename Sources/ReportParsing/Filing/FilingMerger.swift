import ReportModel

/// Joins the records of a filing's files into one.
///
/// Facts of all files stand side by side, each in its part and with its source. Identity comes from
/// the file that says most; others fill in what it lacks, and where they contradict it the filing
/// says so in `unread`.
struct FilingMerger {
    private let divisions: Divisions
    private var records: [Record] = []
    private var people: [Person] = []
    private var sources: [SourceFile] = []
    private var unread: [UnreadItem]
    private var partCount = 0

    /// Makes a merger without files.
    init(divisions: Divisions, unread: [UnreadItem]) {
        self.divisions = divisions
        self.unread = unread
    }

    /// Whether any file was read.
    var hasRecords: Bool { !records.isEmpty }

    /// Adds a file that was read; its places already name its source.
    mutating func add(_ output: Parser.Output) {
        sources += output.record.sources
        records.append(Parser.shifted(output.record, sources: 0, parts: partCount))
        partCount += output.record.parts.count
        people += output.people
    }

    /// Adds a file whose facts an earlier one of another format has already.
    mutating func add(copy output: Parser.Output, of name: String) {
        let record = output.record
        sources += record.sources
        people += output.people
        let own = record.sources.first?.name ?? ""
        unread.append(UnreadItem(what: own, reason: "内容与“\(name)”相同，未重复计入"))
    }

    /// Adds a file that cannot be read.
    mutating func add(unread member: FilingMember, _ digest: String, reason: String) {
        sources.append(
            SourceFile(
                name: member.name,
                format: FileFormat.sniff(member.bytes, name: member.name).name,
                bytes: member.bytes.count,
                sha256: digest,
                encoding: nil,
                pages: nil
            )
        )
        unread.append(UnreadItem(what: member.name, reason: reason))
    }

    /// The earlier file that holds the same facts, such as the signed copy of a report.
    func copy(of record: Record) -> String? {
        let facts = FilingMerger.facts(record)
        guard facts.count >= FilingMerger.fewestCommonFacts else { return nil }
        for other in records where Set(other.parts.map(\.kind)) == Set(record.parts.map(\.kind)) {
            var counts: [String: Int] = [:]
            let others = FilingMerger.facts(other)
            for fact in others { counts[fact, default: 0] += 1 }
            var common = 0
            for fact in facts where counts[fact, default: 0] > 0 {
                counts[fact, default: 0] -= 1
                common += 1
            }
            if common * 10 >= max(facts.count, others.count) * 9 {
                return other.sources.first?.name
            }
        }
        return nil
    }

    /// Fewer facts than these may be alike by chance.
    private static let fewestCommonFacts = 6

    private static func facts(_ record: Record) -> [String] {
        record.amounts.map { "a" + $0.value + $0.unit } + record.scores.map { "s" + $0.total }
            + record.indicators.map { "i" + ($0.level3 ?? "") + ($0.actual ?? "") }
            + record.sections.map { "h" + $0.title }
    }

    /// The record of the whole filing.
    func output() -> Parser.Output {
        let order = records.indices.sorted { first, second in
            let one = weight(records[first])
            let other = weight(records[second])
            return one == other ? first < second : one.lexicographicallyPrecedes(other) == false
        }
        let leader = records[order[0]]
        var record = Record(parser: leader.parser, rules: leader.rules)
        record.sources = sources
        for other in records {
            record.parser = ParserVersions.joined(Parser.version, record.parser, other.parser)
            FilingMerger.addFacts(of: other, to: &record)
        }
        let ordered = order.map { records[$0] }
        let identity = FilingIdentity(ordered, divisions: divisions)
        identity.fill(&record)
        record.unread += unread + identity.conflicts
        FilingMerger.fillHeadline(&record, from: records, leader: leader)
        record.key = Parser.key(of: record)
        record = NameMask.apply(record, hiding: people)
        record.findings = Parser.recheck(record)
        return Parser.Output(record: record, people: people)
    }

    /// How much a file says about the filing: key, printed identity, kind, facts.
    private func weight(_ record: Record) -> [Int] {
        let printed = [
            record.year != nil && record.given["year"] == nil,
            record.region.city != nil && record.given["region"] == nil,
            record.unit.name != nil && record.given["unit"] == nil,
        ]
        let kinds = ["部门决算", "整体支出", "项目支出"]
        let kind = kinds.firstIndex { record.kind.hasPrefix($0) } ?? kinds.count
        return [
            record.key == nil ? 0 : 1, printed.count { $0 }, kinds.count - kind,
            record.amounts.count + record.indicators.count,
        ]
    }

    private static func addFacts(of other: Record, to record: inout Record) {
        record.parts += other.parts
        record.staffing += other.staffing
        record.amounts += other.amounts
        record.rates += other.rates
        record.indicators += other.indicators
        record.executionLines += other.executionLines
        record.scores += other.scores
        record.projects += other.projects
        record.counts += other.counts
        record.remarks += other.remarks
        record.problems += other.problems
        record.improvements += other.improvements
        record.sections += other.sections
        record.unread += other.unread
    }

    /// Kind by all parts; title, score, grade and rate of the file that gave the kind.
    private static func fillHeadline(
        _ record: inout Record,
        from records: [Record],
        leader: Record
    ) {
        record.kind = leader.given["kind"] == nil ? kind(of: record, records) : leader.kind
        let word = ReportKind(record.kind)?.word ?? record.kind
        let alike = records.filter { ReportKind($0.kind)?.word == word }
        let head = alike.first { $0.score != nil } ?? alike.first ?? leader
        record.title = head.title ?? leader.title
        record.reportDate =
            head.reportDate ?? leader.reportDate ?? records.lazy.compactMap(\.reportDate).first
        record.score = head.score ?? alike.lazy.compactMap(\.score).first
        record.grade = head.grade ?? alike.lazy.compactMap(\.grade).first
        record.executionRate = head.executionRate ?? alike.lazy.compactMap(\.executionRate).first
    }

    private static func kind(of record: Record, _ records: [Record]) -> String {
        let kinds = record.parts.map(\.kind)
        if kinds.contains(.finalAccountExplanation) { return ReportKind.finalAccount.text }
        if kinds.contains(where: \.isAboutDepartment) { return ReportKind.overall.text }
        if kinds.contains(where: \.isAboutProject) {
            var names: Set<String?> = []
            for case .project(let name)? in records.map({ ReportKind($0.kind) }) {
                names.insert(name)
            }
            return ReportKind.project(names.count == 1 ? names.first ?? nil : nil).text
        }
        if kinds.contains(.threePublicExplanation) { return ReportKind.threePublic.text }
        if kinds.contains(.baseDataTable) { return ReportKind.baseData.text }
        return records.first { $0.kind != ReportKind.other.text }?.kind ?? ReportKind.other.text
    }
}

import ReportModel

/// The few facts of a record that derived tables hold.
struct RecordFacts: Sendable {
    var reportKey: ReportKey
    var key: String
    var year: Int
    var unit: String?
    var kind: String
    var title: String?
    var score: String?
    var grade: String?
    var executionRate: String?
    var regionCode: String?
    var province: String?
    var partKinds: [String]
    var findings: FindingCounts
    var sourceHashes: [Hash256]
    var sourceNames: [String]
    /// Whether given facts won over the document.
    var isForced: Bool
    var indicatorCount: Int
    var problemCount: Int
    /// Scores, rates, amounts and counts that filters and figures look at, as ``FactRow`` has them.
    var factTail: [UInt8]

    /// Reads the facts from the stored bytes of a record; nil when they are no record with a key.
    init?(recordBytes: [UInt8]) {
        if let facts = RecordFacts(canonicalBytes: recordBytes) {
            self = facts
            return
        }
        guard let json = try? JSONValue(parsing: recordBytes), let facts = RecordFacts(json) else {
            return nil
        }
        self = facts
    }

    /// Reads the facts of a record that came from elsewhere; nil also when it is not canonical.
    /// - Parameters:
    ///   - bytes: the record.
    ///   - outline: what ``ReportModel/RecordOutline`` read of it; nil: it is another schema's or none.
    init?(foreignRecordBytes bytes: [UInt8], outline: RecordOutline?) {
        if let outline, let key = Self.key(outline.record.key) {
            self.init(outline, key: key)
            return
        }
        guard let json = try? JSONValue(parsing: bytes), json.canonicalBytes == bytes,
            let facts = RecordFacts(json)
        else { return nil }
        self = facts
    }

    /// The short way: a record of this version's schema.
    ///
    /// Members that a later one adds, or that an
    /// earlier one lacks, are read as a tree.
    private init?(canonicalBytes bytes: [UInt8]) {
        guard let outline = RecordOutline.read(canonical: bytes)?.outline,
            let key = Self.key(outline.record.key)
        else { return nil }
        self.init(outline, key: key)
    }

    private init?(_ json: JSONValue) {
        guard let key = Self.key(json["key"]?.stringValue) else { return nil }
        self.init(json, key: key)
    }

    /// The key that a record states, which must be written as this project writes it.
    private static func key(_ text: String?) -> ReportKey? {
        guard let text, let key = try? ReportKey(parsing: text),
            key.text.utf8.elementsEqual(text.utf8)
        else { return nil }
        return key
    }

    private init(_ json: JSONValue, key: ReportKey) {
        reportKey = key
        self.key = key.text
        year = json["year"]?.integerValue ?? key.year
        unit = json["unit"]?["name"]?.stringValue
        kind = json["kind"]?.stringValue ?? ""
        title = json["title"]?.stringValue
        score = json["score"]?.stringValue
        grade = json["grade"]?.stringValue
        executionRate = json["executionRate"]?.stringValue
        regionCode = json["region"]?["code"]?.stringValue
        province = json["region"]?["province"]?.stringValue
        partKinds = json["parts"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } ?? []
        findings = FindingCounts()
        for finding in json["findings"]?.arrayValue ?? [] {
            if let severity = finding["severity"]?.stringValue.flatMap(Severity.init) {
                findings.add(severity)
            }
        }
        let sources = json["sources"]?.arrayValue ?? []
        sourceHashes = sources.compactMap { $0["sha256"]?.stringValue.flatMap { Hash256(hex: $0) } }
        sourceNames = sources.map { $0["name"]?.stringValue ?? "" }
        isForced = json["given"]?["overridden"]?.objectValue?.isEmpty == false
        let numbers = RecordNumbers(json: json)
        indicatorCount = numbers.indicatorCount
        problemCount = numbers.problemCount
        factTail = Self.tail(province, unit, numbers)
    }

    /// Takes the facts from a record in memory.
    init(_ outline: RecordOutline, key: ReportKey) {
        let record = outline.record
        reportKey = key
        self.key = key.text
        year = record.year ?? key.year
        unit = record.unit.name
        kind = record.kind
        title = record.title
        score = record.score
        grade = record.grade
        executionRate = record.executionRate
        regionCode = record.region.code
        province = record.region.province
        partKinds = record.parts.map(\.kind.rawValue)
        findings = FindingCounts(record.findings)
        sourceHashes = record.sources.compactMap { Hash256(hex: $0.sha256) }
        sourceNames = record.sources.map(\.name)
        isForced = record.given["overridden"]?.objectValue?.isEmpty == false
        let numbers = RecordNumbers(outline)
        indicatorCount = numbers.indicatorCount
        problemCount = numbers.problemCount
        factTail = Self.tail(province, unit, numbers)
    }

    private static func tail(
        _ province: String?,
        _ unit: String?,
        _ numbers: RecordNumbers
    ) -> [UInt8] {
        FactRow.tail(province: province ?? "", unitName: unit ?? "", numbers: numbers.named)
    }

    /// Hash of the set of source hashes: equal for the same files in any order.
    var sourceDigest: Hash256 {
        guard !sourceHashes.isEmpty else { return .zero }
        var hasher = Hasher256()
        for hash in Set(sourceHashes).sorted() { hasher.update(hash) }
        return hasher.finalize()
    }

    func summary(_ version: VersionInfo) -> RecordSummary {
        RecordSummary(
            version: version,
            year: year,
            unit: unit,
            kind: kind,
            title: title,
            score: score,
            grade: grade,
            executionRate: executionRate,
            regionCode: regionCode,
            findings: findings
        )
    }
}

extension RecordSummary {
    /// A summary of a version whose record is not here.
    init(withheld version: VersionInfo) {
        let key = try? ReportKey(parsing: version.key)
        self.init(
            version: version,
            year: key?.year ?? 0,
            kind: key?.kind.text ?? "",
            isWithheld: true
        )
    }
}

public import ReportModel

/// Filings made up for tests.
public enum Samples {
    /// A key that most tests use.
    public static let key = "2023/湛江市/麻章区/总工会/整体支出"

    /// A filing with the facts that lists show.
    /// - Parameters:
    ///   - key: text of the key.
    ///   - files: contents of the files.
    ///   - names: names of the files; made up when there are too few.
    ///   - people: names of people.
    ///   - padding: bytes by which the record is made longer.
    ///   - ifVersion: version that must be the current one.
    /// - Returns: a filing that the store takes.
    /// - Throws: ``KeyError``.
    public static func filing(
        _ key: String = Samples.key,
        files: [String] = ["自评报告"],
        names: [String] = [],
        people: [String] = [],
        padding: Int = 0,
        ifVersion: Int? = nil
    ) throws(KeyError) -> Filing {
        let key = try ReportKey(parsing: key)
        let bytes = files.map { Array($0.utf8) }
        var record = record(key)
        for (index, bytes) in bytes.enumerated() {
            let name = names.indices.contains(index) ? names[index] : "报告\(index).txt"
            record.sources.append(source(name, bytes))
        }
        if padding > 0 {
            record.title = String(repeating: "字", count: padding / 3)
        }
        return Filing(
            key: key,
            record: record,
            people: people.map { Person(name: $0, role: "联系人", place: place($0)) },
            sources: bytes.map { .bytes($0) },
            ifVersion: ifVersion
        )
    }

    /// A record with one part and one finding, without files.
    /// - Parameter key: the key.
    /// - Returns: the record.
    public static func record(_ key: ReportKey) -> Record {
        var record = Record(
            parser: "test",
            rules: "test",
            region: Region(
                code: "440811",
                province: "广东省",
                city: key.city,
                district: key.district
            ),
            unit: UnitIdentity(name: (key.district ?? key.city) + key.unit, shortName: key.unit),
            kind: key.kind.text
        )
        record.key = key.text
        record.year = key.year
        record.title = "绩效自评报告"
        record.score = "96.50"
        record.grade = "优"
        record.executionRate = "98.2"
        record.parts = [
            Part(kind: .overallSelfEvaluationReport, source: 0, place: place("绩效自评报告"))
        ]
        record.findings = [
            Finding(
                rule: "WEIGHT-SUM",
                severity: .high,
                message: "权重合计不是一百",
                places: [place("合计")],
                fingerprint: "0000"
            )
        ]
        return record
    }

    /// What a record says of a file.
    /// - Parameters:
    ///   - name: name of the file.
    ///   - bytes: its bytes.
    /// - Returns: the element of `sources`.
    public static func source(_ name: String, _ bytes: [UInt8]) -> SourceFile {
        SourceFile(
            name: name,
            format: "txt",
            bytes: bytes.count,
            sha256: Hash256(hashing: bytes).hex,
            encoding: "utf-8"
        )
    }

    private static func place(_ quote: String) -> Place {
        Place(source: 0, block: 0, start: 0, end: quote.unicodeScalars.count, quote: quote)
    }

    /// Any of a few keys, files and people.
    /// - Parameters:
    ///   - generator: where chance comes from.
    ///   - keyCount: how many different keys.
    ///   - fileCount: how many different files.
    /// - Returns: a filing that the store takes.
    /// - Throws: ``KeyError``.
    public static func random(
        using generator: inout SeededGenerator,
        keyCount: Int = 4,
        fileCount: Int = 3
    ) throws(KeyError) -> Filing {
        let unit = "单位\(Int.random(in: 0..<keyCount, using: &generator))"
        let files = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
            "文件\(Int.random(in: 0..<fileCount, using: &generator))"
        }
        return try filing(
            "2023/湛江市/麻章区/\(unit)/整体支出",
            files: Array(Set(files)).sorted(),
            people: Bool.random(using: &generator) ? ["王某"] : []
        )
    }
}

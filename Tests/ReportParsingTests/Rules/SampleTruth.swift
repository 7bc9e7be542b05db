import Glibc
import ReportModel
import ReportParsing

/// Records made from the hand-read truth of the samples, which is not part of the repository.
///
/// A line of a sample is a block; a quotation's place is where it stands in its line.
struct SampleTruth {
    private let lines: [[Character]]
    private let json: JSONValue
    private var record = Record(parser: "truth", rules: Rules.version)
    private let partLines: [Int]

    /// The directory with the samples; nil when it is missing.
    static let directory: String? = {
        let root = #filePath.split(separator: "/").dropLast(5).map { "/" + $0 }.joined()
        let candidates = [getenv("REPORTD_SHARED").map { String(cString: $0) }, root + "/shared"]
        return candidates.compactMap { $0 }.first { access($0 + "/samples-truth.json", R_OK) == 0 }
    }()

    /// The record of the sample whose file name begins with a number such as `003`.
    static func record(_ number: String) throws -> Record? {
        guard let directory else { return nil }
        let all = try JSONValue(parsing: bytes(directory + "/samples-truth.json"))
        guard let name = all["samples"]?.objectValue?.keys.first(where: { $0.hasPrefix(number) }),
            let json = all["samples"]?[name]
        else { return nil }
        let text = String(decoding: bytes(directory + "/samples/" + name), as: UTF8.self)
        var truth = SampleTruth(json: json, text: text)
        truth.fill()
        return truth.record
    }

    private static func bytes(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            result += buffer[..<count]
        }
        return result
    }

    private init(json: JSONValue, text: String) {
        self.json = json
        lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(Array.init)
        if let parts = json["parts"]?.arrayValue {
            partLines = parts.compactMap { $0["lines"]?.arrayValue?.first?.integerValue }
        } else {
            let report = json["twoDocumentsInOneFile"]?["reportLines"]?.arrayValue?.first?
                .integerValue
            partLines = [1] + [report].compactMap { $0 }
        }
    }

    private func place(_ line: Int, _ quote: String) -> Place {
        let text = lines.indices.contains(line - 1) ? lines[line - 1] : []
        let wanted = Array(quote)
        var start = 0
        if !wanted.isEmpty, text.count >= wanted.count {
            start =
                (0...(text.count - wanted.count)).first { offset in
                    text[offset..<(offset + wanted.count)].elementsEqual(wanted)
                } ?? 0
        }
        // The value stands at the end of its quotation.
        let end = start + wanted.count
        return Place(source: 0, block: line, start: max(start, end - 1), end: end, quote: quote)
    }

    private func place(_ fact: JSONValue) -> Place {
        let quote = fact["quote"] ?? .null
        return place(quote["line"]?.integerValue ?? 0, quote["text"]?.stringValue ?? "")
    }

    private func part(_ place: Place) -> Int {
        max(0, partLines.lastIndex { $0 <= place.block } ?? 0)
    }

    private mutating func fill() {
        record.year = json["fiscalYear"]?.integerValue
        record.reportDate = json["reportDate"]?.stringValue
        record.grade = json["grade"]?.stringValue
        record.unit = UnitIdentity(
            name: json["unit"]?["fullName"]?.stringValue,
            shortName: "总工会",
            aliases: json["unit"]?["aliases"]?.arrayValue?.compactMap { $0["text"]?.stringValue }
                ?? []
        )
        fillParts()
        fillAmounts()
        fillRates()
        fillStaffing()
        fillScores()
        fillIndicators()
    }

    private mutating func fillParts() {
        let evidence = json["kindEvidence"]?.arrayValue ?? []
        for (index, line) in partLines.enumerated() {
            let next = partLines.dropFirst(index + 1).first ?? Int.max
            let title = evidence.first {
                ($0["line"]?.integerValue).map { line <= $0 && $0 < next } ?? false
            }?["text"]?.stringValue
            let kind = json["parts"]?.arrayValue?[index]["kind"]?.stringValue
            record.parts.append(
                Part(
                    kind: kind.flatMap(PartKind.init)
                        ?? (partLines.count > 1 && index == 0
                            ? .overallSelfEvaluationTable : .overallSelfEvaluationReport),
                    title: title,
                    source: 0,
                    place: place(line, title ?? "")
                )
            )
        }
    }

    private mutating func fillAmounts() {
        let nearest = [
            "final-fiscal-grand-total": "final-grand-total", "final-total": "final-grand-total",
            "chart-series": "other", "vehicle-purchase": "other", "reception-item": "other",
            "activity": "other",
        ]
        for amount in json["amounts"]?.arrayValue ?? [] {
            let place = place(amount)
            let role = amount["role"]?.stringValue ?? "other"
            let sign = amount["sign"]?.stringValue
            record.amounts.append(
                Amount(
                    label: (amount["label"]?.stringValue ?? "").replacing("图 ", with: ""),
                    role: nearest[role] ?? role,
                    value: amount["value"]?.stringValue ?? "",
                    unit: amount["unit"]?.stringValue ?? "",
                    yuan: "0",
                    direction: sign.map { $0 == "-" ? "down" : "up" },
                    approximate: amount["approximate"]?.boolValue ?? false,
                    functionCode: amount["functionCode"]?.stringValue,
                    part: part(place),
                    place: place
                )
            )
        }
    }

    private mutating func fillRates() {
        for rate in json["executionRates"]?.arrayValue ?? []
        where rate["where"]?.stringValue != "indicator" {
            add(
                rate,
                role: "execution",
                percent: rate["stated"]?.stringValue ?? "",
                at: place(rate)
            )
        }
        for rate in json["yearOverYear"]?.arrayValue ?? [] {
            let printed = rate["statedPercent"]?.stringValue ?? ""
            let percent = String(printed.drop { "+-".contains($0) })
            let direction = printed.first.flatMap { ["-": "down", "+": "up"][$0] }
            let line = rate["line"]?.integerValue ?? 0
            add(rate, role: "growth", percent: percent, at: place(line, percent + "%"), direction)
        }
        for rate in json["shares"]?.arrayValue ?? [] {
            let label = rate["label"]?.stringValue ?? ""
            let percent = rate["stated"]?.stringValue ?? ""
            let line = lines.firstIndex { text in
                String(text).contains(label.prefix { $0 != "/" })
                    && String(text).contains("占\(percent)%")
            }
            add(rate, role: "share", percent: percent, at: place((line ?? -1) + 1, "占\(percent)%"))
        }
    }

    private mutating func add(
        _ rate: JSONValue,
        role: String,
        percent: String,
        at place: Place,
        _ direction: String? = nil
    ) {
        record.rates.append(
            Rate(
                label: rate["label"]?.stringValue ?? "",
                role: role,
                percent: percent,
                direction: direction,
                part: part(place),
                place: place
            )
        )
    }

    private mutating func fillStaffing() {
        let roles = ["authorised", "serving", "retired", "contract"]
        for staff in json["staffing"]?.arrayValue ?? [] {
            let key = staff["key"]?.stringValue ?? ""
            let place = place(staff)
            record.staffing.append(
                Staffing(
                    role: key == "actual" ? "serving" : (roles.contains(key) ? key : "other"),
                    count: staff["value"]?.stringValue ?? "",
                    label: staff["label"]?.stringValue ?? "",
                    unit: staff["unit"]?.stringValue,
                    part: part(place),
                    place: place
                )
            )
        }
    }

    private mutating func fillScores() {
        guard let score = json["score"] else { return }
        for item in score["items"]?.arrayValue ?? [score] {
            let place = place(item)
            record.scores.append(
                TotalScore(
                    total: (item["value"] ?? item["total"])?.stringValue ?? "",
                    full: item["fullMarks"]?.stringValue,
                    grade: record.grade,
                    part: part(place),
                    place: place
                )
            )
        }
    }

    private mutating func fillIndicators() {
        for table in json["indicatorTables"]?.arrayValue ?? [] {
            if let row = table["executionRow"], row.objectValue != nil {
                add(row, level3: "合计")
            }
            for row in table["rows"]?.arrayValue ?? [] {
                add(row, level3: row["level3"]?.stringValue ?? "")
            }
        }
    }

    private mutating func add(_ row: JSONValue, level3: String) {
        let place = place(row["line"]?.integerValue ?? 0, level3)
        record.indicators.append(
            Indicator(
                level1: row["level1"]?.stringValue,
                level2: row["level2"]?.stringValue,
                level3: level3,
                target: row["target"]?.stringValue,
                actual: row["actual"]?.stringValue,
                weight: row["weight"]?.stringValue,
                score: row["score"]?.stringValue,
                part: part(place),
                place: place
            )
        )
    }
}

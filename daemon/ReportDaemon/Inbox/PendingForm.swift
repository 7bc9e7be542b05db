import Glibc
import ReportModel

/// The fields that a clerk fills in beside a file in 待处理.
struct PendingForm: Hashable, Sendable {
    /// The line after which the fields stand.
    static let beginning = "——————— 请在下面填写 ———————"

    var year = ""
    var region = ""
    var unit = ""
    var kind = ""

    /// Whether nothing was filled in.
    var isEmpty: Bool { self == PendingForm() }

    private static let labels:
        [(words: [String], field: any WritableKeyPath<PendingForm, String> & Sendable)] = [
            (["年度", "年份", "年"], \.year),
            (["地区", "区域"], \.region),
            (["单位", "单位名称"], \.unit),
            (["类型", "种类"], \.kind),
        ]

    init() {}

    /// The fields as they are before the clerk fills in more: what folder and inbox say.
    init(_ facts: GivenFacts) {
        year = facts.year.map { String($0) } ?? ""
        region = Self.value((facts.region ?? "")[...])
        unit = Self.value((facts.unit ?? "")[...])
        kind = Self.value((facts.kind ?? "")[...])
    }

    /// Reads a form as a clerk may have saved it: UTF-8, UTF-16 or GB18030, with either colon.
    /// - Returns: nil when the text has no readable characters.
    init?(bytes: [UInt8]) {
        guard let text = FormText.decode(bytes) else { return nil }
        var lines = text.split(whereSeparator: \.isNewline)
        if let start = lines.lastIndex(where: { $0.contains("请在下面填写") }) {
            lines.removeSubrange(...start)
        }
        for line in lines {
            guard let colon = line.firstIndex(where: { $0 == "：" || $0 == ":" }) else { continue }
            let label = KeyPart.clean(String(line[..<colon]))
            guard let field = Self.labels.first(where: { $0.words.contains(label) })?.field else {
                continue
            }
            self[keyPath: field] = Self.value(line[line.index(after: colon)...])
        }
    }

    /// A value without white space and invisible characters; slashes of a region's path stay.
    private static func value(_ text: Substring) -> String {
        let short = text.prefix(InboxLimits.maximumFieldScalarCount)
        let parts = short.split { $0 == "/" || $0 == "／" }.map { KeyPart.clean(String($0)) }
        return parts.filter { !$0.isEmpty }.joined(separator: "/")
    }

    init(json: JSONValue?) {
        year = json?["year"]?.stringValue ?? ""
        region = json?["region"]?.stringValue ?? ""
        unit = json?["unit"]?.stringValue ?? ""
        kind = json?["kind"]?.stringValue ?? ""
    }

    var json: JSONValue {
        [
            "year": .string(year), "region": .string(region), "unit": .string(unit),
            "kind": .string(kind),
        ]
    }

    /// What the form says as given facts, without what cannot be understood.
    func facts(_ divisions: Divisions) -> GivenFacts {
        GivenFacts(
            year: FolderFacts.year(year),
            region: isRegionKnown(divisions) ? region : nil,
            unit: unit.isEmpty ? nil : unit,
            kind: ReportKind(kind) == nil ? nil : kind,
            origin: "form"
        )
    }

    /// What is filled in and cannot be understood.
    func problems(_ divisions: Divisions) -> [String] {
        var lines: [String] = []
        if !year.isEmpty, FolderFacts.year(year) == nil {
            lines.append("年度“\(ReceiptWords.line(year))”看不懂，请写四位数字，如 2023")
        }
        if !region.isEmpty, !isRegionKnown(divisions) {
            lines.append("地区“\(ReceiptWords.line(region))”不在行政区划表中，请写全称，如 湛江市麻章区")
        }
        if !kind.isEmpty, ReportKind(kind) == nil {
            let words = ReportKind.reservedWords.joined(separator: "、")
            lines.append("类型“\(ReceiptWords.line(kind))”看不懂，请写下列之一：\(words)")
        }
        return lines
    }

    private func isRegionKnown(_ divisions: Divisions) -> Bool {
        !region.isEmpty && divisions.resolve(region, year: FolderFacts.year(year)) != nil
    }

    /// The lines of the form, filled in as far as it is.
    var lines: [String] {
        [Self.beginning, "年度：\(year)", "地区：\(region)", "单位：\(unit)", "类型：\(kind)"]
    }
}

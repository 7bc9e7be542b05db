import ReportModel

/// The conditions of a ``ListFilter`` in the form in which stored rows are held against them.
struct FactFilter {
    private let years: ClosedRange<Int>?
    private let city: [UInt8]?
    private let district: [UInt8]?
    private let unit: [UInt8]?
    private let containedText: [UInt8]?
    private let kind: KindCondition?
    private let province: RegionScope?
    private let region: RegionScope?
    private let status: UInt8?
    private let since: UInt64?
    private let receivedSince: UInt64?
    private let findings: Severity?
    private let ranges: [(measure: FactMeasure, range: MeasureRange)]

    init(_ filter: ListFilter, divisions: Divisions) throws(ReportError) {
        years = filter.years
        city = filter.city.map { Array($0.utf8) }
        district = filter.district.map { Array($0.utf8) }
        let isContained = filter.unit?.hasPrefix("~") ?? false
        unit = isContained ? nil : filter.unit.map { Array($0.utf8) }
        containedText = isContained ? filter.unit.map { Array($0.utf8.dropFirst()) } : nil
        kind = filter.kind.map { KindCondition($0) }
        province = filter.province.map { RegionScope(province: $0) }
        region = try filter.region.map { text throws(ReportError) in
            try RegionScope(text, divisions: divisions)
        }
        status = filter.status.map { $0.stored }
        since = filter.since?.milliseconds
        receivedSince = filter.receivedSince?.milliseconds
        findings = filter.findings
        ranges = filter.ranges.map { (FactMeasure($0.measure), $0) }
    }

    /// Whether a key can match, looked at before its row is read.
    func accepts(_ key: KeyFields) -> Bool {
        if let years, !years.contains(key.year) { return false }
        if let city, !city.elementsEqual(key.city) { return false }
        if let district, !district.elementsEqual(key.district) { return false }
        return true
    }

    /// Whether a key with its row matches.
    func accepts(_ key: KeyFields, _ row: FactView) -> Bool {
        if let unit, !unit.elementsEqual(key.unit), !unit.elementsEqual(row.unitName) {
            return false
        }
        if let containedText, !key.unit.contains(containedText),
            !row.unitName.contains(containedText)
        {
            return false
        }
        if let kind, !kind.accepts(key, row) { return false }
        for scope in [province, region] {
            guard let scope else { continue }
            let levels = [row.province, key.city, key.district]
            guard scope.contains(code: row.regionCode, levels: levels) else { return false }
        }
        if let status, row.status != status { return false }
        if let since, row.recordedAt < since { return false }
        if let receivedSince, row.arrivedAt < receivedSince { return false }
        if let findings, !row.findings.reaches(findings) { return false }
        for (measure, range) in ranges {
            guard let value = measure.value(in: row), range.contains(value) else { return false }
        }
        return true
    }
}

/// A kind of record or of one of its parts.
///
/// Source: record schema: `--kind` filters match the kinds of parts too.
private struct KindCondition {
    private let word: [UInt8]
    private let project: [UInt8]?
    private let parts: UInt16

    init(_ text: String) {
        let kind = ReportKind(text)
        word = Array((kind?.word ?? text).utf8)
        project = kind?.project.map { Array(KeyPart.clean($0).utf8) }
        var parts: UInt16 = 0
        for (bit, part) in PartKind.allCases.enumerated()
        where part.rawValue == text || project == nil && part.kindWord == text && part != .other {
            parts |= 1 << UInt16(bit)
        }
        self.parts = parts
    }

    func accepts(_ key: KeyFields, _ row: FactView) -> Bool {
        if row.partKinds & parts != 0 { return true }
        guard word.elementsEqual(key.kind) else { return false }
        return project?.elementsEqual(key.project) ?? true
    }
}

extension VersionStatus {
    /// The byte that rows hold.
    ///
    /// Source: docs/format.md section 3.3.
    var stored: UInt8 {
        switch self {
        case .submitted: 0
        case .approved: 1
        case .returned: 2
        case .retracted: 3
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether a text stands somewhere in these bytes.
    fileprivate func contains(_ text: [UInt8]) -> Bool {
        guard let first = text.first else { return true }
        guard count >= text.count else { return false }
        for start in 0...(count - text.count) where self[start] == first {
            if self[start..<(start + text.count)].elementsEqual(text) { return true }
        }
        return false
    }
}

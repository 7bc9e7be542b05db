/// How grave a finding is.
public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
    case info
    case low
    case medium
    case high

    private var rank: Int {
        switch self {
        case .info: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        }
    }

    /// Whether the left one is less grave.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// Numbers of findings by severity.
public struct FindingCounts: Hashable, Sendable {
    /// Findings that mislead on money or score.
    public var high = 0
    /// Findings that a reviewer must ask about.
    public var medium = 0
    /// Findings of form.
    public var low = 0
    /// Notices.
    public var info = 0

    /// Counts the findings of a list.
    /// - Parameter findings: any findings; none gives zeros.
    public init(_ findings: [Finding] = []) {
        for finding in findings { add(finding.severity) }
    }

    /// Counts one more finding.
    public mutating func add(_ severity: Severity) {
        switch severity {
        case .high: high += 1
        case .medium: medium += 1
        case .low: low += 1
        case .info: info += 1
        }
    }

    /// The object `{high, medium, low, info}`.
    public var json: JSONValue {
        [
            "high": .integer(high), "medium": .integer(medium), "low": .integer(low),
            "info": .integer(info),
        ]
    }
}

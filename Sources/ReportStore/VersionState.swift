import ReportModel

/// What the entries that speak of a version make of it.
///
/// Source: docs/decisions/0011: the order is that of recordedAt, log and sequence, on every node.
struct VersionState: Sendable {
    /// Status of the version.
    var status = VersionStatus.submitted
    /// The judgement that gave the status; nil when none stands.
    var judgement: JudgementRow?
    /// New readings of the version, oldest first.
    var readings: [JudgementRow] = []
    /// Erasures that name it.
    var erasures: [JudgementRow] = []
    /// When the last of all these was recorded, and in which log.
    var last: (recordedAt: Timestamp, log: LogID)?

    init() {}

    /// Goes through the rows of a version in their order.
    init(_ rows: [JudgementRow]) {
        var standing: [JudgementRow] = []
        var moved: JudgementRow?
        for row in rows {
            switch row.kind {
            case .review where row.verdict == Verdict.undo.rawValue: _ = standing.popLast()
            case .review where Verdict(rawValue: row.verdict) != nil: standing.append(row)
            case .retract: standing.append(row)
            case .rekey: moved = moved ?? row
            case .reparse: readings.append(row)
            case .erase: erasures.append(row)
            default: continue
            }
            last = (row.recordedAt, row.log)
        }
        // A version that lives on under another key is not brought back by a review.
        judgement = moved ?? standing.last
        switch judgement.map({ ($0.kind, Verdict(rawValue: $0.verdict)) }) {
        case (.review, .approve)?: status = .approved
        case (.review, .returned)?: status = .returned
        case (.retract, _)?, (.rekey, _)?: status = .retracted
        default: status = .submitted
        }
    }
}

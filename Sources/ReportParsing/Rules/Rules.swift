import ReportModel

/// The consistency rules.
public enum Rules {
    /// Version written into `rules` of every record.
    public static let version = "1"

    /// All rules.
    public static let all: [Rule] = []

    /// Applies every rule.
    /// - Parameter record: any record.
    /// - Returns: findings in order.
    static func check(_ record: Record) -> [Finding] { all.flatMap { $0.check(record) } }
}

public import ReportModel

/// Which backups of a folder are kept: the newest of each day, week and month, so many of each.
///
/// Days, weeks (from Monday) and months are those at +08:00. The newest backup is always kept.
public struct BackupRotation: Hashable, Sendable {
    /// Days whose newest backup is kept; days without a backup do not count.
    public var daily: Int
    /// Weeks whose newest backup is kept.
    public var weekly: Int
    /// Months whose newest backup is kept.
    public var monthly: Int

    /// Makes a rule.
    /// - Parameters:
    ///   - daily: days whose newest backup is kept.
    ///   - weekly: weeks whose newest backup is kept.
    ///   - monthly: months whose newest backup is kept.
    public init(daily: Int = 7, weekly: Int = 4, monthly: Int = 12) {
        self.daily = daily
        self.weekly = weekly
        self.monthly = monthly
    }

    /// Hours between UTC and the days that people count.
    static let zoneMilliseconds: UInt64 = 8 * 3_600_000

    /// Which of some backups are kept.
    /// - Parameter times: when they were made, in any order.
    /// - Returns: the indexes of those that are kept.
    public func kept(of times: [Timestamp]) -> Set<Int> {
        let order = times.indices.sorted { times[$0] > times[$1] }
        guard let newest = order.first else { return [] }
        var kept: Set = [newest]
        let periods: [(count: Int, name: (Timestamp) -> String)] = [
            (daily, { String(Self.day($0)) }),
            // The first day of the epoch was a Thursday.
            (weekly, { String((Self.day($0) + 3) / 7) }),
            (monthly, { String(Self.local($0).description.prefix(7)) }),
        ]
        for period in periods {
            var seen: Set<String> = []
            for index in order where seen.count < period.count {
                if seen.insert(period.name(times[index])).inserted { kept.insert(index) }
            }
        }
        return kept
    }

    private static func day(_ time: Timestamp) -> UInt64 { local(time).milliseconds / 86_400_000 }

    static func local(_ time: Timestamp) -> Timestamp {
        let (sum, overflow) = time.milliseconds.addingReportingOverflow(zoneMilliseconds)
        return Timestamp(milliseconds: overflow ? time.milliseconds : sum)
    }
}

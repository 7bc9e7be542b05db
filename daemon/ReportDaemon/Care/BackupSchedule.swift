import ReportModel

/// When the next backup is due.
struct BackupSchedule: Hashable, Sendable {
    /// Time from one to the next.
    var every: Duration
    /// Minute of the day at +08:00; nil: whenever the time has passed.
    var minute: Int?

    private static let dayMilliseconds: UInt64 = 86_400_000
    /// How shortly before its minute a backup counts for that night.
    private static let slackMilliseconds: UInt64 = 3_600_000
    private static let zoneMilliseconds: UInt64 = 8 * 3_600_000

    /// The moment of the next backup; one in the past means: at once.
    ///
    /// A night on which the machine was off is made up for after its start.
    /// - Parameters:
    ///   - last: when the last good one was begun; nil when there is none.
    ///   - now: now.
    /// - Returns: the moment.
    func due(after last: Timestamp?, now: Timestamp) -> Timestamp {
        // A clock that was set back must not put the next one off for ever.
        guard let last, last <= now else { return now }
        let period = UInt64(clamping: every.components.seconds) * 1000
        guard let minute else { return Timestamp(milliseconds: last.milliseconds + period) }
        // What was made at another time of the day waits for no longer than until that minute.
        let earliest =
            last.milliseconds + period - min(period, Self.dayMilliseconds) + Self.slackMilliseconds
        let local = earliest + Self.zoneMilliseconds
        let wanted = UInt64(minute) * 60_000
        var moment = local - local % Self.dayMilliseconds + wanted
        if moment <= local { moment += Self.dayMilliseconds }
        return Timestamp(milliseconds: moment - Self.zoneMilliseconds)
    }

    /// How long to wait after an attempt that failed, the first being number 1.
    static func retryDelay(failures: Int) -> Duration {
        .seconds(min(3600, 300 << min(max(failures, 1) - 1, 4)))
    }
}

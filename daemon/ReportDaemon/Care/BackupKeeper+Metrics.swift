import ReportModel

extension BackupKeeper {
    /// What a scrape tells about the scheduled backups.
    struct Figures: Hashable, Sendable {
        /// Time from one to the next.
        var interval: Duration
        /// When the last good one was begun; nil when there is none.
        var lastSuccess: Timestamp?
        /// Attempts that failed since then.
        var failureCount: Int
    }

    /// The families of these backups.
    var families: [MetricFamily] { Self.families(of: figures) }

    /// The families; without figures each is there and has no sample.
    static func families(of figures: Figures?) -> [MetricFamily] {
        [
            MetricFamily(
                "reportd_backup_last_success_timestamp_seconds",
                .gauge,
                "When the last good backup was begun, 0 when there is none yet; absent when none are scheduled.",
                figures.map { .number(Double($0.lastSuccess?.milliseconds ?? 0) / 1000) }
            ),
            MetricFamily(
                "reportd_backup_interval_seconds",
                .gauge,
                "Time from one scheduled backup to the next; absent when none are scheduled.",
                figures.map { .integer(Int(clamping: $0.interval.components.seconds)) }
            ),
            MetricFamily(
                "reportd_backup_failures",
                .gauge,
                "Scheduled backups that failed since the last good one; absent when none are scheduled.",
                figures.map { .integer($0.failureCount) }
            ),
        ]
    }
}

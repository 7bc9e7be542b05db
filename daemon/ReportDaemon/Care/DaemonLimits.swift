/// Waits of a daemon.
enum DaemonLimits {
    /// Time after the start before a backup that is due.
    static let backupDelayMilliseconds: UInt64 = 120_000
    /// Time between two looks at whether the last backup is still in its folder.
    static let backupLookInterval: Duration = .seconds(600)
    /// How long a step of the store to a newer format may take before the service manager gives up.
    static let migrationTime: Duration = .seconds(4 * 3600)
    /// Time after the start before the first verification.
    static let verificationDelayMilliseconds: UInt64 = 300_000
    /// Time after a verification that could not be run.
    static let verificationRetryMilliseconds: UInt64 = 3_600_000
    /// Time between two looks at whether reports may be taken again.
    static let holdInterval: Duration = .seconds(1)
    /// Time between two looks for files that go into the folder of their year.
    static let tidyInterval: Duration = .seconds(3600)
    /// Time between two looks at whether the disk of the store failed, and at what reads found damaged.
    static let damageInterval: Duration = .seconds(1)
    /// Most places that are told as met on reading: a disk that fails damages many.
    static let maximumDamagedReadCount = 100
    /// Time before the first look at whether a disk that failed is well again; doubles each time.
    static let damageCheckFloor: Duration = .seconds(4)
    /// What is written to a disk that failed before the node trusts it again: small writes may go to
    /// blocks that it still has.
    static let damageProbeByteCount = 1 << 20
    /// Longest time between two such looks.
    static let damageCheckCeiling: Duration = .seconds(3600)
    /// Time after which earlier ends by a fault count no more.
    static let settledAfter: Duration = .seconds(600)
    /// Time between two looks at the room on the disk.
    static let roomInterval: Duration = .seconds(15)
    /// Time between two looks at the newest stamps of all logs.
    static let stampInterval: Duration = .seconds(60)
    /// Time between two verifications when nothing is configured.
    static let verificationInterval: Duration = .seconds(7 * 86_400)
}

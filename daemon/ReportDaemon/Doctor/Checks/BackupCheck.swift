import ReportModel

/// There is a backup, and it is not old.
enum BackupCheck: DoctorCheck {
    static let name = "backup"
    static let title = Words("backup", "备份")
    /// Age in days from which a backup counts as old.
    private static let oldDays: UInt64 = 8

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration, let status = patient.status else {
            return []
        }
        let text = status["backup"]?["lastBackup"]?.stringValue
        let command =
            "runuser -u \(patient.account.name) -- reportctl backup "
            + "/backup/reportd-$(date +%F) --store '\(configuration.store)'"
        guard let text, let last = Timestamp(parsing: text) else {
            return [
                notice(
                    "no backup is known to this node",
                    "本节点没有备份记录",
                    command: command
                )
            ]
        }
        let now = patient.now().milliseconds
        let days = (now - min(now, last.milliseconds)) / 86_400_000
        guard days >= oldDays else {
            return [ok("the last one is of \(last)", "最近一次：\(last)")]
        }
        return [
            fault(
                .internal,
                "the last backup is \(days) days old",
                "最近一次备份已是 \(days) 天前",
                command: command
            )
        ]
    }
}

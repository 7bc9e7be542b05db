import ReportModel

/// There are backups, the last one succeeded and is not old.
enum BackupCheck: DoctorCheck {
    static let name = "backup"
    static let title = Words("backup", "备份")
    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration, let status = patient.status else {
            return []
        }
        // Whatever is scheduled here, the large files are not in it.
        let shared = configuration.database == nil ? [] : [elsewhere]
        guard let backup = status["backup"], let members = backup.objectValue, !members.isEmpty
        else { return shared.isEmpty ? [unscheduled(patient)] : shared }
        // As root, beside the folder of scheduled ones: the node itself may write nowhere else there.
        let folder = (configuration.backup?.folder ?? "/backup/reportd").shellWord
        let command =
            "reportctl backup \(folder)-by-hand-$(date +%F-%H%M) "
            + "--store \(configuration.store.shellWord)"
        var found = shared
        if let count = backup["failures"]?.integerValue, count > 0 {
            let failure = backup["lastFailure"]
            let reason = [failure?["message"]?.stringValue, failure?["hint"]?.stringValue]
                .compactMap { $0 }.joined(separator: ": ")
            found.append(
                fault(
                    .internal,
                    "the last \(count) backups failed: \(reason)",
                    "最近 \(count) 次备份失败：\(reason)",
                    command: command
                )
            )
        }
        let text = backup["lastSuccess"]?["at"]?.stringValue ?? ""
        if let last = Timestamp(parsing: text) {
            let every = configuration.backup?.every ?? .seconds(86_400)
            found += age(of: last, every, patient, command)
        }
        if backup["sameDisk"]?.boolValue == true {
            found.append(
                notice(
                    "the backups lie on the disk of the store: one broken disk takes both",
                    "备份与存储在同一块磁盘上，磁盘损坏会同时丢失"
                )
            )
        }
        return found
    }

    private static var elsewhere: Diagnosis {
        notice(
            "logs and large files are in the database: back it up by its own means, and keep node.key",
            "日志和较大的文件在数据库中：请用数据库自身的办法备份，并另存 node.key"
        )
    }

    /// Nothing is scheduled; a usual schedule is what mends it.
    private static func unscheduled(_ patient: Patient) -> Diagnosis {
        let (who, group) = (patient.account.name, patient.account.groupName)
        let folder = "/backup/reportd"
        return notice(
            "no backups are scheduled",
            "没有设置定期备份",
            command: "install -d -o \(who) -g \(group) -m 0700 \(folder) && "
                + "printf '\\nbackup: {folder: \(folder), at: \"02:30\"}\\n' >> \(patient.file.shellWord) && "
                + "systemctl restart reportd"
        )
    }

    private static func age(
        of last: Timestamp,
        _ every: Duration,
        _ patient: Patient,
        _ command: String
    ) -> [Diagnosis] {
        let now = patient.now().milliseconds
        let age = now - min(now, last.milliseconds)
        let days = age / 86_400_000
        // As the alert ReportdBackupOld has it.
        guard age > UInt64(clamping: every.components.seconds) * 2000 + 86_400_000 else {
            return [
                ok(
                    "the last one is of \(last.zonedOfficeText)",
                    "最近一次：\(last.zonedOfficeText)"
                )
            ]
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

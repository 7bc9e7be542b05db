import ReportModel

/// How a node's store and its backups stand, as people read it.
enum CareText {
    /// Why a node writes nothing.
    static func trouble(_ reason: String, _ trouble: JSONValue) -> String {
        let since = LocalTime.zoned(trouble["since"]?.stringValue ?? "")
        let words = [
            "damaged-pages": Wording.pick("pages of its data file are damaged", "数据文件的页已损坏"),
            "crashes": Wording.pick("it crashed again and again", "节点反复异常退出"),
            "write-fault": Wording.pick("its disk refuses writes", "磁盘拒绝写入"),
            "page-fault": Wording.pick(
                "its disk could not give a part of the data file",
                "磁盘无法读出数据文件的一部分"
            ),
        ]
        return (words[reason] ?? reason) + Wording.pick(", since ", "，自 ") + since
    }

    /// When a backup was made last, what went wrong since, and when the next is due.
    static func backup(_ backup: JSONValue) -> [String] {
        var lines = BackupText.state(backup)
        if backup["sameDisk"]?.boolValue == true {
            lines.append(
                Wording.pick(
                    "ON THE DISK OF THE STORE: one broken disk takes both",
                    "备份与数据在同一块磁盘上，磁盘损坏时会一并丢失"
                )
            )
        }
        if let next = backup["next"]?.stringValue {
            lines.append(Wording.pick("next ", "下次 ") + LocalTime.zoned(next))
        }
        return lines
    }
}

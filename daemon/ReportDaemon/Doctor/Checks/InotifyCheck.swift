import ReportModel

/// The kernel's limits of inotify are enough for the inboxes.
enum InotifyCheck: DoctorCheck {
    static let name = "inotify"
    static let title = Words("inotify limits", "inotify 限额")
    /// Instances that other programs of a user commonly need.
    private static let otherInstanceCount = 16
    private static let mostFolders = 1_000_000

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let inboxes = patient.configuration?.inboxes, !inboxes.isEmpty,
            let watches = patient.kernelNumber("fs/inotify/max_user_watches"),
            let instances = patient.kernelNumber("fs/inotify/max_user_instances")
        else { return [] }
        let folders = inboxes.reduce(0) { sum, inbox in
            sum + FolderScan.folderCount(below: inbox.path, limit: mostFolders)
        }
        var found: [Diagnosis] = []
        if watches < folders * 2 {
            found.append(
                short("max_user_watches", has: watches, needs: max(65_536, folders * 4))
            )
        }
        if instances < inboxes.count + otherInstanceCount {
            found.append(
                short("max_user_instances", has: instances, needs: max(256, inboxes.count * 2))
            )
        }
        return found.isEmpty
            ? [
                ok(
                    "\(folders) of \(watches) watches, \(inboxes.count) of \(instances) instances",
                    "监视 \(folders)/\(watches)，实例 \(inboxes.count)/\(instances)"
                )
            ] : found
    }

    private static func short(_ name: String, has: Int, needs: Int) -> Diagnosis {
        let setting = "fs.inotify.\(name)=\(needs)"
        return fault(
            .internal,
            "fs.inotify.\(name) is \(has): new files are noticed late; \(needs) is enough",
            "fs.inotify.\(name) 为 \(has)，新文件会较晚被发现，建议 \(needs)",
            command: "echo \(setting) >> /etc/sysctl.d/60-reportd.conf && sysctl -w \(setting)"
        )
    }
}

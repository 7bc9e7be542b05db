import Glibc
import ReportModel
import ReportStore

/// There is room, in bytes and in inodes, where the node writes.
enum DiskCheck: DoctorCheck {
    static let name = "disk"
    static let title = Words("disk", "磁盘空间")
    /// Inodes under which a disk counts as full: every filing makes some files in the inbox.
    private static let leastInodeCount: UInt = 10_000

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration else { return [] }
        let paths = [configuration.store] + configuration.inboxes.map(\.path)
        var seen: Set<UInt64> = []
        var found: [Diagnosis] = []
        for path in paths {
            var information = stat()
            guard stat(path, &information) == 0, seen.insert(UInt64(information.st_dev)).inserted
            else { continue }
            found += room(path, configuration)
        }
        return found
    }

    private static func room(_ path: String, _ configuration: NodeConfiguration) -> [Diagnosis] {
        var room = statvfs()
        guard statvfs(path, &room) == 0 else { return [] }
        let block = Int(room.f_frsize)
        let free = Int(room.f_bavail) * block
        let size = Int(room.f_blocks) * block
        let text = "\(free >> 20) MiB"
        let command =
            "du -xh --max-depth=2 \(path.shellWord) | sort -h | tail -20; "
            + "reportctl du --store \(configuration.store.shellWord)"
        var found: [Diagnosis] = []
        if path == configuration.store, free < configuration.disk.full(of: size) {
            found.append(
                fault(
                    .noSpace,
                    "\(text) free at \(path): nothing is stored any more",
                    "\(path) 仅剩 \(text)，已停止写入",
                    command: command
                )
            )
        } else if free < configuration.disk.low(of: size) {
            found.append(
                fault(
                    .noSpace,
                    "only \(text) free at \(path)",
                    "\(path) 仅剩 \(text)",
                    command: command
                )
            )
        }
        if room.f_files > 0, UInt(room.f_favail) < leastInodeCount {
            found.append(
                fault(
                    .noSpace,
                    "only \(room.f_favail) inodes free at \(path)",
                    "\(path) 仅剩 \(room.f_favail) 个索引节点",
                    command: "du --inodes -x --max-depth=2 \(path.shellWord) | sort -n | tail -20"
                )
            )
        }
        if room.f_flag & UInt(ST_RDONLY) != 0 {
            found.append(
                fault(
                    .readOnly,
                    "the file system of \(path) is read-only",
                    "\(path) 所在文件系统为只读",
                    command:
                        "dmesg | tail -50; mount -o remount,rw \"$(df --output=target \(path.shellWord) | tail -1)\""
                )
            )
        }
        return found.isEmpty ? [ok("\(text) free at \(path)", "\(path) 剩余 \(text)")] : found
    }
}

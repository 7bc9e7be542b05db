import Glibc
import ReportModel

/// The node can read and write what is its own, and nobody else reads its keys.
enum PermissionCheck: DoctorCheck {
    static let name = "permissions"
    static let title = Words("permissions", "文件权限")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration, !configuration.store.isEmpty else {
            return []
        }
        let who = patient.account
        var found: [Diagnosis] = []
        let store = configuration.store
        if access(store, F_OK) == 0 {
            found += reach(store, R_OK | W_OK | X_OK, who)
            found += foreignFiles(in: store, who)
        } else if errno == EACCES {
            return [
                notice(
                    "\(store) cannot be looked into by this user",
                    "当前用户无法查看 \(store)",
                    command: patient.asRoot("reportctl doctor --config \(patient.file.shellWord)")
                )
            ]
        }
        found += reach(patient.file, R_OK, who)
        for inbox in configuration.inboxes { found += inboxFolder(inbox.path, who) }
        if let folder = configuration.backup?.folder { found += backupFolder(folder, who) }
        found += secret("\(store)/node.key", who)
        if let tls = configuration.tls {
            if access(tls.identity, F_OK) == 0 {
                found += reach(tls.identity, R_OK | W_OK | X_OK, who)
                found += foreignFiles(in: tls.identity, who)
            }
            if let authority = tls.authority, access(authority, F_OK) == 0 {
                found += reach(authority, R_OK | W_OK | X_OK, who)
                found += foreignFiles(in: authority, who)
                found += secret("\(authority)/authority.key", who)
            }
        }
        if let grants = configuration.grantsFile, access(grants, F_OK) == 0 {
            found += reach(grants, R_OK | (configuration.tls?.authority == nil ? 0 : W_OK), who)
        }
        if found.isEmpty {
            found.append(
                ok(
                    "\(who.name) reaches store, inbox, keys and grants",
                    "\(who.name) 可读写存储、收件夹、密钥和授权文件"
                )
            )
        }
        return found
    }

    private static func reach(_ path: String, _ wanted: Int32, _ who: Account) -> [Diagnosis] {
        guard let obstacle = who.obstacle(at: path, wanted: wanted) else { return [] }
        let isSelf = obstacle == path
        let rights = wanted & W_OK == 0 ? "rX" : "rwX"
        return [
            fault(
                .notAllowed,
                "\(who.name) cannot use \(path)" + (isSelf ? "" : ": \(obstacle) keeps it out"),
                "\(who.name) 无法访问 \(path)" + (isSelf ? "" : "：被 \(obstacle) 阻挡"),
                command: isSelf
                    ? wanted & W_OK == 0
                        ? "chgrp \(who.groupName) \(path.shellWord) && chmod g+\(rights) \(path.shellWord)"
                        : "chown \(who.name): \(path.shellWord) && chmod u+\(rights) \(path.shellWord)"
                    : "chmod o+x \(obstacle.shellWord)"
            )
        ]
    }

    private static func inboxFolder(_ path: String, _ who: Account) -> [Diagnosis] {
        var information = stat()
        guard stat(path, &information) == 0 else {
            return [
                fault(
                    .notFound,
                    "the inbox \(path) is not there",
                    "收件夹 \(path) 不存在",
                    command:
                        "install -d -o \(who.name) -g \(who.groupName) -m 2770 \(path.shellWord)"
                )
            ]
        }
        let found = reach(path, R_OK | W_OK | X_OK, who)
        return found.isEmpty ? closedFolder(path, information, who) : found
    }

    /// That nobody but the node can put a file into an inbox, where the node's user is one that nobody logs in as.
    private static func closedFolder(
        _ path: String,
        _ information: stat,
        _ who: Account
    ) -> [Diagnosis] {
        let (mode, enter) = (UInt32(information.st_mode), UInt32(0o3))
        let isGroups = information.st_gid != 0 && mode >> 3 & enter == enter
        guard !who.isPerson, !isGroups, mode & enter != enter else { return [] }
        let give = information.st_gid == 0 ? "chgrp \(who.groupName) \(path.shellWord) && " : ""
        return [
            fault(
                .notAllowed,
                "nobody but \(who.name) can put files into the inbox \(path)",
                "除 \(who.name) 外，无人能向收件夹 \(path) 放入文件",
                command: give + "chmod 2770 \(path.shellWord)"
                    + "    # then for each clerk: adduser CLERK \(who.groupName)"
            )
        ]
    }

    private static func backupFolder(_ path: String, _ who: Account) -> [Diagnosis] {
        var information = stat()
        guard stat(path, &information) == 0 else {
            return [
                fault(
                    .notFound,
                    "the backup folder \(path) is not there: mount its disk, or make it",
                    "备份文件夹 \(path) 不存在：请挂载所在磁盘，或新建文件夹",
                    command:
                        "install -d -o \(who.name) -g \(who.groupName) -m 0700 \(path.shellWord)"
                )
            ]
        }
        return reach(path, R_OK | W_OK | X_OK, who)
    }

    /// Files that another user, mostly root, has made among those of the node.
    private static func foreignFiles(in folder: String, _ who: Account) -> [Diagnosis] {
        let foreign = FolderScan.names(in: folder).filter { name in
            var information = stat()
            return lstat("\(folder)/\(name)", &information) == 0
                && information.st_uid != who.user
        }
        guard let first = foreign.first else { return [] }
        return [
            fault(
                .notAllowed,
                "\(foreign.count) files in \(folder) do not belong to \(who.name), such as \(first)",
                "\(folder) 中有 \(foreign.count) 个文件不属于 \(who.name)，如 \(first)",
                command: "chown -R \(who.name): \(folder.shellWord)"
            )
        ]
    }

    private static func secret(_ path: String, _ who: Account) -> [Diagnosis] {
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & 0o077 != 0 else { return [] }
        return [
            fault(
                .notAllowed,
                "\(path) may be read by others",
                "其他用户可读取 \(path)",
                command: "chmod 600 \(path.shellWord)"
            )
        ]
    }
}

import Glibc
import ReportModel

/// The node runs, and starts with the machine; systemd lets it write where it has to.
enum ServiceCheck: DoctorCheck {
    static let name = "service"
    static let title = Words("node", "节点运行")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration else { return [] }
        var found: [Diagnosis] = []
        let isManaged = access("/run/systemd/system", F_OK) == 0
        if let name = patient.status?["name"]?.stringValue {
            found.append(ok("\(name) runs and answers", "\(name) 正在运行"))
        } else {
            found.append(
                notice(
                    "the node does not run, or does not answer",
                    "节点没有运行，或没有应答",
                    command: isManaged
                        ? "systemctl start reportd; journalctl -u reportd -n 20"
                        : "runuser -u \(patient.account.name) -- reportd --config \(patient.file.shellWord)"
                )
            )
        }
        let wants = "/etc/systemd/system/multi-user.target.wants/reportd.service"
        if isManaged, access(wants, F_OK) != 0 {
            found.append(
                notice(
                    "the node does not start with the machine",
                    "节点未设为开机启动",
                    command: "systemctl enable reportd"
                )
            )
        }
        return found + unitFolders(configuration)
    }

    /// Folders of the configuration that the unit keeps the node out of.
    ///
    /// One command for all of them: it replaces the file that an earlier one wrote.
    private static func unitFolders(_ configuration: NodeConfiguration) -> [Diagnosis] {
        let unit = "/lib/systemd/system/reportd.service"
        guard access(unit, F_OK) == 0 else { return [] }
        let folder = "/etc/systemd/system/reportd.service.d"
        let texts = dropIns(in: folder)
        let foreign = UnitFolders.foreign(configuration.writtenFolders)
        let missing = foreign.filter { path in !texts.contains { $0.contains(path) } }
        guard !missing.isEmpty else { return [] }
        let lines = UnitFolders.text(foreign).split(separator: "\n").dropFirst()
            .map(\.shellWord).joined(separator: " ")
        let names = missing.joined(separator: ", ")
        return [
            fault(
                .notAllowed,
                "the sandbox of reportd.service keeps the node out of \(names)",
                "reportd.service 的沙箱不允许写入 \(names)",
                command:
                    "mkdir -p \(folder) && printf '%s\\n' \(lines) > \(folder)/folders.conf && "
                    + "systemctl daemon-reload && systemctl restart reportd"
            )
        ]
    }

    private static func dropIns(in folder: String) -> [String] {
        FolderScan.names(in: folder).filter { $0.hasSuffix(".conf") }
            .compactMap { Patient.text(of: "\(folder)/\($0)") }
    }
}

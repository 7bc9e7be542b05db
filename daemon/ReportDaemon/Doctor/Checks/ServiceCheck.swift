import Glibc
import ReportModel
import ReportStore

/// The node runs, and starts with the machine; systemd lets it write where it has to.
enum ServiceCheck: DoctorCheck {
    static let name = "service"
    static let title = Words("node", "节点运行")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration else { return [] }
        var found = [running(configuration, patient)]
        let wants = "/etc/systemd/system/multi-user.target.wants/reportd.service"
        if isUnit(patient), access(wants, F_OK) != 0 {
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

    /// Whether the node runs and answers.
    private static func running(
        _ configuration: NodeConfiguration,
        _ patient: Patient
    ) -> Diagnosis {
        if let status = patient.status {
            let name = status["name"]?.stringValue ?? configuration.name
            return ok("\(name) runs and answers", "\(name) 正在运行")
        }
        if let silence = patient.silence {
            return fault(
                .timedOut,
                "the node hangs: \(silence.message)",
                "节点没有应答：能连接，但收不到任何回复",
                command: isUnit(patient)
                    ? "journalctl -u reportd -n 20; systemctl restart reportd"
                    : "ss -xlp src \("\(configuration.store)/\(Store.socketName)".shellWord)"
                        + "    # names the process: end it and start the node anew"
            )
        }
        guard patient.isOwner || !configuration.plainAddresses.isEmpty else {
            return notice(
                "this user cannot ask the node whether it runs",
                "当前用户无法查询节点是否运行",
                command: patient.asRoot("reportctl doctor --config \(patient.file.shellWord)")
            )
        }
        return fault(
            .unreachable,
            "the node does not run: nothing is taken in, and nothing sent",
            "节点没有运行：不收取文件，也不上报",
            command: start(patient)
        )
    }

    /// What starts the node.
    /// - Parameter patient: the node.
    /// - Returns: a command for a shell.
    static func start(_ patient: Patient) -> String {
        guard !isUnit(patient) else {
            return "systemctl start reportd || journalctl -u reportd -n 20"
        }
        let program = "reportd --config \(patient.file.shellWord)"
        return patient.account.user == geteuid()
            ? program : patient.asRoot("runuser -u \(patient.account.name) -- \(program)")
    }

    /// Whether the node is the one that the unit of the package starts.
    private static func isUnit(_ patient: Patient) -> Bool {
        patient.file == NodeConfiguration.usualPath && access("/run/systemd/system", F_OK) == 0
            && access(unit, F_OK) == 0
    }

    private static let unit = "/lib/systemd/system/reportd.service"

    /// Folders of the configuration that the unit keeps the node out of.
    ///
    /// One command for all of them: it replaces the file that an earlier one wrote.
    private static func unitFolders(_ configuration: NodeConfiguration) -> [Diagnosis] {
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

import ReportModel

/// The configuration is there and has no faults.
enum ConfigurationCheck: DoctorCheck {
    static let name = "configuration"
    static let title = Words("configuration", "配置文件")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        if let error = patient.unreadable {
            let isMissing = error.message.contains("No such file")
            return [
                fault(
                    .usage,
                    error.message,
                    isMissing ? "没有配置文件 \(patient.file)" : "无法读取 \(patient.file)：\(error.message)",
                    command: isMissing
                        ? "reportd init --config \(patient.file.shellWord)"
                        : patient.asRoot("reportctl doctor --config \(patient.file.shellWord)")
                )
            ]
        }
        // That there is no certificate is told with the certificate.
        let faults = patient.faults.filter { $0.setting != "tls.folder" }
        guard faults.isEmpty else {
            return faults.map { found in
                let instead = found.instead ?? Words("", "")
                return fault(
                    .usage,
                    "\(found.place): \(found.message.english); \(instead.english)",
                    "\(found.place)：\(found.message.chinese)；\(instead.chinese)",
                    command: patient.asRoot("editor \(found.path.shellWord)") + " && "
                        + patient.asRoot("reportd check-config \(patient.file.shellWord)")
                )
            }
        }
        return [ok(patient.file, patient.file)]
    }
}

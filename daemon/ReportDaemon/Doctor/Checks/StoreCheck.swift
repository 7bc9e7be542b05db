import Glibc
import ReportModel
import ReportStore

/// The store opens, is sound as far as is known, and takes filings.
enum StoreCheck: DoctorCheck {
    static let name = "store"
    static let title = Words("store", "存储")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration, !configuration.store.isEmpty else {
            return []
        }
        let directory = configuration.store
        guard patient.isOwner else {
            return [
                notice(
                    "only \(patient.account.name) and root can open the store",
                    "只有 \(patient.account.name) 和 root 能打开存储",
                    command: patient.asRoot("reportctl doctor --config \(patient.file.shellWord)")
                )
            ]
        }
        guard access("\(directory)/data.mdb", F_OK) == 0 else {
            return [
                notice(
                    "there is no store yet at \(directory); the first start makes it",
                    "\(directory) 尚无存储，首次启动时建立"
                )
            ]
        }
        // Damaged pages may end whoever reads them; the node has looked already.
        if let found = readOnly(patient) { return [found] }
        var found: [Diagnosis] = []
        do throws(ReportError) {
            let status = try await patient.account.acting { () async throws(ReportError) in
                let store = try Store.openReadOnly(directory: directory)
                defer { store.close() }
                return try await store.status()
            }
            found += holds(status, patient, directory)
            if found.isEmpty {
                found.append(
                    ok(
                        "\(status.keyCount) records, \(status.versionCount) versions",
                        "\(status.keyCount) 条记录，\(status.versionCount) 个版本"
                    )
                )
            }
        } catch {
            found.append(refusal(error, patient, directory))
        }
        return found + damage(patient, directory)
    }

    /// That the running node writes nothing, why, and what to do.
    private static func readOnly(_ patient: Patient) -> Diagnosis? {
        guard let trouble = patient.status?["readOnly"], !trouble.isNull else { return nil }
        let message = trouble["message"]?.stringValue ?? ""
        return fault(
            .readOnly,
            "the node takes nothing, it is read-only: \(message)",
            "节点处于只读状态，不接收任何内容：\(message)",
            command: trouble["hint"]?.stringValue
        )
    }

    private static func refusal(
        _ error: ReportError,
        _ patient: Patient,
        _ directory: String
    ) -> Diagnosis {
        let command =
            switch error.code {
            case .unsupported: "systemctl restart reportd"
            case .conflict: "reportctl status --store \(directory.shellWord)"
            case .notAllowed: "chown -R \(patient.account.name): \(directory.shellWord)"
            default: "reportctl verify --store \(directory.shellWord)"
            }
        return fault(
            error.code,
            "the store does not open: \(error.message)",
            "存储无法打开：\(error.message)",
            command: command
        )
    }

    private static func holds(
        _ status: StoreStatus,
        _ patient: Patient,
        _ directory: String
    ) -> [Diagnosis] {
        var found: [Diagnosis] = []
        if let hold = status.hold {
            found.append(
                fault(
                    .readOnly,
                    "nothing is filed until an upstream was asked: \(hold.reason.rawValue)",
                    "暂停接收报告，等待上级节点：\(hold.reason.rawValue)",
                    command: patient.status == nil
                        ? ServiceCheck.start(patient)
                        : "reportctl status    # says what keeps the upstream away; when none can be "
                            + "reached: reportctl peer proceed"
                )
            )
        }
        for log in status.logs where log.isForked && !log.isReleased {
            found.append(
                fault(
                    .forked,
                    "log \(log.descriptor.id) of \(log.descriptor.name) has two branches",
                    "\(log.descriptor.name) 的日志 \(log.descriptor.id) 出现两个分支",
                    command: "reportctl peer evidence --store \(directory.shellWord)"
                )
            )
        }
        return found
    }

    /// What the last check of the whole store found, and reads since.
    private static func damage(_ patient: Patient, _ directory: String) -> [Diagnosis] {
        let check = patient.status?["verification"]
        let problems = check?["problems"]?.arrayValue ?? []
        guard let first = problems.first?.stringValue else { return [] }
        return [
            fault(
                .integrity,
                "the last check, or reads since, found \(problems.count) places damaged: \(first)",
                "上次核对或之后的读取发现 \(problems.count) 处损坏：\(first)",
                command: "reportctl repair --store \(directory.shellWord)"
            )
        ]
    }
}

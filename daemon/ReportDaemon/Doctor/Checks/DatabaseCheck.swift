import ReportModel
import ReportPostgres

/// The database that several nodes share answers, has its tables, and this node follows it.
enum DatabaseCheck: DoctorCheck {
    static let name = "database"
    static let title = Words("database", "数据库")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let database = patient.configuration?.database else { return [] }
        let shown = database.shown
        do throws(ReportError) {
            try await StoreCopy.probe(database)
        } catch {
            return [
                fault(
                    error.code,
                    "\(shown): \(error.message)",
                    "\(shown)：\(error.message)",
                    command: command(error, shown)
                )
            ]
        }
        guard let state = patient.status?["database"]?.stringValue, state != "current" else {
            return [ok("\(shown) answers", "\(shown) 可连接")]
        }
        return [
            notice(
                "\(shown) answers; the node: \(state)",
                "\(shown) 可连接；节点状态：\(state)",
                command: "reportctl status"
            )
        ]
    }

    private static func command(_ error: ReportError, _ shown: String) -> String? {
        switch error.code {
        case .needsTool: "apt-get install libpq5"
        case .notFound: "reportctl store init \(shown.shellWord)"
        default: error.hint
        }
    }
}

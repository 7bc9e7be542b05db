import ReportModel

/// Looks a node and its machine over, whether the node runs or not; changes nothing.
public struct Doctor: Sendable {
    static let checks: [any DoctorCheck.Type] = [
        ConfigurationCheck.self, ServiceCheck.self, PermissionCheck.self, StoreCheck.self,
        DatabaseCheck.self, WorkerCheck.self, DiskCheck.self, ClockCheck.self, InotifyCheck.self,
        PortCheck.self,
        CertificateCheck.self, UpstreamCheck.self, PeerCheck.self, ConverterCheck.self,
        LocaleCheck.self,
        BackupCheck.self,
    ]

    private let patient: Patient

    /// Prepares an examination.
    /// - Parameter file: the configuration of the node.
    public init(file: String) async {
        patient = await Patient(file: file)
    }

    init(_ patient: Patient) { self.patient = patient }

    /// What each check looks at, by its word.
    public static var titles: [String: Words] {
        Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0.title) })
    }

    /// Runs all checks.
    /// - Returns: what each of them found, in their order.
    public func examine() async -> [Diagnosis] {
        var found: [Diagnosis] = []
        for check in Self.checks { found += await check.examine(patient) }
        return found
    }
}

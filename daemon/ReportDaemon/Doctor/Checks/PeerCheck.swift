import ReportIntake
import ReportModel

/// Logs of the nodes below go on: none is refused for what it holds.
enum PeerCheck: DoctorCheck {
    static let name = "peers"
    static let title = Words("peers", "下级节点")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        let peers = patient.status?["peers"]?.arrayValue ?? []
        return peers.filter { $0["upstream"]?.boolValue != true }.flatMap { peer in
            let name = SafeText.line(peer["name"]?.stringValue ?? peer["key"]?.stringValue ?? "?")
            // A log with two branches is told with the store.
            return RefusedLogs.all(of: peer) {
                $0["error"]?.stringValue == ReportError.Code.forked.rawValue
            }.map { fault(of: $0, with: name, patient) }
        }
    }
}

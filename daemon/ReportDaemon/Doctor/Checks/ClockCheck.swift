import CReportd
import Glibc
import ReportModel
import ReportStore

/// The clock is set by a time server and is not behind what was recorded.
enum ClockCheck: DoctorCheck {
    static let name = "clock"
    static let title = Words("clock", "系统时间")
    /// How far the newest entry may be ahead.
    private static let tolerance: UInt64 = 60_000

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        var found: [Diagnosis] = []
        let now = patient.now()
        if let newest = await newestEntry(patient),
            newest.milliseconds > now.milliseconds + tolerance
        {
            found.append(
                fault(
                    .internal,
                    "the clock says \(now.zonedOfficeText), but something was recorded at "
                        + newest.zonedOfficeText,
                    "系统时间为 \(now.zonedOfficeText)，但已有记录的时间为 \(newest.zonedOfficeText)",
                    command: "timedatectl set-ntp true && timedatectl"
                )
            )
        }
        found += patient.status.map(ahead) ?? []
        if reportd_clock_is_set() == 0 {
            found.append(
                notice(
                    "no time server sets the clock; receipts show its time",
                    "系统时间未与时间服务器同步，回执以此时间为准",
                    command: "apt-get install systemd-timesyncd && timedatectl set-ntp true"
                )
            )
        }
        return found.isEmpty ? [ok(now.zonedOfficeText, now.zonedOfficeText)] : found
    }

    /// Logs whose stamps are more than 24 hours ahead, as the running node tells.
    private static func ahead(_ status: JSONValue) -> [Diagnosis] {
        (status["logs"]?.arrayValue ?? []).compactMap { log in
            guard let stamp = log["aheadOfClock"]?.stringValue.flatMap({ Timestamp(parsing: $0) })
            else { return nil }
            let name = log["name"]?.stringValue ?? ""
            return notice(
                "what \(name) files is stamped \(stamp.zonedOfficeText), more than 24 hours ahead of this clock: "
                    + "its clock is or was wrong, or this one. The stamps of a log never go back",
                "\(name) 的记录时间为 \(stamp.zonedOfficeText)，比本机时间快 24 小时以上："
                    + "该单位或本机的系统时间有误（或曾经有误）。同一日志的记录时间不会倒退",
                command: "timedatectl"
            )
        }
    }

    private static func newestEntry(_ patient: Patient) async -> Timestamp? {
        guard let directory = patient.configuration?.store, patient.isOwner,
            access("\(directory)/data.mdb", F_OK) == 0
        else { return nil }
        return try? await patient.account.acting { () async throws(ReportError) in
            let store = try Store.openReadOnly(directory: directory)
            defer { store.close() }
            // Of this node's logs alone: another node's clock may be wrong.
            let own = try await store.logStates().filter { $0.descriptor.node == store.node }
            return own.compactMap { $0.head?.signedAt }.max()
        }
    }
}

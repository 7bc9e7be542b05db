import ReportAuthority
import ReportCommands
import ReportModel

/// A certificate as people and programs read it.
enum CertificateText {
    /// The lines of a certificate; without a time it is not revoked.
    static func lines(_ held: HeldCertificate, _ revokedAt: Timestamp?) -> [String] {
        let state = Self.state(held, revokedAt)
        return [
            Wording.pick("name      ", "名称      ") + held.name,
            Wording.pick("serial    ", "序列号    ") + held.serial,
            Wording.pick("key       ", "公钥      ") + (held.node?.description ?? "-"),
            Wording.pick("for       ", "用途      ") + (held.kind?.rawValue ?? "authority"),
            Wording.pick("until     ", "有效期至  ") + held.notAfter.zonedOfficeText
                + (state.isEmpty ? "" : "  " + state),
        ]
    }

    static func json(_ held: HeldCertificate, _ revokedAt: Timestamp?) -> JSONValue {
        [
            "name": .string(held.name), "serial": .string(held.serial),
            "key": .optional(held.node?.description), "kind": .optional(held.kind?.rawValue),
            "notBefore": .string(held.notBefore.description),
            "notAfter": .string(held.notAfter.description),
            "daysLeft": .integer(held.daysLeft(at: .now)),
            "revokedAt": .optional(revokedAt?.description),
        ]
    }

    /// What is not as it should be; empty when all is well.
    static func state(_ held: HeldCertificate, _ revokedAt: Timestamp?) -> String {
        if revokedAt != nil { return Wording.pick("REVOKED", "已吊销") }
        let days = held.daysLeft(at: .now)
        if days < 0 { return Wording.pick("EXPIRED", "已过期") }
        guard days <= AuthorityLimits.warningDays else { return "" }
        return Wording.pick("ends in \(days) days", "还剩 \(days) 天")
    }
}

import Glibc
import ReportAuthority
import ReportModel
import ReportTLS
import Testing

/// A folder of its own with an authority in it.
final class TestAuthority {
    let root: String
    let authority: Authority

    init(_ name: String = "湛江市财政局", days: Int = 3650, at now: Timestamp = .now) throws {
        var template = Array("/tmp/reportd-test-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        root = String(cString: made)
        authority = try Authority.create(in: root + "/authority", name: name, days: days, at: now)
    }

    deinit {
        for folder in ["authority/issued", "authority/tokens", "authority", ""] {
            let path = root + "/" + folder
            for name in IdentityFile.names(in: path) + [".lock"] { unlink(path + "/" + name) }
            rmdir(path)
        }
    }

    /// An identity with a certificate of this authority.
    func identity(
        _ name: String,
        kind: HeldCertificate.Kind = .node,
        key: NodeKey = NodeKey(),
        days: Int = 30,
        at now: Timestamp = .now
    ) throws -> TLSIdentity {
        let held = try authority.issue(to: key.id, name: name, kind: kind, days: days, at: now)
        return try TLSIdentity(
            certificate: Array(PEM.text("CERTIFICATE", held.bytes).utf8),
            authority: Array(authority.pem.utf8),
            key: key,
            place: name
        )
    }

    func judge() throws -> CertificateJudge {
        try CertificateJudge(
            authority: authority.certificate.bytes,
            revocations: authority.revocations()
        )
    }
}

extension Timestamp {
    /// The time some days later, or earlier.
    func days(_ count: Int) -> Timestamp {
        Timestamp(milliseconds: UInt64(Int64(milliseconds) + Int64(count) * 86_400_000))
    }
}

/// The error that a closure throws.
func failure(_ body: () throws -> Void) -> ReportError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ReportError
    }
}

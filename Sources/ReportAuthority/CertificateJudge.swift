import Crypto
public import ReportModel
public import ReportTLS
import SwiftASN1
import X509

/// Decides whether a certificate is good: signed by the authority, in its time, for the purpose, not revoked.
///
/// Says which of these it is not.
/// There are no authorities between: a chain has two certificates.
///
/// Source: RFC 5280 section 6.1, for chains of this length; docs/decisions/0014-identity.md.
public struct CertificateJudge: Sendable {
    private let authority: HeldCertificate
    /// Certificates that are not good any more.
    public let revocations: RevocationList?

    /// Takes the authority's certificate.
    /// - Parameters:
    ///   - authority: DER.
    ///   - revocations: its list; nil: nothing is revoked.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed` when the certificate is none of an authority.
    public init(authority: [UInt8], revocations: RevocationList?) throws(ReportError) {
        let held = try HeldCertificate(der: authority)
        guard Self.isAuthority(held.certificate) else {
            throw ReportError(.notAllowed, "the authority's certificate is none of an authority")
        }
        self.authority = held
        self.revocations = revocations
    }

    /// Looks at a certificate.
    /// - Parameters:
    ///   - certificate: what the other side showed, with proof of its key by TLS.
    ///   - purpose: what the other side is: a node that was connected to, or anybody who connects.
    ///   - now: the present.
    /// - Returns: what it says; its `node` is set.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed` with the reason.
    @discardableResult
    public func judge(
        _ certificate: PeerCertificate,
        as purpose: HeldCertificate.Kind,
        at now: Timestamp = .now
    ) throws(ReportError) -> HeldCertificate {
        let held = try HeldCertificate(der: certificate.bytes)
        guard held.certificate.issuer == authority.certificate.subject,
            authority.certificate.publicKey.isValidSignature(
                held.certificate.signature,
                for: held.certificate
            )
        else { throw Self.refusal("the certificate is not from this authority") }
        for checked in [authority, held] {
            let what =
                checked.serial == held.serial ? "the certificate" : "the authority's certificate"
            guard now >= checked.notBefore else {
                throw Self.refusal(
                    "\(what) is valid from \(checked.notBefore) on: is a clock wrong?"
                )
            }
            guard now <= checked.notAfter else {
                throw Self.refusal("\(what) has expired at \(checked.notAfter)")
            }
        }
        if let entry = revocations?.entry(of: held.serial) {
            throw Self.refusal("the certificate was revoked at \(entry.revokedAt)")
        }
        guard held.node != nil, held.kind != nil, purpose == .client || held.kind == .node,
            Self.isEndEntity(held.certificate)
        else { throw Self.refusal("the certificate is none of a \(purpose.rawValue)") }
        return held
    }

    private static func refusal(_ message: String) -> ReportError {
        ReportError(
            .notAllowed,
            message,
            hint: "the authority issues another: reportctl pki token, pki renew or pki issue"
        )
    }

    private static let knownCritical: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage,
        .X509ExtensionID.extendedKeyUsage,
    ]

    private static func isEndEntity(_ certificate: Certificate) -> Bool {
        guard case .notCertificateAuthority? = try? certificate.extensions.basicConstraints,
            (try? certificate.extensions.keyUsage)?.digitalSignature == true
        else { return false }
        return certificate.extensions.allSatisfy {
            !$0.critical || knownCritical.contains($0.oid)
        }
    }

    private static func isAuthority(_ certificate: Certificate) -> Bool {
        guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints,
            (try? certificate.extensions.keyUsage)?.keyCertSign == true
        else { return false }
        return certificate.issuer == certificate.subject
            && certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }
}

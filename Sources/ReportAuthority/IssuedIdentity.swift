import Glibc
public import ReportModel
public import ReportTLS

/// What an authority hands out: a certificate, its own, and the list of revoked ones; goes into the folder of
/// an identity.
public struct IssuedIdentity: Sendable {
    private let certificate: String
    private let authority: String
    private let revoked: String?

    /// Takes the answer of `JOIN` or `RENEW`.
    /// - Parameter answer: an object.
    /// - Throws: ``ReportModel/ReportError`` `internal` when it is none of these.
    public init(_ answer: JSONValue) throws(ReportError) {
        guard let certificate = answer["certificate"]?.stringValue,
            let authority = answer["authority"]?.stringValue
        else { throw ReportError(.internal, "the answer holds no certificate") }
        self.certificate = certificate
        self.authority = authority
        revoked = answer["revoked"]?.stringValue
    }

    /// Takes what was signed here.
    /// - Parameters:
    ///   - held: the certificate.
    ///   - authority: who signed it.
    /// - Throws: ``ReportModel/ReportError`` when its list cannot be read.
    public init(_ held: HeldCertificate, _ authority: Authority) throws(ReportError) {
        certificate = PEM.text("CERTIFICATE", held.bytes)
        self.authority = authority.pem
        revoked = try IdentityFile.textIfAny("\(authority.folder)/\(TLSIdentity.FileName.revoked)")
    }

    /// The certificate as it was received, checked against the key and the authority.
    /// - Parameters:
    ///   - key: the key that it must be for.
    ///   - fingerprint: of the authority that it must be from; nil: the one that it came with.
    /// - Returns: the identity.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed`, `integrity`.
    @discardableResult
    public func check(key: NodeKey, authority fingerprint: Hash256?) throws(ReportError)
        -> TLSIdentity
    {
        let identity = try TLSIdentity(
            certificate: Array(certificate.utf8),
            authority: Array(authority.utf8),
            key: key,
            place: "the answer"
        )
        guard fingerprint == nil || identity.authority.fingerprint == fingerprint else {
            throw ReportError(.notAllowed, "the certificate is from another authority")
        }
        let list = try revoked.map { text throws(ReportError) in
            try RevocationList(parsing: text, authority: identity.authority.bytes)
        }
        try CertificateJudge(authority: identity.authority.bytes, revocations: list)
            .judge(identity.certificate, as: .client)
        return identity
    }

    /// Checks everything, then writes the files; those that were there are replaced.
    /// - Parameters:
    ///   - folder: the folder of the identity; made when it is not there.
    ///   - key: the key that the certificate must be for.
    ///   - fingerprint: of the authority that it must be from.
    /// - Throws: ``ReportModel/ReportError``
    public func write(
        to folder: String,
        key: NodeKey,
        authority fingerprint: Hash256? = nil
    ) throws(ReportError) {
        try check(key: key, authority: fingerprint)
        try writeUnchecked(to: folder)
    }

    /// Writes the files of what was signed here, for a key that is elsewhere.
    /// - Parameter folder: the folder of the identity; made when it is not there.
    /// - Throws: ``ReportModel/ReportError``
    public func writeUnchecked(to folder: String) throws(ReportError) {
        try IdentityFile.makeFolder(folder)
        let files = [
            (TLSIdentity.FileName.authority, authority),
            (TLSIdentity.FileName.revoked, try newerList(than: folder)),
            (TLSIdentity.FileName.certificate, certificate),
        ]
        for (name, text) in files {
            guard let text else { continue }
            try IdentityFile.write(Array(text.utf8), to: "\(folder)/\(name)")
        }
        try removeForeignList(folder)
    }

    /// Takes away the list of an authority that the identity is no longer under: no node starts with it.
    private func removeForeignList(_ folder: String) throws(ReportError) {
        let path = "\(folder)/\(TLSIdentity.FileName.revoked)"
        guard revoked == nil, let text = try IdentityFile.textIfAny(path),
            let own = PEM.bytes("CERTIFICATE", in: Array(authority.utf8)),
            (try? RevocationList(parsing: text, authority: own)) == nil
        else { return }
        unlink(path)
    }

    /// The list that came; nil when the folder holds a newer one of the same authority.
    private func newerList(than folder: String) throws(ReportError) -> String? {
        guard let revoked,
            let text = try IdentityFile.textIfAny("\(folder)/\(TLSIdentity.FileName.revoked)"),
            let first = PEM.bytes("CERTIFICATE", in: Array(authority.utf8)),
            let old = try? RevocationList(parsing: text, authority: first),
            let new = try? RevocationList(parsing: revoked, authority: first),
            new.number < old.number
        else { return revoked }
        return nil
    }
}

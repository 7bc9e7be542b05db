public import ReportModel
public import ReportTLS

/// How a client comes in under TLS: who it is, and which node it expects.
public struct SecureAccess: Sendable {
    /// The client's key and certificate.
    public var identity: TLSIdentity
    /// The key that the node must prove.
    public var node: NodeID
    /// Looks at the node's certificate; nil: its chain and time are verified by TLS itself.
    public var check: TLSClient.Check?
    /// Certificates that are not good any more, as the folder of the identity knows them.
    public var revocations: RevocationList?

    /// Makes an access.
    /// - Parameters:
    ///   - identity: the client's key and certificate.
    ///   - node: the key that the node must prove.
    ///   - check: looks at the node's certificate.
    public init(identity: TLSIdentity, node: NodeID, check: TLSClient.Check? = nil) {
        self.identity = identity
        self.node = node
        self.check = check
    }

    /// Reads the folder of a client's identity.
    /// - Parameters:
    ///   - folder: holds key, certificates, and lines `HOST:PORT KEY` in ``ReportTLS/TLSIdentity/FileName/nodes``.
    ///   - address: the node that is asked.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed` when the node's key is not known, or the identity
    ///   was taken back.
    public init(folder: String, address: String) throws(ReportError) {
        identity = try TLSIdentity(folder: folder)
        let list = try IdentityFile.textIfAny("\(folder)/\(TLSIdentity.FileName.revoked)")
        let authority = identity.authority.bytes
        revocations = try list.map { text throws(ReportError) in
            try RevocationList(parsing: text, authority: authority)
        }
        if let entry = revocations?.entry(of: identity.certificate.serial) {
            throw ReportError(
                .notAllowed,
                "the certificate in \(folder) was revoked at \(entry.revokedAt)",
                hint:
                    "ask the office of the authority for a new token, then reportctl pki join into an empty "
                    + "folder"
            )
        }
        let path = "\(folder)/\(TLSIdentity.FileName.nodes)"
        let lines = (try IdentityFile.textIfAny(path) ?? "").split(whereSeparator: \.isNewline)
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0].elementsEqual(address) else { continue }
            guard let node = NodeID(parsing: String(words[1])) else {
                throw ReportError(.usage, "\(path): the key of \(address) is none")
            }
            self.node = node
            return
        }
        throw ReportError(
            .notAllowed,
            "the key of the node at \(address) is not known",
            hint:
                "add the line '\(address) KEY' to \(path); the node prints its key by reportd --show-key"
        )
    }

    /// Looks whether the node's certificate was taken back.
    /// - Parameter certificate: what the node showed.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed`.
    func checkRevocation(of certificate: PeerCertificate) throws(ReportError) {
        guard let entry = revocations?.entry(of: certificate.serial) else { return }
        throw ReportError(
            .notAllowed,
            "the node's certificate was revoked at \(entry.revokedAt)",
            hint:
                "ask the office of the authority before anything else: somebody may hold the node's key"
        )
    }
}

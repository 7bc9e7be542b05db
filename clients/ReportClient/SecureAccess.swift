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
    /// - Throws: ``ReportModel/ReportError`` `not-allowed` when the node's key is not known.
    public init(folder: String, address: String) throws(ReportError) {
        identity = try TLSIdentity(folder: folder)
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
}

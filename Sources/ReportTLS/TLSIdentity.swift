import NIOCore
public import NIOSSL
public import ReportModel

/// Who a node or a client is under TLS: its Ed25519 key, the certificate for that key, and the authority
/// that both sides trust.
///
/// Source: docs/decisions/0014-identity.md.
public struct TLSIdentity: Sendable {
    /// Names of the files of an identity's folder.
    public enum FileName {
        /// The certificate, PEM.
        public static let certificate = "certificate.pem"
        /// The certificate of the authority, PEM.
        public static let authority = "authority.pem"
        /// The private key of a client, PKCS 8 in PEM; a node uses the key of its store.
        public static let key = "key.pem"
        /// The signed list of certificates that are not valid any more.
        public static let revoked = "revoked"
        /// Lines `HOST:PORT KEY` of the nodes that a client knows.
        public static let nodes = "nodes"
    }

    /// The key that the certificate is for.
    public let key: NodeKey
    /// The own certificate.
    public let certificate: PeerCertificate
    /// The authority's certificate.
    public let authority: PeerCertificate
    private let chain: [NIOSSLCertificate]
    private let privateKey: NIOSSLPrivateKey

    /// Takes certificates and the key.
    /// - Parameters:
    ///   - certificate: PEM; the first certificate counts.
    ///   - authority: PEM of the authority's certificate.
    ///   - key: the private key that the certificate is for.
    ///   - place: where it stands, for errors.
    /// - Throws: ``ReportModel/ReportError`` `integrity` when one cannot be read, `not-allowed` when the
    ///   certificate is for another key.
    public init(
        certificate: [UInt8],
        authority: [UInt8],
        key: NodeKey,
        place: String
    ) throws(ReportError) {
        self.key = key
        guard let own = try? NIOSSLCertificate.fromPEMBytes(certificate).first,
            let root = try? NIOSSLCertificate.fromPEMBytes(authority).first,
            let privateKey = try? NIOSSLPrivateKey(bytes: PrivateKeyFile.der(key), format: .der)
        else {
            throw ReportError(
                .integrity,
                "\(place): \(FileName.certificate) or \(FileName.authority) is no certificate in PEM"
            )
        }
        self.certificate = try PeerCertificate(own)
        self.authority = try PeerCertificate(root)
        chain = [own, root]
        self.privateKey = privateKey
        guard self.certificate.node == key.id else {
            throw ReportError(
                .notAllowed,
                "\(place): the certificate is for another key than \(key.id)",
                hint:
                    "have a certificate issued for this key: reportctl pki join, or pki issue --key"
            )
        }
    }

    /// Reads the folder of an identity.
    /// - Parameters:
    ///   - folder: holds ``FileName/certificate`` and ``FileName/authority``.
    ///   - key: the key of the node; nil: ``FileName/key`` in the folder.
    /// - Throws: ``ReportModel/ReportError`` `not-found`, `integrity`, `not-allowed`.
    public init(folder: String, key: NodeKey? = nil) throws(ReportError) {
        let known: NodeKey
        if let key {
            known = key
        } else {
            known = try PrivateKeyFile.read("\(folder)/\(FileName.key)")
        }
        try self.init(
            certificate: IdentityFile.read("\(folder)/\(FileName.certificate)"),
            authority: IdentityFile.read("\(folder)/\(FileName.authority)"),
            key: known,
            place: folder
        )
    }

    /// SHA-256 of the own certificate: the channel binding where this side is the acceptor.
    public var channelBinding: Hash256 { certificate.fingerprint }

    private static var base: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.verifySignatureAlgorithms = [.ed25519]
        configuration.signingSignatureAlgorithms = [.ed25519]
        configuration.shutdownTimeout = .seconds(1)
        return configuration
    }

    private var configuration: TLSConfiguration {
        var configuration = Self.base
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(privateKey)
        configuration.trustRoots = .certificates([chain[1]])
        configuration.certificateVerification = .noHostnameVerification
        return configuration
    }

    /// The context of connections that this side begins.
    /// - Throws: ``ReportModel/ReportError`` `internal`.
    public func clientContext() throws(ReportError) -> NIOSSLContext {
        try Self.context(configuration)
    }

    /// The context of connections that others begin.
    ///
    /// A certificate is asked for; one that is missing or bad does not end the handshake: whoever runs
    /// the connection looks at it afterwards, and can so say what is wrong.
    /// - Throws: ``ReportModel/ReportError`` `internal`.
    public func serverContext() throws(ReportError) -> NIOSSLContext {
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        server.minimumTLSVersion = .tlsv13
        server.verifySignatureAlgorithms = [.ed25519]
        server.signingSignatureAlgorithms = [.ed25519]
        server.shutdownTimeout = .seconds(1)
        server.trustRoots = .certificates([chain[1]])
        server.certificateVerification = .optionalVerification
        return try Self.context(server)
    }

    /// The context of somebody who has no certificate yet; what the other side shows must be checked
    /// by a callback.
    /// - Throws: ``ReportModel/ReportError`` `internal`.
    public static func strangerContext() throws(ReportError) -> NIOSSLContext {
        var configuration = base
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        return try context(configuration)
    }

    private static func context(_ configuration: TLSConfiguration) throws(ReportError)
        -> NIOSSLContext
    {
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ReportError(.internal, "TLS cannot be set up: \(error)")
        }
    }
}

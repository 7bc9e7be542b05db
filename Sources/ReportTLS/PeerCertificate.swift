public import NIOSSL
public import ReportModel

/// A certificate and what reportd reads in it: above all the Ed25519 key that it was made for.
///
/// Source: docs/decisions/0014-identity.md; RFC 8410 section 4 for the key.
public struct PeerCertificate: Hashable, Sendable {
    /// The certificate, DER.
    public let bytes: [UInt8]
    /// The key of the certificate as a node's key; nil when it is of another kind.
    public let node: NodeID?
    /// SHA-256 of ``bytes``: of the acceptor's certificate, the channel binding of a handshake.
    public let fingerprint: Hash256
    /// Its number in hexadecimal digits.
    public let serial: String
    /// End of its time.
    public let notAfter: Timestamp

    /// Reads a certificate of a TLS connection.
    /// - Parameter certificate: what the other side showed.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed` when it cannot be read.
    public init(_ certificate: NIOSSLCertificate) throws(ReportError) {
        do {
            bytes = try certificate.toDERBytes()
            node = PeerCertificate.node(try certificate.extractPublicKey().toSPKIBytes())
        } catch {
            throw ReportError(.notAllowed, "the certificate cannot be read")
        }
        serial = HexText.text(certificate.serialNumber)
        fingerprint = Hash256(hashing: bytes)
        notAfter = Timestamp(
            milliseconds: UInt64(clamping: certificate.notValidAfter).multipliedClamped(by: 1000)
        )
    }

    /// Bytes before the 32 of an Ed25519 key in a SubjectPublicKeyInfo.
    static let keyPrefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    private static func node(_ info: [UInt8]) -> NodeID? {
        guard info.starts(with: keyPrefix) else { return nil }
        return NodeID(info.dropFirst(keyPrefix.count))
    }
}

extension UInt64 {
    fileprivate func multipliedClamped(by factor: UInt64) -> UInt64 {
        let (product, isOver) = multipliedReportingOverflow(by: factor)
        return isOver ? .max : product
    }
}

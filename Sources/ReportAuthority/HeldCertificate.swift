import Crypto
import FoundationEssentials
public import ReportModel
import SwiftASN1
import X509

/// What a certificate of an authority says.
public struct HeldCertificate: Sendable {
    /// Who a certificate is for.
    public enum Kind: String, Sendable, CaseIterable {
        /// A node: may be connected to, and connects.
        case node
        /// A program or a person: connects only.
        case client
    }

    let certificate: Certificate
    /// DER.
    public let bytes: [UInt8]
    /// Number within its authority, hexadecimal digits.
    public let serial: String
    /// Name for people; nothing is decided by it.
    public let name: String
    /// The key that it is for; nil when that is no Ed25519 key.
    public let node: NodeID?
    /// Whether it may be shown by a node; nil when it may be shown by neither.
    public let kind: Kind?
    /// Beginning of its time.
    public let notBefore: Timestamp
    /// End of its time.
    public let notAfter: Timestamp

    /// Reads a certificate.
    /// - Parameter bytes: DER.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed` when it is none.
    public init(der bytes: [UInt8]) throws(ReportError) {
        do {
            try self.init(Certificate(derEncoded: bytes), bytes)
        } catch {
            throw ReportError(.notAllowed, "the certificate cannot be read")
        }
    }

    /// Reads a certificate.
    /// - Parameters:
    ///   - pem: the text.
    ///   - place: where it stands, for errors.
    /// - Throws: ``ReportModel/ReportError`` `integrity` when it is none.
    public init(pem: [UInt8], place: String) throws(ReportError) {
        do {
            let certificate = try Certificate(pemEncoded: String(decoding: pem, as: UTF8.self))
            try self.init(certificate, Self.bytes(of: certificate))
        } catch {
            throw ReportError(.integrity, "\(place) is no certificate in PEM")
        }
    }

    private init(_ certificate: Certificate, _ bytes: [UInt8]) throws {
        self.certificate = certificate
        self.bytes = bytes
        serial = HexText.text(certificate.serialNumber.bytes)
        let names = certificate.subject.lazy.flatMap(\.self)
            .filter { $0.type == .RDNAttributeType.commonName }
        name = names.first.flatMap { String($0.value) } ?? ""
        node = Curve25519.Signing.PublicKey(certificate.publicKey)
            .flatMap { NodeID(Array($0.rawRepresentation)) }
        let usages = try certificate.extensions.extendedKeyUsage.map { Array($0) } ?? []
        if usages.contains(.serverAuth), usages.contains(.clientAuth) {
            kind = .node
        } else {
            kind = usages.contains(.clientAuth) ? .client : nil
        }
        notBefore = Self.time(certificate.notValidBefore)
        notAfter = Self.time(certificate.notValidAfter)
    }

    static func bytes(of certificate: Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }

    private static func time(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: UInt64(max(0, min(date.timeIntervalSince1970, 4e11))) * 1000)
    }

    /// Whole days until its end; negative when that is over.
    /// - Parameter now: the present.
    /// - Returns: days.
    public func daysLeft(at now: Timestamp) -> Int {
        let left = Int64(clamping: notAfter.milliseconds) - Int64(clamping: now.milliseconds)
        return Int((Double(left) / 86_400_000).rounded(.down))
    }
}

import Crypto
import FoundationEssentials
import Glibc
public import ReportModel
public import ReportTLS
import SwiftASN1
import X509

/// A small authority in a folder: signs certificates for the keys of nodes and clients, takes them back,
/// and gives out join tokens.
///
/// The folder holds `authority.key` (the private key, for its owner only), `authority.pem`, `issued/`
/// with every certificate, `revoked`, and `tokens/`.
public struct Authority: Sendable {
    /// Where it is.
    public let folder: String
    let key: NodeKey
    /// Its own certificate.
    public let certificate: HeldCertificate

    private static let keyName = "authority.key"

    /// Makes an authority.
    /// - Parameters:
    ///   - folder: a folder that is not there yet, or holds no authority.
    ///   - name: name for people.
    ///   - days: time of its certificate.
    ///   - now: the present.
    /// - Returns: the authority.
    /// - Throws: ``ReportModel/ReportError`` `conflict` when there is one already.
    public static func create(
        in folder: String,
        name: String,
        days: Int = AuthorityLimits.authorityDays,
        at now: Timestamp = .now
    ) throws(ReportError) -> Authority {
        try IdentityFile.makeFolder(folder)
        try IdentityFile.makeFolder(folder + "/issued")
        try IdentityFile.makeFolder(folder + "/tokens")
        let name = try checked(name)
        let key = try newKey(in: folder)
        let place = "\(folder)/\(TLSIdentity.FileName.authority)"
        if access(place, F_OK) != 0 {
            let bytes = try Self.sign(
                key: key.id,
                name: name,
                times: try times(days, now),
                kind: nil,
                by: key,
                issuer: name
            )
            try IdentityFile.write(Array(PEM.text("CERTIFICATE", bytes).utf8), to: place)
        }
        let authority = try Authority(folder: folder)
        try authority.write(entries: [], number: 1, at: now)
        return authority
    }

    /// A key in the folder: a new one, or that of a making that did not come to its end.
    ///
    /// The list of revoked certificates is written last: without it nothing was signed yet.
    private static func newKey(in folder: String) throws(ReportError) -> NodeKey {
        let key = NodeKey()
        do throws(ReportError) {
            try IdentityFile.write(
                Array((HexText.text(key.secret) + "\n").utf8),
                to: "\(folder)/\(keyName)",
                mode: 0o600,
                replaces: false
            )
            return key
        } catch {
            guard error.code == .conflict else { throw error }
            // A list that was lost is not one that was never written: what was issued tells.
            if access("\(folder)/\(TLSIdentity.FileName.revoked)", F_OK) != 0,
                !hasIssued(in: folder)
            {
                return try heldKey(in: folder)
            }
            throw ReportError(
                .conflict,
                "\(folder) holds an authority already",
                hint: "reportctl pki show --authority \(folder)"
            )
        }
    }

    /// Whether certificates lie in the folder.
    private static func hasIssued(in folder: String) -> Bool {
        guard let stream = opendir("\(folder)/issued") else { return errno != ENOENT }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            // `.`, `..` and drafts that a kill left behind.
            if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { return true }
        }
        return false
    }

    private static func heldKey(in folder: String) throws(ReportError) -> NodeKey {
        let path = "\(folder)/\(keyName)"
        let text = String(decoding: try IdentityFile.read(path, isSecret: true), as: UTF8.self)
        guard let secret = HexText.bytes(text.prefix { $0.isHexDigit }),
            let key = NodeKey(secret: secret)
        else { throw ReportError(.integrity, "\(path) is no key of an authority") }
        return key
    }

    /// Opens an authority.
    /// - Parameter folder: where ``create(in:name:days:at:)`` made it.
    /// - Throws: ``ReportModel/ReportError`` `not-found`; `not-allowed` when others may read its key.
    public init(folder: String) throws(ReportError) {
        self.folder = folder
        key = try Self.heldKey(in: folder)
        let place = "\(folder)/\(TLSIdentity.FileName.authority)"
        certificate = try HeldCertificate(pem: IdentityFile.read(place), place: place)
        guard certificate.node == key.id else {
            throw ReportError(.integrity, "\(place) belongs to another key than \(Self.keyName)")
        }
    }

    /// SHA-256 of the authority's certificate: what tokens and people name it by.
    public var fingerprint: Hash256 { Hash256(hashing: certificate.bytes) }

    /// The authority's certificate as others are given it.
    public var pem: String { PEM.text("CERTIFICATE", certificate.bytes) }

    // MARK: Certificates

    /// Signs a certificate.
    /// - Parameters:
    ///   - node: the key that it is for; that the holder has the private half is the caller's to know.
    ///   - name: name for people.
    ///   - kind: what it is for.
    ///   - days: its time.
    ///   - now: the present.
    /// - Returns: the certificate, which is kept under `issued/` as well.
    /// - Throws: ``ReportModel/ReportError``
    @discardableResult
    public func issue(
        to node: NodeID,
        name: String,
        kind: HeldCertificate.Kind,
        days: Int = AuthorityLimits.certificateDays,
        at now: Timestamp = .now
    ) throws(ReportError) -> HeldCertificate {
        let lock = try lock()
        defer { close(lock) }
        return try issueLocked(to: node, name: name, kind: kind, days: days, at: now)
    }

    /// Signs the next certificate of a key that has one in force.
    /// - Parameters:
    ///   - node: the key.
    ///   - name: name for people.
    ///   - kind: what it is for.
    ///   - days: its time.
    ///   - age: when the youngest in force began after this, it is given once more.
    ///   - now: the present.
    /// - Returns: the certificate, and whether it was signed now.
    /// - Throws: ``ReportModel/ReportError`` `not-found` when none of the key is in force.
    public func renew(
        _ node: NodeID,
        name: String,
        kind: HeldCertificate.Kind,
        days: Int,
        unlessAfter age: Timestamp,
        at now: Timestamp = .now
    ) throws(ReportError) -> (certificate: HeldCertificate, isNew: Bool) {
        let lock = try lock()
        defer { close(lock) }
        if let youngest = try issued(matching: node.description).last, youngest.notBefore > age {
            return (youngest, false)
        }
        return (try issueLocked(to: node, name: name, kind: kind, days: days, at: now), true)
    }

    func issueLocked(
        to node: NodeID,
        name: String,
        kind: HeldCertificate.Kind,
        days: Int,
        at now: Timestamp
    ) throws(ReportError) -> HeldCertificate {
        let bytes = try Self.sign(
            key: node,
            name: try Self.checked(name),
            times: try Self.times(days, now),
            kind: kind,
            by: key,
            issuer: certificate.name
        )
        let held = try HeldCertificate(der: bytes)
        try IdentityFile.write(
            Array(PEM.text("CERTIFICATE", bytes).utf8),
            to: "\(folder)/issued/\(held.serial).pem"
        )
        return held
    }

    /// Every certificate that was signed, the oldest first.
    public func issued() throws(ReportError) -> [HeldCertificate] {
        var held: [HeldCertificate] = []
        for name in IdentityFile.names(in: folder + "/issued") where name.hasSuffix(".pem") {
            let path = "\(folder)/issued/\(name)"
            held.append(try HeldCertificate(pem: IdentityFile.read(path), place: path))
        }
        return held.sorted { ($0.notBefore, $0.serial) < ($1.notBefore, $1.serial) }
    }

    /// Those of ``issued()`` that can be read: a damaged file keeps no other certificate from being revoked.
    private func readable() -> [HeldCertificate] {
        IdentityFile.names(in: folder + "/issued").filter { $0.hasSuffix(".pem") }.compactMap {
            let path = "\(folder)/issued/\($0)"
            return try? HeldCertificate(pem: IdentityFile.read(path), place: path)
        }
        .sorted { ($0.notBefore, $0.serial) < ($1.notBefore, $1.serial) }
    }

    /// The certificates that a serial number, a key or a name means, without those revoked already.
    /// - Parameter text: one of them, whole.
    /// - Returns: the certificates, the oldest first.
    /// - Throws: ``ReportModel/ReportError`` `not-found`.
    public func issued(matching text: String) throws(ReportError) -> [HeldCertificate] {
        let node = NodeID(parsing: text)
        let list = try revocations()
        let found = readable().filter { held in
            (held.serial == text || held.name == text || (node != nil && held.node == node))
                && list.entry(of: held.serial) == nil
        }
        guard !found.isEmpty else {
            throw ReportError(
                .notFound,
                "no certificate in force has the serial number, key or name \(text)",
                hint: "reportctl pki show lists them"
            )
        }
        return found
    }

    // MARK: Revocation

    /// The list as it stands.
    public func revocations() throws(ReportError) -> RevocationList {
        let path = "\(folder)/\(TLSIdentity.FileName.revoked)"
        guard let text = try IdentityFile.textIfAny(path) else {
            throw ReportError(.notFound, "\(path) is missing")
        }
        return try RevocationList(parsing: text, authority: certificate.bytes)
    }

    /// Takes back every certificate in force that a serial number, a key or a name means.
    ///
    /// Tokens that its key has used can be used no more.
    /// - Parameters:
    ///   - text: one of them, whole.
    ///   - now: the present.
    /// - Returns: the certificates.
    /// - Throws: ``ReportModel/ReportError`` `not-found`.
    @discardableResult
    public func revoke(
        matching text: String,
        at now: Timestamp = .now
    ) throws(ReportError) -> [HeldCertificate] {
        let lock = try lock()
        defer { close(lock) }
        let found = try issued(matching: text)
        try revokeLocked(found, at: now)
        return found
    }

    /// Takes certificates back and signs the new list; tokens that their keys have used can be used no more.
    /// - Parameters:
    ///   - certificates: what is not good any more.
    ///   - now: the present.
    /// - Throws: ``ReportModel/ReportError``
    public func revoke(
        _ certificates: [HeldCertificate],
        at now: Timestamp = .now
    ) throws(ReportError) {
        let lock = try lock()
        defer { close(lock) }
        try revokeLocked(certificates, at: now)
    }

    private func revokeLocked(
        _ certificates: [HeldCertificate],
        at now: Timestamp
    ) throws(ReportError) {
        let list = try revocations()
        let added = certificates.filter { list.entry(of: $0.serial) == nil }.map {
            RevocationList.Entry(serial: $0.serial, revokedAt: now, name: $0.name)
        }
        guard list.entries.count + added.count <= RevocationList.maximumEntryCount else {
            throw ReportError(.usage, "the list of revoked certificates is full")
        }
        try write(entries: list.entries + added, number: list.number + 1, at: now)
        try endTokens(usedBy: Set(certificates.compactMap(\.node)), at: now)
    }

    private func write(
        entries: [RevocationList.Entry],
        number: UInt64,
        at now: Timestamp
    ) throws(ReportError) {
        let list = RevocationList(
            authority: fingerprint,
            number: number,
            issuedAt: now,
            entries: entries
        )
        try IdentityFile.write(
            Array(list.text(signedBy: key).utf8),
            to: "\(folder)/\(TLSIdentity.FileName.revoked)"
        )
    }

    // MARK: Parts

    static func checked(_ name: String) throws(ReportError) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard (1...AuthorityLimits.maximumNameCharacterCount).contains(name.unicodeScalars.count),
            isPlain
        else {
            throw ReportError(
                .usage,
                "a name of 1 to \(AuthorityLimits.maximumNameCharacterCount) characters is expected"
            )
        }
        return name
    }

    private static func times(
        _ days: Int,
        _ now: Timestamp
    ) throws(ReportError) -> (from: Date, to: Date) {
        guard (1...AuthorityLimits.maximumDays).contains(days) else {
            throw ReportError(.usage, "1 to \(AuthorityLimits.maximumDays) days are expected")
        }
        let start = Double(now.milliseconds / 1000) - Double(AuthorityLimits.backdatingSeconds)
        return (
            Date(timeIntervalSince1970: start),
            Date(timeIntervalSince1970: start + Double(days) * 86_400)
        )
    }

    /// Signs a certificate; without a kind it is that of the authority itself.
    private static func sign(
        key node: NodeID,
        name: String,
        times: (from: Date, to: Date),
        kind: HeldCertificate.Kind?,
        by key: NodeKey,
        issuer: String
    ) throws(ReportError) -> [UInt8] {
        do {
            let privateKey = try Curve25519.Signing.PrivateKey(rawRepresentation: key.secret)
            let publicKey = try Curve25519.Signing.PublicKey(rawRepresentation: node.key.bytes)
            let extensions = try Certificate.Extensions {
                Critical(
                    kind == nil
                        ? BasicConstraints.isCertificateAuthority(maxPathLength: 0)
                        : .notCertificateAuthority
                )
                Critical(
                    kind == nil
                        ? KeyUsage(keyCertSign: true, cRLSign: true)
                        : KeyUsage(digitalSignature: true)
                )
                if let kind {
                    try ExtendedKeyUsage(
                        kind == .node ? [.serverAuth, .clientAuth] : [.clientAuth]
                    )
                }
            }
            let certificate = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: .init(publicKey),
                notValidBefore: times.from,
                notValidAfter: times.to,
                issuer: DistinguishedName { CommonName(issuer) },
                subject: DistinguishedName { CommonName(name) },
                signatureAlgorithm: .ed25519,
                extensions: extensions,
                issuerPrivateKey: .init(privateKey)
            )
            return try HeldCertificate.bytes(of: certificate)
        } catch {
            throw ReportError(.internal, "a certificate could not be made: \(error)")
        }
    }
}

import Glibc
import Logging
import ReportAuthority
import ReportModel
import ReportSync
import ReportTLS
import ReportWire
import Synchronization

/// Gives newcomers with a token their certificate and grant, and holders of a certificate the next one.
///
/// Runs at the node whose configuration names the folder of the authority.
final class Enrolment: Sendable {
    /// A certificate younger than so many days is not renewed but given once more.
    static let minimumAgeInDays = 1

    private let folder: String
    private let grantsFile: GrantsFile
    private let node: NodeID
    private let logger: Logger
    /// Reads grants anew and tells all connections.
    private let reload: @Sendable () async -> Void
    private let work = BlockingWork()
    /// Held while the file of the grants is read and written.
    private let grantLock = Mutex(())

    /// Makes an enrolment; nil when the configuration names no authority.
    /// - Parameters:
    ///   - configuration: names the folder and the file of the grants.
    ///   - node: this node's key.
    ///   - logger: where events go.
    ///   - reload: reads grants anew.
    init?(
        _ configuration: NodeConfiguration,
        node: NodeID,
        logger: Logger,
        reload: @escaping @Sendable () async -> Void
    ) {
        guard let folder = configuration.tls?.authority, let file = configuration.grantsFile else {
            return nil
        }
        self.folder = folder
        grantsFile = GrantsFile(path: file)
        self.node = node
        self.logger = logger
        self.reload = reload
    }

    /// Takes a token, signs a certificate and writes the grant.
    /// - Parameter request: what the newcomer sent; its signature was verified.
    /// - Returns: the object that `JOIN` answers.
    /// - Throws: ``ReportError`` `not-allowed` when the token is not good.
    func join(_ request: JoinRequest) async throws(ReportError) -> JSONValue {
        let (certificate, record, authority) = try await work.run {
            [self] () throws(ReportError) -> (HeldCertificate, TokenRecord, Authority) in
            let authority = try Authority(folder: folder)
            // Before the token is used, but not for strangers without one.
            if authority.knows(request.token, secret: request.secret) {
                try grantsFile.checkTakes(request.node)
            }
            let (certificate, record) = try authority.redeem(
                request.token,
                secret: request.secret,
                by: request.node
            )
            // Once only: a grant that was withdrawn since does not come back with its token.
            if !record.isGranted {
                try grantLock.withLock { _ throws(ReportError) in
                    try grantsFile.add(
                        request.node,
                        name: record.name,
                        regions: record.regions,
                        verbs: record.verbs
                    )
                }
                try authority.markGranted(record.id)
            }
            return (certificate, record, authority)
        }
        logger.notice(
            "a token was used",
            metadata: [
                "name": "\(record.name)", "key": "\(request.node)",
                "regions": "\(record.regions.joined(separator: ","))",
                "verbs": "\(record.verbs.joined(separator: ","))",
            ]
        )
        await reload()
        return try answer(certificate, authority)
    }

    /// Signs the next certificate for the key and the name of one that is good.
    /// - Parameter held: the certificate of the connection.
    /// - Returns: the object that `RENEW` answers.
    /// - Throws: ``ReportError``
    func renew(_ held: HeldCertificate) async throws(ReportError) -> JSONValue {
        guard let node = held.node, let kind = held.kind else {
            throw ReportError(.notAllowed, "the certificate cannot be renewed")
        }
        let (certificate, authority) = try await work.run {
            [self] () throws(ReportError) -> (HeldCertificate, Authority) in
            let authority = try Authority(folder: folder)
            let (next, _) = try authority.renew(
                node,
                name: held.name,
                kind: kind,
                days: held.lengthInDays,
                unlessAfter: Timestamp.now.earlier(byDays: Self.minimumAgeInDays)
            )
            return (next, authority)
        }
        logger.notice(
            "a certificate was renewed",
            metadata: [
                "name": "\(held.name)", "key": "\(node)", "until": "\(certificate.notAfter)",
            ]
        )
        return try answer(certificate, authority)
    }

    private func answer(
        _ certificate: HeldCertificate,
        _ authority: Authority
    ) throws(ReportError) -> JSONValue {
        let list = "\(folder)/\(TLSIdentity.FileName.revoked)"
        return [
            "certificate": .string(PEM.text("CERTIFICATE", certificate.bytes)),
            "authority": .string(authority.pem), "node": .string(node.description),
            "name": .string(certificate.name),
            "notAfter": .string(certificate.notAfter.description),
            "revoked": .optional(try IdentityFile.textIfAny(list)),
        ]
    }
}

extension Timestamp {
    func earlier(byDays days: Int) -> Timestamp {
        Timestamp(milliseconds: milliseconds - min(milliseconds, UInt64(days) * 86_400_000))
    }
}

extension HeldCertificate {
    /// Days from its beginning to its end, at least one.
    var lengthInDays: Int {
        Int(
            clamping: (notAfter.milliseconds - min(notAfter.milliseconds, notBefore.milliseconds))
                / 86_400_000
        )
        .clamped(to: 1...AuthorityLimits.maximumDays)
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}

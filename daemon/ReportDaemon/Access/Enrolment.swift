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
    private let grantsFile: String
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
        grantsFile = file
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
            let (certificate, record) = try authority.redeem(
                request.token,
                secret: request.secret,
                by: request.node
            )
            try grantLock.withLock { _ throws(ReportError) in try grant(record, to: request.node) }
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
            let youngest = try authority.issued(matching: node.description).last
            if let youngest,
                youngest.notBefore > Timestamp.now.earlier(byDays: Self.minimumAgeInDays)
            {
                return (youngest, authority)
            }
            let days = held.lengthInDays
            let next = try authority.issue(to: node, name: held.name, kind: kind, days: days)
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

    /// Appends a grant to the file, unless the key has one there; the file stays as it is when it would no longer be read.
    private func grant(_ record: TokenRecord, to node: NodeID) throws(ReportError) {
        let table = try NodeConfiguration.GrantTable(file: grantsFile)
        guard table.grants[node] == nil else { return }
        var text = try IdentityFile.textIfAny(grantsFile) ?? ""
        if table.grants.isEmpty, table.loopback == nil {
            // An empty list in brackets: nothing can be appended to it.
            text = text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { $0.filter { !$0.isWhitespace } != "[]" }.joined(separator: "\n")
        }
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        func list(_ texts: [String]) -> String {
            "[" + texts.map { JSONValue.string($0).canonicalText }.joined(separator: ", ") + "]"
        }
        text += "- key: \(node)\n"
        text += "  name: \(JSONValue.string(record.name).canonicalText)\n"
        text += "  regions: \(list(record.regions))\n  verbs: \(list(record.verbs))\n"
        let written = try? NodeConfiguration.GrantTable(text, path: grantsFile)
        guard written?.grants[node] != nil else {
            throw ReportError(
                .usage,
                "\(grantsFile) is a list in brackets: a grant can only be added where each begins with \"- \" on a line of its own"
            )
        }
        try IdentityFile.write(Array(text.utf8), to: grantsFile, mode: 0o640)
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

import Glibc
public import ReportModel
import ReportTLS

/// What an authority keeps of a join token: its hash, and what the holder is to get.
public struct TokenRecord: Hashable, Sendable {
    /// Which token.
    public var id: String
    /// Hash of the secret, which is kept nowhere.
    public var hash: Hash256
    /// Name of the newcomer.
    public var name: String
    /// What the certificate is for.
    public var kind: HeldCertificate.Kind
    /// Regions of the grant.
    public var regions: [String]
    /// Verbs of the grant.
    public var verbs: [String]
    /// Until when it can be used.
    public var validUntil: Timestamp
    /// Days of the certificate.
    public var days: Int
    /// Who used it; nil: nobody yet.
    public var usedBy: NodeID?
    /// Whether the grant was written; it is not written twice, also when it was taken out of the file since.
    public var isGranted = false

    /// Makes a record.
    /// - Parameters:
    ///   - token: the token.
    ///   - name: name of the newcomer.
    ///   - kind: what the certificate is for.
    ///   - regions: regions of the grant.
    ///   - verbs: verbs of the grant.
    ///   - validUntil: until when it can be used.
    ///   - days: days of the certificate.
    public init(
        _ token: JoinToken,
        name: String,
        kind: HeldCertificate.Kind,
        regions: [String],
        verbs: [String],
        validUntil: Timestamp,
        days: Int = AuthorityLimits.certificateDays
    ) {
        id = token.id
        hash = JoinToken.hash(of: token.secret)
        self.name = name
        self.kind = kind
        self.regions = regions
        self.verbs = verbs
        self.validUntil = validUntil
        self.days = days
    }

    var json: JSONValue {
        [
            "hash": .string(hash.hex), "name": .string(name), "kind": .string(kind.rawValue),
            "regions": .array(regions.map { .string($0) }),
            "verbs": .array(verbs.map { .string($0) }),
            "validUntil": .string(validUntil.description), "days": .integer(days),
            "usedBy": .optional(usedBy?.description), "granted": .bool(isGranted),
        ]
    }

    init?(id: String, json: JSONValue) {
        guard let hash = Hash256(hex: json["hash"]?.stringValue ?? ""),
            let name = json["name"]?.stringValue,
            let kind = HeldCertificate.Kind(rawValue: json["kind"]?.stringValue ?? ""),
            let regions = json["regions"]?.arrayValue, let verbs = json["verbs"]?.arrayValue,
            let validUntil = Timestamp(parsing: json["validUntil"]?.stringValue ?? ""),
            let days = json["days"]?.integerValue
        else { return nil }
        self.id = id
        self.hash = hash
        self.name = name
        self.kind = kind
        self.regions = regions.compactMap(\.stringValue)
        self.verbs = verbs.compactMap(\.stringValue)
        self.validUntil = validUntil
        self.days = days
        usedBy = json["usedBy"]?.stringValue.flatMap { NodeID(parsing: $0) }
        // Tokens kept by an earlier version do not say it: one that was used has its grant.
        isGranted = json["granted"]?.boolValue ?? (usedBy != nil)
    }
}

extension Authority {
    private func tokenPath(_ id: String) -> String { "\(folder)/tokens/\(id).json" }

    /// Keeps a token that was given out.
    /// - Parameter record: what is kept.
    /// - Throws: ``ReportModel/ReportError``
    public func keep(_ record: TokenRecord) throws(ReportError) {
        let names = IdentityFile.names(in: folder + "/tokens")
        guard names.count < AuthorityLimits.maximumTokenCount else {
            throw ReportError(
                .usage,
                "\(names.count) tokens are kept already",
                hint: "remove old files of \(folder)/tokens"
            )
        }
        try IdentityFile.write(record.json.canonicalBytes, to: tokenPath(record.id), mode: 0o600)
    }

    /// Every token that is kept.
    public func tokens() throws(ReportError) -> [TokenRecord] {
        var records: [TokenRecord] = []
        for name in IdentityFile.names(in: folder + "/tokens") where name.hasSuffix(".json") {
            if let record = try token(String(name.dropLast(5))) { records.append(record) }
        }
        return records
    }

    private func token(_ id: String) throws(ReportError) -> TokenRecord? {
        guard JoinToken.isID(id), let text = try IdentityFile.textIfAny(tokenPath(id)) else {
            return nil
        }
        guard let json = try? JSONValue(parsing: Array(text.utf8)),
            let record = TokenRecord(id: id, json: json)
        else { throw ReportError(.integrity, "\(tokenPath(id)) is damaged") }
        return record
    }

    /// Whether somebody shows a token that is kept here, good or not.
    /// - Parameters:
    ///   - id: which token, as a stranger sent it.
    ///   - secret: what proves it.
    /// - Returns: whether the secret is that of the token.
    public func knows(_ id: String, secret: Hash256) -> Bool {
        (try? token(id))?.hash == JoinToken.hash(of: secret)
    }

    /// Takes a token and signs the certificate of the newcomer.
    ///
    /// The token is marked used before the certificate is signed, under a lock: of two that come with it
    /// at the same moment, one is refused. The same key may ask again, in case the answer was lost.
    /// - Parameters:
    ///   - id: which token, as a stranger sent it.
    ///   - secret: what proves it.
    ///   - node: the newcomer's key, whose private half it has proved.
    ///   - now: the present.
    /// - Returns: the certificate, and what was granted.
    /// - Throws: ``ReportModel/ReportError`` `not-allowed`.
    public func redeem(
        _ id: String,
        secret: Hash256,
        by node: NodeID,
        at now: Timestamp = .now
    ) throws(ReportError) -> (certificate: HeldCertificate, record: TokenRecord) {
        let lock = try lock()
        defer { close(lock) }
        guard var record = try token(id), record.hash == JoinToken.hash(of: secret) else {
            throw ReportError(.notAllowed, "there is no such token")
        }
        guard now <= record.validUntil else {
            throw ReportError(
                .notAllowed,
                "the token has expired at \(record.validUntil)",
                hint: "the authority gives a new one: reportctl pki token"
            )
        }
        guard record.usedBy == nil || record.usedBy == node else {
            throw ReportError(
                .notAllowed,
                "the token was used already",
                hint: "if that was not you, tell the authority: somebody else has it"
            )
        }
        if record.usedBy == node {
            let list = try revocations()
            let all = try issued().filter { $0.node == node }
            if let last = all.last(where: { list.entry(of: $0.serial) == nil }) {
                return (last, record)
            }
            guard all.isEmpty else {
                throw ReportError(
                    .notAllowed,
                    "the certificate of this token was revoked",
                    hint: "the authority gives a new token: reportctl pki token"
                )
            }
        }
        record.usedBy = node
        try IdentityFile.write(record.json.canonicalBytes, to: tokenPath(id), mode: 0o600)
        let certificate = try issueLocked(
            to: node,
            name: record.name,
            kind: record.kind,
            days: record.days,
            at: now
        )
        return (certificate, record)
    }

    /// Remembers, on disk, that the grant of a used token was written.
    /// - Parameter id: which token.
    /// - Throws: ``ReportModel/ReportError``
    public func markGranted(_ id: String) throws(ReportError) {
        let lock = try lock()
        defer { close(lock) }
        guard var record = try token(id) else { return }
        record.isGranted = true
        try IdentityFile.write(record.json.canonicalBytes, to: tokenPath(id), mode: 0o600)
    }

    /// Ends the time of tokens that revoked keys have used; the lock is held.
    func endTokens(usedBy nodes: Set<NodeID>, at now: Timestamp) throws(ReportError) {
        for var record in try tokens() {
            guard let user = record.usedBy, nodes.contains(user), record.validUntil >= now else {
                continue
            }
            record.validUntil = Timestamp(milliseconds: now.milliseconds - min(now.milliseconds, 1))
            try IdentityFile.write(
                record.json.canonicalBytes,
                to: tokenPath(record.id),
                mode: 0o600
            )
        }
    }

    /// Keeps other processes from the authority's files until the descriptor is closed.
    func lock() throws(ReportError) -> Int32 {
        let path = "\(folder)/.lock"
        let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw IdentityFile.fault("lock", folder) }
        _ = IdentityFile.handOver(lock, at: path)
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let fault = IdentityFile.fault("lock", folder)
                close(lock)
                throw fault
            }
        }
        return lock
    }
}

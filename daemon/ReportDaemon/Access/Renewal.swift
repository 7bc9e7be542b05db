import Logging
import ReportAuthority
import ReportClient
import ReportModel
import ReportTLS
import Synchronization

/// Watches over the end of the node's certificate: warns, and gets the next one in time.
///
/// The node that has the authority signs its own; others ask their upstreams, over a connection that the
/// old certificate and the node's key still open.
final class Renewal: Sendable {
    private static let interval = Duration.seconds(3600)

    private let configuration: NodeConfiguration
    private let access: Access
    private let key: NodeKey
    private let refusals: RefusalLog
    private let logger: Logger
    /// Day of the last warning by folder, so that the log has one line a day for each.
    private let lastWarnings = Mutex<[String: UInt64]>([:])

    init(
        _ configuration: NodeConfiguration,
        access: Access,
        key: NodeKey,
        refusals: RefusalLog,
        logger: Logger
    ) {
        self.configuration = configuration
        self.access = access
        self.key = key
        self.refusals = refusals
        self.logger = logger
    }

    /// Members of the node's status.
    var status: [String: JSONValue] {
        guard let secure = access.secure else { return ["certificate": nil] }
        let days = secure.held.daysLeft(at: .now)
        return [
            "certificate": [
                "name": .string(secure.held.name), "serial": .string(secure.held.serial),
                "notAfter": .string(secure.held.notAfter.description), "daysLeft": .integer(days),
                "warning": .optional(Self.warning(days)),
                "authority": .string(secure.identity.authority.fingerprint.hex),
                "revoked": .integer(secure.judge.revocations?.entries.count ?? 0),
            ],
            "refused": .integer(refusals.total),
        ]
    }

    /// `soon`, `urgent` or `expired`; nil while there is time.
    static func warning(_ days: Int) -> String? {
        switch days {
        case ..<0: "expired"
        case ...AuthorityLimits.urgentDays: "urgent"
        case ...AuthorityLimits.warningDays: "soon"
        default: nil
        }
    }

    /// Looks once an hour until the task is cancelled.
    ///
    /// Connections are looked at in a loop of their own: an upstream that does not answer keeps no expired
    /// certificate in.
    /// - Parameter changes: told when a new certificate was written, and that time has passed.
    func run(_ changes: AccessChanges) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    if self.access.secure != nil { await changes.announce() }
                    try? await Task.sleep(for: Self.interval)
                }
            }
            while !Task.isCancelled {
                if let secure = access.secure, let folders = configuration.tls {
                    let upstreams = configuration.upstreams.filter { $0.identity == nil }
                    await look(secure, folders, upstreams, changes)
                }
                for upstream in configuration.upstreams {
                    guard let folder = upstream.identity, let secure = access.secure(for: upstream)
                    else { continue }
                    let folders = NodeConfiguration.TLSFolders(identity: folder)
                    await look(secure, folders, [upstream], changes)
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Gets the next certificate when the end of one is near, or warns.
    private func look(
        _ secure: Access.Secure,
        _ folders: NodeConfiguration.TLSFolders,
        _ upstreams: [NodeConfiguration.Upstream],
        _ changes: AccessChanges
    ) async {
        guard let warning = Self.warning(secure.held.daysLeft(at: .now)) else { return }
        if await renew(secure, folders, upstreams) {
            await changes.reload()
        } else {
            tell(secure, folders.identity, warning)
        }
    }

    private func tell(_ secure: Access.Secure, _ folder: String, _ warning: String) {
        let day = Timestamp.now.milliseconds / 86_400_000
        guard
            lastWarnings.withLock({ last in
                defer { last[folder] = day }
                return last[folder] != day
            })
        else { return }
        let days = secure.held.daysLeft(at: .now)
        logger.log(
            level: warning == "soon" ? .warning : .error,
            days < 0
                ? "the node's certificate has expired"
                : "the node's certificate ends in \(days) days",
            metadata: [
                "until": "\(secure.held.notAfter)", "folder": "\(folder)",
                "renew": "reportctl pki renew (docs/operations.md)",
            ]
        )
    }

    /// Whether a new certificate was written.
    private func renew(
        _ secure: Access.Secure,
        _ folders: NodeConfiguration.TLSFolders,
        _ upstreams: [NodeConfiguration.Upstream]
    ) async -> Bool {
        if let folder = folders.authority {
            return sign(secure, folder, folders.identity)
        }
        for upstream in upstreams where upstream.usesTLS != false {
            do throws(ReportError) {
                let judge = secure.judge
                let service = try await NodeService.connect(
                    to: upstream.address.description,
                    secure: SecureAccess(
                        identity: secure.identity,
                        node: upstream.key,
                        check: { chain throws(ReportError) in
                            guard let first = chain.first else { return }
                            try judge.judge(first, as: .node)
                        }
                    )
                )
                let answer: JSONValue
                do throws(ReportError) {
                    answer = try await service.renew()
                } catch {
                    await service.close()
                    throw error
                }
                await service.close()
                try take(answer, secure, folders.identity)
                logger.notice("the node's certificate was renewed")
                return true
            } catch {
                logger.warning(
                    "the node's certificate was not renewed",
                    metadata: [
                        "upstream": "\(upstream.address.description)", "reason": "\(error.message)",
                    ]
                )
            }
        }
        return false
    }

    /// Writes what an upstream answered: from the same authority, and longer than what is held.
    private func take(
        _ answer: JSONValue,
        _ secure: Access.Secure,
        _ folder: String
    ) throws(ReportError) {
        let issued = try IssuedIdentity(answer)
        let authority = secure.identity.authority.fingerprint
        let next = try issued.check(key: key, authority: authority)
        guard try HeldCertificate(der: next.certificate.bytes).notAfter > secure.held.notAfter
        else { throw ReportError(.conflict, "the upstream gave no newer certificate") }
        try issued.write(to: folder, key: key, authority: authority)
    }

    /// The node with the authority signs its own certificate.
    private func sign(_ secure: Access.Secure, _ folder: String, _ identity: String) -> Bool {
        do throws(ReportError) {
            let authority = try Authority(folder: folder)
            guard authority.fingerprint == secure.identity.authority.fingerprint else {
                throw ReportError(
                    .conflict,
                    "tls.authority is another authority than that of tls.folder"
                )
            }
            // A certificate of a few days is near its end as soon as it is made: not one each hour.
            let age = Timestamp.now.earlier(byDays: Enrolment.minimumAgeInDays)
            let (held, _) = try authority.renew(
                key.id,
                name: secure.held.name,
                kind: .node,
                days: secure.held.lengthInDays,
                unlessAfter: age
            )
            guard held.notAfter > secure.held.notAfter else { return false }
            try IssuedIdentity(held, authority).write(to: identity, key: key)
            logger.notice("the node's certificate was renewed")
            return true
        } catch {
            logger.warning("the node's certificate was not renewed: \(error)")
            return false
        }
    }
}

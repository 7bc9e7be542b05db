import NIOSSL
import ReportAuthority
import ReportModel
import ReportSync
import ReportTLS
import Synchronization

/// Who may come in, as the files say now: grants, the node's certificate, and the list of revoked ones.
///
/// Read at the start and again on SIGHUP; every question is answered from what was read last.
final class Access: Sendable {
    /// What the node needs for TLS.
    struct Secure: Sendable {
        let identity: TLSIdentity
        let held: HeldCertificate
        let server: NIOSSLContext
        let client: NIOSSLContext
        let judge: CertificateJudge
    }

    private struct State {
        var table: NodeConfiguration.GrantTable
        var secure: Secure?
        /// By the folder of an upstream's own identity.
        var upstreams: [String: Secure] = [:]
    }

    private let configuration: NodeConfiguration
    private let key: NodeKey
    private let state: Mutex<State>
    /// Held while the files are read: what was read later is taken later.
    private let reading = Mutex(())

    /// Reads the files.
    /// - Parameters:
    ///   - configuration: names them.
    ///   - key: the node's key.
    /// - Throws: ``ReportError`` that names the file and says what is wrong.
    init(_ configuration: NodeConfiguration, key: NodeKey) throws(ReportError) {
        self.configuration = configuration
        self.key = key
        var first = State(table: configuration.grantTable)
        try Self.read(configuration, key, into: &first)
        state = Mutex(first)
    }

    /// What is granted.
    var grants: Grants { state.withLock { $0.table.grants } }

    /// What anybody at the loopback address may do besides reading and handing in files.
    var loopbackGrant: Grant? { state.withLock { $0.table.loopback } }

    /// What TLS needs; nil when none is configured.
    var secure: Secure? { state.withLock { $0.secure } }

    /// What TLS needs for an upstream: of the authority that it is under; nil when there is none.
    func secure(for upstream: NodeConfiguration.Upstream) -> Secure? {
        state.withLock { state in
            upstream.identity.map { state.upstreams[$0] } ?? state.secure
        }
    }

    /// What TLS needs for an upstream, by its key.
    func secure(forUpstream key: NodeID) -> Secure? {
        let upstream = configuration.upstreams.first { $0.key == key }
        return upstream.map { secure(for: $0) } ?? secure
    }

    /// Reads grants, certificates and lists anew; when something is wrong everything stays as it was.
    /// - Throws: ``ReportError`` that names the file and says what is wrong.
    func reload() throws(ReportError) {
        try reading.withLock { _ throws(ReportError) in
            var next = state.withLock { $0 }
            var table = configuration.grantTable
            if let path = configuration.grantsFile {
                table = try NodeConfiguration.GrantTable(file: path)
            } else if let path = configuration.file {
                table = try NodeConfiguration(file: path).grantTable
            }
            next.table = table
            try Self.read(configuration, key, into: &next)
            state.withLock { $0 = next }
        }
    }

    /// Reads the node's identity, and those that it has for single upstreams.
    private static func read(
        _ configuration: NodeConfiguration,
        _ key: NodeKey,
        into state: inout State
    ) throws(ReportError) {
        if let folders = configuration.tls {
            state.secure = try secure(folders, key, setting: "tls.folder", known: state.secure)
        }
        for folder in Set(configuration.upstreams.compactMap(\.identity)).sorted() {
            state.upstreams[folder] = try secure(
                NodeConfiguration.TLSFolders(identity: folder),
                key,
                setting: "upstreams: identity",
                known: state.upstreams[folder]
            )
        }
    }

    private static func secure(
        _ folders: NodeConfiguration.TLSFolders,
        _ key: NodeKey,
        setting: String,
        known: Secure?
    ) throws(ReportError) -> Secure {
        let identity: TLSIdentity
        do throws(ReportError) {
            identity = try TLSIdentity(folder: folders.identity, key: key)
        } catch {
            guard error.code == .notFound else { throw error }
            throw ReportError(
                .usage,
                "\(setting): \(error.message)",
                hint:
                    "reportctl pki issue makes the certificate of the first node, reportctl pki join "
                    + "gets one from another office"
            )
        }
        var revocations = try revocations(folders, identity)
        // A list never goes back, also when its file is gone.
        if let known, let old = known.judge.revocations,
            known.identity.authority.fingerprint == identity.authority.fingerprint,
            old.number > revocations?.number ?? 0
        {
            revocations = old
        }
        let judge = try CertificateJudge(
            authority: identity.authority.bytes,
            revocations: revocations
        )
        return Secure(
            identity: identity,
            held: try HeldCertificate(der: identity.certificate.bytes),
            server: try identity.serverContext(),
            client: try identity.clientContext(),
            judge: judge
        )
    }

    /// The newest list of the authority's folder and that of the identity.
    private static func revocations(
        _ folders: NodeConfiguration.TLSFolders,
        _ identity: TLSIdentity
    ) throws(ReportError) -> RevocationList? {
        var newest: RevocationList?
        for folder in [folders.identity, folders.authority].compactMap({ $0 }) {
            let path = "\(folder)/\(TLSIdentity.FileName.revoked)"
            guard let text = try IdentityFile.textIfAny(path) else { continue }
            let list: RevocationList
            do throws(ReportError) {
                list = try RevocationList(parsing: text, authority: identity.authority.bytes)
            } catch {
                throw ReportError(.integrity, "\(path): \(error.message)")
            }
            if list.number >= newest?.number ?? 0 { newest = list }
        }
        return newest
    }
}

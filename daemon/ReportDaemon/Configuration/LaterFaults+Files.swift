import Glibc
import ReportModel
import ReportTLS

/// Folders and files that a configuration names.
extension LaterFaults {
    /// Inboxes that lie in one another, or in a folder of the node: what lies in an inbox is taken in and moved away.
    func addFolderFaults() {
        let tls = configuration.tls
        let own: [(setting: String, path: String)] = [
            (configuration.database == nil ? "store" : "folder", configuration.store),
            ("backup.folder", configuration.backup?.folder ?? ""),
            ("tls.folder", tls?.identity ?? ""), ("tls.authority", tls?.authority ?? ""),
        ].filter { !$0.path.isEmpty }
        let inboxes = configuration.inboxes.enumerated().map { index, inbox in
            ("inboxes[\(index)].path", inbox.path)
        }
        for (index, inbox) in inboxes.enumerated() {
            let place = FolderPlace(inbox.1)
            for (setting, path) in own + inboxes[..<index] {
                let other = FolderPlace(path)
                guard place.overlaps(other) else { continue }
                let message =
                    place == other
                    ? Words("\(inbox.1) is \(setting) as well", "\(inbox.1) 同时是 \(setting)")
                    : place.lies(in: other)
                        ? Words(
                            "\(inbox.1) is inside \(setting): \(path)",
                            "\(inbox.1) 位于 \(setting) 之内：\(path)"
                        )
                        : Words(
                            "\(setting), \(path), is inside this inbox",
                            "\(setting)（\(path)）位于该收件夹之内"
                        )
                fault(
                    inbox.0,
                    message,
                    Words(
                        "use folders beside each other: what lies in an inbox is taken in and moved",
                        "请使用并列的文件夹：收件夹内的一切都会被收取并移走"
                    ),
                    endsStart: true
                )
            }
        }
    }

    /// Files and folders that have to be there; those that this user may not see are left to the doctor.
    func addFileFaults() {
        addTableFaults()
        addIdentityFaults()
        guard let tls = configuration.tls else { return }
        let names = [TLSIdentity.FileName.certificate, TLSIdentity.FileName.authority]
        if let missing = names.map({ "\(tls.identity)/\($0)" }).first(where: Self.isMissing) {
            let command = CertificateCheck.command(tls, configuration, file: file)
            fault(
                "tls.folder",
                Words("\(missing) is not there", "缺少 \(missing)"),
                Words("get a certificate: \(command)", "请办理证书：\(command)"),
                endsStart: true
            )
        }
        if let absence = configuration.absentStore {
            fault(
                "store",
                Words(absence.message, "\(configuration.store) 不存在，但 \(tls.identity) 中有其证书"),
                Words(absence.hint ?? "", "请先挂载该磁盘；如确需从头开始，请先移走 \(tls.identity)"),
                endsStart: true
            )
        }
        if let authority = tls.authority, Self.isMissing(authority) {
            let name = configuration.name.shellWord
            let command = "reportctl pki init --authority \(authority.shellWord) --name \(name)"
            fault(
                "tls.authority",
                Words("the folder \(authority) is not there", "文件夹 \(authority) 不存在"),
                Words("\(command); or take the line out", "\(command)；或删去此行"),
                endsStart: false
            )
        }
    }

    /// Identities for single upstreams.
    private func addIdentityFaults() {
        for (index, upstream) in configuration.upstreams.enumerated() {
            guard let folder = upstream.identity else { continue }
            let names = [TLSIdentity.FileName.certificate, TLSIdentity.FileName.authority]
            guard let missing = names.map({ "\(folder)/\($0)" }).first(where: Self.isMissing)
            else { continue }
            let command =
                "reportctl pki join TOKEN --config \(file.shellWord) --folder \(folder.shellWord)"
            fault(
                "upstreams[\(index)].identity",
                Words("\(missing) is not there", "缺少 \(missing)"),
                Words("get a certificate: \(command)", "请办理证书：\(command)"),
                endsStart: true
            )
        }
    }

    private func addTableFaults() {
        var isReadable = true
        for (setting, path) in [
            ("roster", configuration.roster), ("aliases", configuration.aliases),
        ] {
            guard let path else { continue }
            isReadable = isReadable && access(path, R_OK) == 0
            guard Self.isMissing(path) else { continue }
            fault(
                setting,
                Words("the file \(path) is not there", "文件 \(path) 不存在"),
                Words(
                    "put it there (CSV, queries.md), or take the line out",
                    "请放入该文件（CSV，格式见 queries.md），或删去此行"
                ),
                endsStart: false
            )
        }
        guard isReadable else { return }
        let divisions = Divisions(adding: configuration.regions)
        do throws(ReportError) {
            _ = try RosterFile(configuration, divisions: divisions)?.current()
        } catch {
            let advice = error.hint.map { Words($0, $0) }
            fault(
                "roster",
                Words(error.message, error.message),
                advice ?? Words("queries.md says what stands in it", "格式见 queries.md"),
                endsStart: false
            )
        }
    }

    private static func isMissing(_ path: String) -> Bool {
        access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }
}

/// Where a folder lies, whatever its path is written like.
private struct FolderPlace: Equatable {
    private let steps: [Substring]

    init(_ path: String) {
        var whole = path
        if let found = realpath(path, nil) {
            whole = String(cString: found)
            free(found)
        }
        steps = whole.split(separator: "/").filter { $0 != "." }
    }

    func lies(in other: FolderPlace) -> Bool { steps.starts(with: other.steps) }

    func overlaps(_ other: FolderPlace) -> Bool { lies(in: other) || other.lies(in: self) }
}

extension NodeConfiguration {
    /// That the folder of the store is empty or not there, though a certificate tells of a key that was: a disk
    /// is not mounted, and a store made in its place would be another node; nil when all is well.
    var absentStore: ReportError? {
        let certificate = (tls?.identity).map { "\($0)/\(TLSIdentity.FileName.certificate)" }
        guard let tls, let certificate, access(certificate, F_OK) == 0,
            access("\(store)/node.key", F_OK) != 0, errno == ENOENT,
            access("\(store)/data.mdb", F_OK) != 0
        else { return nil }
        return ReportError(
            .notFound,
            "\(store) holds no store, but \(tls.identity) names the key of another",
            hint:
                "mount its disk, or restore it; to begin with another key put \(tls.identity) aside"
        )
    }
}

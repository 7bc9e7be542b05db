import Glibc
import ReportAuthority
import ReportModel
import ReportTLS

/// The node's certificate is there, for its key, and good for a while.
enum CertificateCheck: DoctorCheck {
    static let name = "certificate"
    static let title = Words("certificate", "证书")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration, let tls = configuration.tls else {
            return []
        }
        guard patient.isOwner else { return [] }
        do throws(ReportError) {
            let path = "\(tls.identity)/\(TLSIdentity.FileName.certificate)"
            let held = try HeldCertificate(pem: IdentityFile.read(path), place: path)
            _ = try IdentityFile.read("\(tls.identity)/\(TLSIdentity.FileName.authority)")
            var found = ending(held, tls, configuration, patient)
            if let node = held.node, let own = ownKey(configuration), node != own {
                found.append(
                    fault(
                        .notAllowed,
                        "the certificate is for key \(node), the node has \(own)",
                        "证书属于公钥 \(node)，本节点为 \(own)",
                        command: earlierKey(node, configuration)
                            .map { putBack($0, configuration, patient) }
                            ?? mend(tls, configuration, patient)
                    )
                )
            }
            return found + others(configuration, patient)
        } catch {
            return [
                fault(
                    error.code,
                    "no certificate: \(error.message)",
                    "没有可用的证书：\(error.message)",
                    command: mend(tls, configuration, patient)
                )
            ]
        }
    }

    /// Certificates for single upstreams that end soon or cannot be read.
    private static func others(
        _ configuration: NodeConfiguration,
        _ patient: Patient
    ) -> [Diagnosis] {
        Set(configuration.upstreams.compactMap(\.identity)).sorted().compactMap { folder in
            let command =
                "reportctl pki join TOKEN --config \(patient.file.shellWord) --folder \(folder.shellWord)"
                + " && " + takeUp
            do throws(ReportError) {
                let path = "\(folder)/\(TLSIdentity.FileName.certificate)"
                let held = try HeldCertificate(pem: IdentityFile.read(path), place: path)
                let days = held.daysLeft(at: patient.now())
                switch Renewal.warning(days) {
                case nil: return nil
                case "soon":
                    return notice(
                        "the certificate in \(folder) ends in \(days) days; the node asks for the next one",
                        "\(folder) 中的证书 \(days) 天后过期，节点会自动申请更换"
                    )
                default:
                    return fault(
                        .notAllowed,
                        "the certificate in \(folder) is good until \(held.notAfter.zonedOfficeText)",
                        "\(folder) 中的证书有效期至 \(held.notAfter.zonedOfficeText)",
                        command: command
                    )
                }
            } catch {
                return fault(
                    error.code,
                    "no certificate: \(error.message)",
                    "没有可用的证书：\(error.message)",
                    command: command
                )
            }
        }
    }

    private static func ending(
        _ held: HeldCertificate,
        _ tls: NodeConfiguration.TLSFolders,
        _ configuration: NodeConfiguration,
        _ patient: Patient
    ) -> [Diagnosis] {
        let days = held.daysLeft(at: patient.now())
        // By its key: of the same name there may be several.
        let who = held.node?.description ?? held.name
        let renew =
            tls.authority.map {
                "reportctl pki renew --authority \($0.shellWord) \(who.shellWord)"
                    + " --out \(tls.identity.shellWord) && \(takeUp)"
            }
            ?? "systemctl restart reportd    # it asks its upstream; else: reportctl pki join TOKEN"
        switch Renewal.warning(days) {
        case "expired":
            return [
                fault(
                    .notAllowed,
                    "the certificate has ended on \(held.notAfter.zonedOfficeText)",
                    "证书已于 \(held.notAfter.zonedOfficeText) 过期",
                    command: mend(tls, configuration, patient)
                )
            ]
        case "urgent":
            return [
                fault(
                    .notAllowed,
                    "the certificate ends in \(days) days and was not renewed",
                    "证书 \(days) 天后过期，尚未更换",
                    command: renew
                )
            ]
        case "soon":
            return [
                notice(
                    "the certificate ends in \(days) days; the node asks for the next one",
                    "证书 \(days) 天后过期，节点会自动申请更换"
                )
            ]
        default:
            return [ok("good for \(days) days", "有效期还有 \(days) 天")]
        }
    }

    /// Lets a node that runs take up another certificate; one that does not run stays so.
    private static let takeUp = "systemctl try-reload-or-restart reportd"

    /// How a node that may be running gets a certificate.
    private static func mend(
        _ tls: NodeConfiguration.TLSFolders,
        _ configuration: NodeConfiguration,
        _ patient: Patient
    ) -> String {
        command(tls, configuration, file: patient.file) + " && " + takeUp
    }

    /// How a node gets a certificate: from its own authority, which may have to be made first, else with a token.
    /// - Parameters:
    ///   - tls: where the node's identity and its authority lie.
    ///   - configuration: whose name it is to have.
    ///   - file: the configuration's file.
    /// - Returns: a command for a shell.
    static func command(
        _ tls: NodeConfiguration.TLSFolders,
        _ configuration: NodeConfiguration,
        file: String
    ) -> String {
        guard let authority = tls.authority?.shellWord else {
            return "reportctl pki join TOKEN --config \(file.shellWord)"
        }
        let name = configuration.name.shellWord
        let isThere = access(tls.authority ?? "", F_OK) == 0
        let begin = "reportctl pki init --authority \(authority) --name \(name) && "
        return (isThere ? "" : begin)
            + "reportctl pki issue --authority \(authority) --name \(name) --key "
            + "$(reportd --config \(file.shellWord) --show-key) --out \(tls.identity.shellWord)"
    }

    /// A key file of the certificate's node in a folder beside the store, as a restore leaves one.
    private static func earlierKey(_ node: NodeID, _ configuration: NodeConfiguration) -> String? {
        let parent = configuration.store.split(separator: "/", omittingEmptySubsequences: false)
            .dropLast().joined(separator: "/")
        guard let folder = opendir(parent.isEmpty ? "/" : parent) else { return nil }
        defer { closedir(folder) }
        var found: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let path = "\(parent)/\(name)/node.key"
            if publicKey(of: path) == node { found.append(path) }
        }
        return found.min()
    }

    /// How the node gets its key back; with a new one it would be another node.
    private static func putBack(
        _ key: String,
        _ configuration: NodeConfiguration,
        _ patient: Patient
    ) -> String {
        let (who, group) = (patient.account.name, patient.account.groupName)
        return "systemctl stop reportd && install -o \(who) -g \(group) -m 600 \(key.shellWord) "
            + "\("\(configuration.store)/node.key".shellWord) && systemctl start reportd"
    }

    /// The public key in the node's store.
    private static func ownKey(_ configuration: NodeConfiguration) -> NodeID? {
        publicKey(of: "\(configuration.store)/node.key")
    }

    private static func publicKey(of path: String) -> NodeID? {
        guard let text = Patient.text(of: path),
            let secret = HexText.bytes(text.prefix { $0.isHexDigit })
        else { return nil }
        return NodeKey(secret: secret)?.id
    }
}

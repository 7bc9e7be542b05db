import ArgumentParser
import ReportAuthority
import ReportCommands
import ReportModel
import ReportTLS

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List the certificates and tokens of an authority, or show an identity."
    )

    @OptionGroup var authority: AuthorityOptions

    @Option(help: ArgumentHelp("An identity instead of an authority.", valueName: "dir"))
    var folder: String?

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output = "text"

    func run() throws {
        guard ["text", "json"].contains(output) else {
            throw ReportError(.usage, "-o \(output) makes no sense here; use one of text, json")
        }
        if let folder { try show(identity: folder) } else { try show(try authority.open()) }
    }

    private func show(identity folder: String) throws {
        let path = "\(folder)/\(TLSIdentity.FileName.certificate)"
        let held = try HeldCertificate(pem: IdentityFile.read(path), place: path)
        let root = "\(folder)/\(TLSIdentity.FileName.authority)"
        let authority = try HeldCertificate(pem: IdentityFile.read(root), place: root)
        let text = try IdentityFile.textIfAny("\(folder)/\(TLSIdentity.FileName.revoked)")
        let list = try text.map { text throws(ReportError) in
            try RevocationList(parsing: text, authority: authority.bytes)
        }
        let revokedAt = list?.entry(of: held.serial)?.revokedAt
        let fingerprint = Hash256(hashing: authority.bytes).hex
        guard output == "text" else {
            var json = CertificateText.json(held, revokedAt).objectValue ?? [:]
            json["authority"] = .string(fingerprint)
            return Output.line(JSONValue.object(json).canonicalText)
        }
        CertificateText.lines(held, revokedAt).forEach(Output.line)
        Output.line(Wording.pick("authority ", "发证机构  ") + "\(authority.name)  \(fingerprint)")
    }

    private func show(_ authority: Authority) throws {
        let list = try authority.revocations()
        let issued = try authority.issued()
        let tokens = try authority.tokens()
        guard output == "text" else {
            let json: JSONValue = [
                "name": .string(authority.certificate.name),
                "fingerprint": .string(authority.fingerprint.hex),
                "notAfter": .string(authority.certificate.notAfter.description),
                "certificates": .array(
                    issued.map { CertificateText.json($0, list.entry(of: $0.serial)?.revokedAt) }
                ),
                "tokens": .array(tokens.map(Self.json)),
            ]
            return Output.line(json.canonicalText)
        }
        Output.line(Wording.pick("authority    ", "发证机构  ") + authority.certificate.name)
        Output.line(Wording.pick("fingerprint  ", "指纹      ") + authority.fingerprint.hex)
        for held in issued {
            Output.line("")
            CertificateText.lines(held, list.entry(of: held.serial)?.revokedAt).forEach(Output.line)
        }
        for token in tokens {
            let end = token.validUntil.zonedOfficeText
            let state =
                token.usedBy.map { Wording.pick("used by \($0)", "已由 \($0) 使用") }
                ?? Wording.pick("until \(end)", "有效期至 \(end)")
            Output.line("")
            Output.line(
                Wording.pick("token     ", "口令      ") + "\(token.id)  \(token.name)  \(state)"
            )
        }
    }

    private static func json(_ token: TokenRecord) -> JSONValue {
        [
            "id": .string(token.id), "name": .string(token.name),
            "kind": .string(token.kind.rawValue),
            "regions": .array(token.regions.map { .string($0) }),
            "verbs": .array(token.verbs.map { .string($0) }),
            "validUntil": .string(token.validUntil.description),
            "usedBy": .optional(token.usedBy?.description),
        ]
    }
}

import ArgumentParser
import ReportAuthority
import ReportClient
import ReportCommands
import ReportModel
import ReportTLS

struct RenewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Get the next certificate for the same key.",
        discussion: """
            --folder IDENTITY --node HOST:PORT   a client, from the node with the authority
            --authority DIR WHO --out IDENTITY   where the authority is; WHO is a serial number, key or name

            Nodes renew by themselves 30 days before the end, over the connection to their upstream.
            """
    )

    @OptionGroup var authority: AuthorityOptions

    @Argument(help: "Serial number, key or name of the certificate.")
    var who: String?

    @Option(help: ArgumentHelp("Where the certificate is written.", valueName: "dir"))
    var out: String?

    @Option(help: ArgumentHelp("The identity of a client.", valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("The node with the authority.", valueName: "host:port"))
    var node: String?

    @Option(help: "Days of the certificate.")
    var days = AuthorityLimits.certificateDays

    func run() async throws {
        if let folder, let node {
            return try await renew(folder, node)
        }
        guard let who, let out else {
            throw ReportError(.usage, "give --folder and --node, or --authority, WHO and --out")
        }
        let authority = try authority.open()
        let found = try authority.issued(matching: who)
        guard let last = found.last, let key = last.node, let kind = last.kind,
            found.allSatisfy({ $0.node == key })
        else {
            throw ReportError(
                .ambiguous,
                "several keys have certificates named \(who)",
                hint: "give the key or the serial number: reportctl pki show"
            )
        }
        let next = try authority.issue(to: key, name: last.name, kind: kind, days: days)
        try IssuedIdentity(next, authority).writeUnchecked(to: out)
        CertificateText.lines(next, nil).forEach(Output.line)
    }

    private func renew(_ folder: String, _ node: String) async throws {
        let secure = try SecureAccess(folder: folder, address: node)
        let service = try await NodeService.connect(to: node, secure: secure)
        let answer: JSONValue
        do throws(ReportError) {
            answer = try await service.renew()
        } catch {
            await service.close()
            throw error
        }
        await service.close()
        let key = secure.identity.key
        let authority = secure.identity.authority.fingerprint
        try IssuedIdentity(answer).write(to: folder, key: key, authority: authority)
        let path = "\(folder)/\(TLSIdentity.FileName.certificate)"
        let held = try HeldCertificate(pem: IdentityFile.read(path), place: path)
        CertificateText.lines(held, nil).forEach(Output.line)
    }
}

import ArgumentParser
import ReportAuthority
import ReportCommands
import ReportModel
import ReportTLS

struct IssueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Sign a certificate and put it into the folder of an identity.",
        discussion: """
            --key KEY   for a node: its key, as reportd --show-key prints it
            --client    for a program or a person: makes a key in the folder as well

            What the key may do stands in the grants of the nodes.
            """
    )

    @OptionGroup var authority: AuthorityOptions

    @Option(help: "Name of the holder, for people.")
    var name: String

    @Option(help: ArgumentHelp("The key of a node.", valueName: "key"))
    var key: String?

    @Flag(help: "For a client, with a new key.")
    var client = false

    @Option(help: ArgumentHelp("The folder of the identity.", valueName: "dir"))
    var out: String

    @Option(help: "Days of the certificate.")
    var days = AuthorityLimits.certificateDays

    func run() throws {
        guard (key != nil) != client else {
            throw ReportError(.usage, "give --key KEY for a node, or --client")
        }
        let authority = try authority.open()
        let node: NodeID
        if let key {
            guard let parsed = NodeID(parsing: key) else {
                throw ReportError(
                    .usage,
                    "'\(key)' is no key",
                    hint: "reportd --config FILE --show-key prints it"
                )
            }
            node = parsed
        } else {
            node = try ClientKey.make(in: out).id
        }
        let held = try authority.issue(
            to: node,
            name: name,
            kind: client ? .client : .node,
            days: days
        )
        try IssuedIdentity(held, authority).writeUnchecked(to: out)
        CertificateText.lines(held, nil).forEach(Output.line)
    }
}

/// The key of a client.
enum ClientKey {
    /// The key in a folder; makes folder and key when there are none.
    static func make(in folder: String) throws(ReportError) -> NodeKey {
        try IdentityFile.makeFolder(folder)
        let path = "\(folder)/\(TLSIdentity.FileName.key)"
        do throws(ReportError) {
            return try PrivateKeyFile.read(path)
        } catch {
            guard error.code == .notFound else { throw error }
        }
        let key = NodeKey()
        let pem = Array(PrivateKeyFile.pem(key).utf8)
        try IdentityFile.write(pem, to: path, mode: 0o600, replaces: false)
        return key
    }
}

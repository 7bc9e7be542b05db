import ArgumentParser
import ReportAuthority
import ReportCommands
import ReportModel

struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take certificates back.",
        discussion: """
            The node with the authority learns it on SIGHUP (systemctl reload reportd), others with their \
            next certificate or when the file `revoked` of the authority is copied into their identity. \
            Tokens that the key has used give nothing more. Take the key out of the grants as well.
            """
    )

    @OptionGroup var authority: AuthorityOptions

    @Argument(help: "Serial number, key or name: all certificates of it.")
    var who: String

    func run() throws {
        let authority = try authority.open()
        let found = try authority.revoke(matching: who)
        let now = Timestamp.now
        for held in found { CertificateText.lines(held, now).forEach(Output.line) }
        Output.error(
            Wording.pick(
                "now take the key out of the node's grants, then: systemctl reload reportd",
                "请从节点的授权文件中删除该公钥，然后运行：systemctl reload reportd"
            )
        )
    }
}

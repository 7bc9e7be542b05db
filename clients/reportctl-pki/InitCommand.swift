import ArgumentParser
import ReportAuthority
import ReportCommands
import ReportModel

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an authority in a new folder.",
        discussion: """
            Whoever has the file authority.key of this folder can let anybody in. Keep a copy where no \
            network reaches it.
            """
    )

    @OptionGroup var authority: AuthorityOptions

    @Option(help: "Name of the authority, for people.")
    var name: String

    @Option(help: "Days of its certificate.")
    var days = AuthorityLimits.authorityDays

    func run() throws {
        let made = try Authority.create(in: try authority.folder(), name: name, days: days)
        Output.line(
            Wording.pick("authority    ", "发证机构  ") + "\(made.certificate.name)  \(made.folder)"
        )
        Output.line(Wording.pick("fingerprint  ", "指纹      ") + made.fingerprint.hex)
        Output.line(
            Wording.pick("until        ", "有效期至  ") + made.certificate.notAfter.zonedOfficeText
        )
    }
}

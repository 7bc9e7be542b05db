import ArgumentParser
import Glibc
import ReportModel
import ReportNATS

/// Which stream of which servers, and who asks.
struct NATSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The servers: tls://HOST:4222, several with commas; else REPORTCTL_NATS, which others do not see.",
            valueName: "url"
        )
    )
    var url: String?

    @Option(help: "Name of the stream.")
    var stream = JetStream.defaultName

    @Option(help: ArgumentHelp("Credentials of a user of NATS.", valueName: "file"))
    var credentials: String?

    @Option(
        help: ArgumentHelp(
            "Authorities that sign the servers' certificates; else those of the system.",
            valueName: "file"
        )
    )
    var ca: String?

    @Option(help: ArgumentHelp("Certificate that is shown to the servers.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("Key of the certificate.", valueName: "file"))
    var privateKey: String?

    /// What the options say.
    /// - Throws: ``ReportError`` `usage`.
    func address() throws(ReportError) -> NATSAddress {
        let variable = getenv("REPORTCTL_NATS").map { String(cString: $0) } ?? ""
        guard let text = url ?? (variable.isEmpty ? nil : variable) else {
            throw ReportError(
                .usage,
                "which servers?",
                hint: "give --url tls://HOST:4222, or set REPORTCTL_NATS"
            )
        }
        guard (certificate == nil) == (privateKey == nil) else {
            throw ReportError(.usage, "--certificate and --private-key go together")
        }
        guard !stream.isEmpty,
            stream.allSatisfy({
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")
            })
        else { throw ReportError(.usage, "the name of a stream has letters, digits, - and _") }
        var address = try NATSAddress(text)
        address.credentials = credentials
        address.authorities = ca
        if let certificate, let privateKey { address.certificate = (certificate, privateKey) }
        return address
    }
}

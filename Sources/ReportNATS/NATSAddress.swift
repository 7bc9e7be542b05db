package import ReportModel

/// Servers of NATS, and how this program shows who it is.
package struct NATSAddress: Sendable {
    /// The servers, at least one.
    let urls: [String]
    /// File of credentials (`.creds`) of an account's user.
    package var credentials: String?
    /// File of the authorities that sign the servers' certificates; nil: those of the system.
    package var authorities: String?
    /// Files of the client's certificate and key.
    package var certificate: (chain: String, key: String)?

    /// Whether the connection is under TLS.
    let isSecure: Bool

    /// Takes `tls://HOST:PORT` or, on the loopback address, `nats://HOST:PORT`; several with commas.
    /// - Parameter text: the URLs.
    /// - Throws: ``ReportError`` `usage` for anything else: reports do not travel in plain text.
    package init(_ text: String) throws(ReportError) {
        var schemes: Set<Substring> = []
        let urls = text.split(separator: ",", omittingEmptySubsequences: false)
        for url in urls {
            guard let colon = url.firstRange(of: "://"), colon.upperBound < url.endIndex else {
                throw ReportError(
                    .usage,
                    "'\(Self.shown(url))' is no address of NATS",
                    hint: "write tls://HOST:4222"
                )
            }
            let scheme = url[..<colon.lowerBound]
            let host = Self.host(url[colon.upperBound...])
            guard scheme == "tls" || scheme == "nats" && Self.isLoopback(host) else {
                throw ReportError(
                    .usage,
                    "reports do not go to \(host) in plain text",
                    hint: "write tls://, with --ca FILE for an authority of your own"
                )
            }
            schemes.insert(scheme)
        }
        guard schemes.count == 1 else {
            throw ReportError(.usage, "all servers are under TLS, or none")
        }
        self.urls = urls.map { String($0) }
        isSecure = schemes.contains("tls")
    }

    /// The host of what follows the scheme, without user, password, port and path.
    private static func host(_ rest: Substring) -> Substring {
        let authority = rest.prefix { $0 != "/" }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            return place[place.index(after: place.startIndex)..<end]
        }
        return place.prefix { $0 != ":" }
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }

    /// A URL without what stands before the at sign, which is secret.
    private static func shown(_ url: Substring) -> Substring {
        url.split(separator: "@", omittingEmptySubsequences: false).last ?? url
    }
}

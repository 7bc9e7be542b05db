public import ReportModel

/// What an office is given so that it can enrol itself once: where, with whom, and a secret.
///
/// One line: `reportd-join/1/HOST:PORT/FINGERPRINT/ID/SECRET`.
public struct JoinToken: Hashable, Sendable, CustomStringConvertible {
    /// Where the node that enrols listens under TLS.
    public var address: String
    /// SHA-256 of the authority's certificate: the only one that the newcomer trusts.
    public var authority: Hash256
    /// Which token: 16 hexadecimal digits.
    public var id: String
    /// What proves it.
    public var secret: Hash256

    /// Makes a token.
    /// - Parameters:
    ///   - address: `HOST:PORT`.
    ///   - authority: fingerprint of the authority's certificate.
    public init(address: String, authority: Hash256) {
        self.address = address
        self.authority = authority
        id = String(Hash256.random().hex.prefix(Self.idDigitCount))
        secret = .random()
    }

    /// Hexadecimal digits of ``id``.
    public static let idDigitCount = 16
    private static let prefix = "reportd-join"

    /// Reads ``description``.
    /// - Parameter text: one line, perhaps with blanks around it.
    public init?(parsing text: String) {
        let parts = text.split(whereSeparator: \.isWhitespace).joined()
            .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == Self.prefix, parts[1] == "1", !parts[2].isEmpty,
            let authority = Hash256(hex: parts[3]), JoinToken.isID(parts[4]),
            let secret = Hash256(hex: parts[5])
        else { return nil }
        address = parts[2]
        self.authority = authority
        id = parts[4]
        self.secret = secret
    }

    /// Whether a text may be an id, and so part of a file's name.
    /// - Parameter text: what a stranger sent.
    /// - Returns: whether it has the form of an id.
    public static func isID(_ text: String) -> Bool {
        text.utf8.count == idDigitCount
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// The line.
    public var description: String {
        [Self.prefix, "1", address, authority.hex, id, secret.hex].joined(separator: "/")
    }

    /// What of the secret is stored.
    /// - Parameter secret: the secret.
    /// - Returns: a hash.
    public static func hash(of secret: Hash256) -> Hash256 {
        Hash256(hashing: Array("reportd token 1\n".utf8) + secret.bytes)
    }
}

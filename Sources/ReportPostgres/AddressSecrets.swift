import ReportModel

/// What of a database's address nobody may read: no log, no answer, no message of libpq.
struct AddressSecrets: Sendable {
    /// Passwords, as they stand in the address and as they are meant.
    private let secrets: [String]
    /// Whether libpq would take a part of the password for a host, a port or a setting, and quote it.
    private let isAmbiguous: Bool

    /// Shorter ones stand in too many words.
    private static let minimumCount = 3

    init(_ address: String) {
        guard let slashes = address.firstRange(of: "://") else {
            (secrets, isAmbiguous) = ([], false)
            return
        }
        // As libpq reads it: a name and password end at the first @ before the first slash.
        var rest = address[slashes.upperBound...]
        var found: [Substring] = []
        if let at = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[at] == "@" {
            let user = rest[..<at]
            if let colon = user.firstIndex(of: ":") {
                found.append(user[user.index(after: colon)...])
            }
            rest = rest[rest.index(after: at)...]
        }
        let path = rest.prefix { $0 != "?" }
        for setting in rest[path.endIndex...].dropFirst().split(separator: "&") {
            let parts = setting.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, ["password", "sslpassword"].contains(parts[0]) else { continue }
            found.append(parts[1])
        }
        secrets =
            found.flatMap { [String($0), Self.decoded($0)] }
            .filter { $0.count >= Self.minimumCount }
        isAmbiguous = path.contains("@")
    }

    /// Refuses an address whose password would be read as something else.
    /// - Parameter isReadable: whether libpq can read it.
    /// - Throws: ``ReportError`` `usage`; nothing of the address stands in it.
    func check(isReadable: Bool) throws(ReportError) {
        guard isAmbiguous || !isReadable else { return }
        throw ReportError(
            .usage,
            "the address of the database cannot be read",
            hint: "write marks in its password as %40 for @, %2F for /, %3F for ?, %25 for %; "
                + "or leave the password out and put it into ~/.pgpass"
        )
    }

    /// A message without passwords.
    func redacted(_ message: String) -> String {
        var message = message
        for secret in secrets { message = message.replacing(secret, with: "***") }
        return message
    }

    /// Text with each `%XX` as the byte that it means.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

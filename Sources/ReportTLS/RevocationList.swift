import NIOSSL
public import ReportModel

/// The list of certificates that are not good any more, signed by their authority.
///
/// Lines of text: `reportd revoked 1`, `authority FINGERPRINT`, `number N`, `issued TIME`, one
/// `serial SERIAL TIME NAME` for each certificate, and `signature HEX` over all bytes before it.
public struct RevocationList: Hashable, Sendable {
    /// One certificate.
    public struct Entry: Hashable, Sendable {
        /// Its number.
        public var serial: String
        /// Since when it is not good.
        public var revokedAt: Timestamp
        /// Whose it was, for people.
        public var name: String

        /// Makes a line.
        /// - Parameters:
        ///   - serial: hexadecimal digits of the certificate's number.
        ///   - revokedAt: since when it is not good.
        ///   - name: whose it was.
        public init(serial: String, revokedAt: Timestamp, name: String) {
            self.serial = serial
            self.revokedAt = revokedAt
            self.name = name
        }
    }

    /// Most certificates of a list.
    public static let maximumEntryCount = 20_000

    /// Fingerprint of the authority's certificate.
    public let authority: Hash256
    /// Grows with each list.
    public let number: UInt64
    /// When it was signed.
    public let issuedAt: Timestamp
    /// The certificates.
    public let entries: [Entry]
    private let serials: [Substring: Int]

    package init(authority: Hash256, number: UInt64, issuedAt: Timestamp, entries: [Entry]) {
        self.authority = authority
        self.number = number
        self.issuedAt = issuedAt
        self.entries = entries
        serials = Dictionary(
            entries.enumerated().map { (Self.plain($1.serial), $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The line of a certificate; nil when it is not revoked.
    /// - Parameter serial: hexadecimal digits.
    /// - Returns: the line, or nil.
    public func entry(of serial: String) -> Entry? {
        serials[Self.plain(serial)].map { entries[$0] }
    }

    /// A number without the zeros that only say that it is not negative.
    private static func plain(_ serial: String) -> Substring {
        var digits = serial[...]
        while digits.utf8.count > 2, digits.hasPrefix("00") { digits = digits.dropFirst(2) }
        return digits
    }

    private static let firstLine = "reportd revoked 1"

    /// The text of the list, signed.
    /// - Parameter key: the authority's key.
    /// - Returns: lines.
    package func text(signedBy key: NodeKey) -> String {
        var lines = [
            Self.firstLine, "authority \(authority.hex)", "number \(number)", "issued \(issuedAt)",
        ]
        lines += entries.map { "serial \($0.serial) \($0.revokedAt) \($0.name)" }
        let body = lines.joined(separator: "\n") + "\n"
        return body + "signature \(HexText.text(key.sign(Array(body.utf8))))\n"
    }

    /// Reads a list and checks its signature.
    /// - Parameters:
    ///   - text: the file.
    ///   - authority: the authority's certificate, DER.
    /// - Throws: ``ReportModel/ReportError`` `integrity` when it is no list that this authority signed.
    public init(parsing text: String, authority: [UInt8]) throws(ReportError) {
        let fault = ReportError(
            .integrity,
            "the list of revoked certificates is damaged or from another authority"
        )
        guard let mark = text.range(ofLast: "\nsignature "),
            let certificate = try? NIOSSLCertificate(bytes: authority, format: .der),
            let key = try PeerCertificate(certificate).node
        else { throw fault }
        let body = text.utf8[..<mark.bodyEnd]
        let digits = text.utf8[mark.valueStart...].prefix { $0 != 0x0A }
        guard let signature = HexText.bytes(String(decoding: digits, as: UTF8.self)),
            key.verifies(signature: signature, over: Array(body))
        else { throw fault }
        var number: UInt64?
        var issued: Timestamp?
        var fingerprint: Hash256?
        var entries: [Entry] = []
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == Self.firstLine,
            lines.count <= Self.maximumEntryCount + 4
        else { throw fault }
        for line in lines.dropFirst() {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            switch (words.first, words.count) {
            case ("authority", 2): fingerprint = Hash256(hex: words[1])
            case ("number", 2): number = UInt64(words[1])
            case ("issued", 2): issued = Timestamp(parsing: words[1])
            case ("serial", 3...):
                guard let time = Timestamp(parsing: words[2]) else { throw fault }
                let name = words.count > 3 ? words[3] : ""
                entries.append(Entry(serial: words[1], revokedAt: time, name: name))
            default: throw fault
            }
        }
        guard let number, let issued, fingerprint == Hash256(hashing: authority), let fingerprint
        else { throw fault }
        self.init(authority: fingerprint, number: number, issuedAt: issued, entries: entries)
    }
}

extension String {
    fileprivate func range(
        ofLast mark: String
    ) -> (bodyEnd: String.Index, valueStart: String.Index)? {
        let wanted = Array(mark.utf8)
        let bytes = Array(utf8)
        guard bytes.count >= wanted.count else { return nil }
        for start in stride(from: bytes.count - wanted.count, through: 0, by: -1)
        where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            let index = utf8.index(utf8.startIndex, offsetBy: start)
            return (utf8.index(after: index), utf8.index(index, offsetBy: wanted.count))
        }
        return nil
    }
}

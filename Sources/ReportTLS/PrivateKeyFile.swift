public import ReportModel

/// An Ed25519 private key as other programs take it: PKCS 8, in PEM.
///
/// Source: RFC 8410 section 7; RFC 7468.
public enum PrivateKeyFile {
    /// Bytes before the 32 secret ones.
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]

    /// The key, DER.
    /// - Parameter key: the key.
    /// - Returns: 48 bytes.
    public static func der(_ key: NodeKey) -> [UInt8] { prefix + key.secret }

    /// The key, PEM.
    /// - Parameter key: the key.
    /// - Returns: three lines.
    public static func pem(_ key: NodeKey) -> String { PEM.text("PRIVATE KEY", der(key)) }

    /// Reads a key that only its owner may read.
    /// - Parameter path: a file in PEM.
    /// - Returns: the key.
    /// - Throws: ``ReportModel/ReportError`` `not-found`; `not-allowed` when others may read it;
    ///   `integrity` when it is no such key.
    public static func read(_ path: String) throws(ReportError) -> NodeKey {
        let bytes = try IdentityFile.read(path, isSecret: true)
        guard let der = PEM.bytes("PRIVATE KEY", in: bytes), der.starts(with: prefix),
            let node = NodeKey(secret: Array(der.suffix(32)))
        else {
            throw ReportError(
                .integrity,
                "\(path) is no Ed25519 key in PEM",
                hint: "reportctl pki issue --client makes one"
            )
        }
        return node
    }
}

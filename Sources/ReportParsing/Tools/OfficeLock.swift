/// Whether an office document needs a password, told without opening it.
enum OfficeLock: Hashable {
    /// No sign of a password.
    case open
    /// Needs a password.
    case locked
    /// Encrypted, but maybe with the password that every program knows.
    case lockedUnlessDefault

    private static let maximumRecordCount = 256
    private static let maximumGlobalsByteCount = 64 << 10

    /// Looks at a file.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: its format, told by content.
    /// - Returns: what its header or manifest says; `open` when that cannot be read.
    static func of(_ bytes: [UInt8], format: FileFormat) -> OfficeLock {
        switch format.name {
        case "doc", "wps": word(bytes)
        case "xls", "et": workbook(bytes)
        case "odt", "ods": openDocument(bytes)
        default: .open
        }
    }

    /// The flag `fEncrypted` of the file information block.
    ///
    /// Source: MS-DOC 2.5.2 (FibBase).
    private static func word(_ bytes: [UInt8]) -> OfficeLock {
        let head = CompoundFile(bytes)?.stream("WordDocument", maximumByteCount: 32) ?? []
        guard head.count >= 12, head[0] == 0xEC || head[0] == 0xDC, head[1] == 0xA5 else {
            return .open
        }
        return head[11] & 1 == 1 ? .locked : .open
    }

    /// The record `FilePass` among the first records of the workbook.
    ///
    /// Excel also writes it for workbooks that are merely protected against changes, with a password
    /// that is the same everywhere.
    ///
    /// Source: MS-XLS 2.4.117 (FilePass), 2.4.191 (password of protected workbooks).
    private static func workbook(_ bytes: [UInt8]) -> OfficeLock {
        guard let file = CompoundFile(bytes) else { return .open }
        let names = ["Workbook", "Book"]
        for name in names {
            guard let stream = file.stream(name, maximumByteCount: maximumGlobalsByteCount) else {
                continue
            }
            var offset = 0
            for _ in 0..<maximumRecordCount where offset + 4 <= stream.count {
                let kind = Int(stream[offset]) | Int(stream[offset + 1]) << 8
                if kind == 0x002F { return .lockedUnlessDefault }
                if kind == 0x000A { break }
                offset += 4 + (Int(stream[offset + 2]) | Int(stream[offset + 3]) << 8)
            }
        }
        return .open
    }

    /// The element `encryption-data` of the manifest.
    ///
    /// Source: OpenDocument 1.3 part 2, 4.4.
    private static func openDocument(_ bytes: [UInt8]) -> OfficeLock {
        guard let archive = try? ZipArchive(bytes),
            let manifest = try? archive.read(named: "META-INF/manifest.xml")
        else { return .open }
        return manifest.contains(Array("encryption-data".utf8)) ? .locked : .open
    }
}

extension [UInt8] {
    /// Whether the bytes hold another run of bytes.
    fileprivate func contains(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, count >= needle.count else { return false }
        return (0...count - needle.count).contains { start in
            self[start] == first && self[start..<start + needle.count].elementsEqual(needle)
        }
    }
}

import ReportModel

/// The sections of a bundle.
///
/// Source: docs/format.md section 11.
enum BundleLayout {
    /// First bytes: the letters "rpu" and the format.
    static let magic: [UInt8] = [0x72, 0x70, 0x75, 1]
    /// Name and version of the form.
    static let format = "reportd.bundle/1"
    /// What stands before the digest that is signed.
    static let signedPrefix = Array("reportd bundle 1\n".utf8)
    /// Bytes of the last section with its head.
    static let tailByteCount = 9 + NodeKey.signatureByteCount

    /// What a section holds.
    enum Section: UInt8 {
        case manifest = 1
        case log = 2
        case batch = 3
        case acknowledgement = 4
        /// Byte count of the batch 8, then the batch as one zstd frame.
        case compressedBatch = 5
        case signature = 255
    }
}

/// What a bundle says of itself.
struct BundleManifest {
    /// One log in it.
    struct Part {
        var log: LogID
        /// The bundle begins after this entry.
        var after: UInt64
        /// It ends with this one; as `after` when it holds none.
        var sequence: UInt64
    }

    var node: NodeID
    var name: String
    /// The node it was made for; nil: for anybody.
    var recipient: NodeID?
    var parts: [Part]
    var madeAt: Timestamp

    var json: JSONValue {
        [
            "format": .string(BundleLayout.format), "node": .string(node.description),
            "name": .string(name), "for": .optional(recipient?.description),
            "logs": .array(
                parts.map { part in
                    [
                        "log": .string(part.log.description),
                        "after": .integer(Int(clamping: part.after)),
                        "sequence": .integer(Int(clamping: part.sequence)),
                    ]
                }
            ),
            "madeAt": .string(madeAt.description), "program": .string(ReportdVersion.text),
        ]
    }

    init(node: NodeID, name: String, recipient: NodeID?, parts: [Part], madeAt: Timestamp) {
        self.node = node
        self.name = name
        self.recipient = recipient
        self.parts = parts
        self.madeAt = madeAt
    }

    init?(json: JSONValue) {
        guard json["format"]?.stringValue == BundleLayout.format,
            let node = (json["node"]?.stringValue).flatMap({ NodeID(parsing: $0) }),
            let name = json["name"]?.stringValue,
            let madeAt = (json["madeAt"]?.stringValue).flatMap({ Timestamp(parsing: $0) }),
            let list = json["logs"]?.arrayValue
        else { return nil }
        var recipient: NodeID?
        if let text = json["for"]?.stringValue {
            guard let node = NodeID(parsing: text) else { return nil }
            recipient = node
        }
        var parts: [Part] = []
        for row in list {
            guard let log = (row["log"]?.stringValue).flatMap({ LogID(hex: $0) }),
                let after = row["after"]?.integerValue, after >= 0,
                let sequence = row["sequence"]?.integerValue, sequence >= after
            else { return nil }
            parts.append(Part(log: log, after: UInt64(after), sequence: UInt64(sequence)))
        }
        self.init(node: node, name: name, recipient: recipient, parts: parts, madeAt: madeAt)
    }
}

extension BackupFile {
    /// Appends a section of a bundle: kind, length, bytes.
    func bundleSection(
        _ kind: BundleLayout.Section,
        _ bytes: [UInt8],
        hashed: Bool = true
    ) throws(ReportError) {
        var head = [kind.rawValue]
        head.appendBigEndian(UInt64(bytes.count))
        try write(head, hashed: hashed)
        try write(bytes, hashed: hashed)
    }
}

/// Reads the sections of a bundle.
struct BundleReader {
    private let reader: BackupReader
    private let path: String
    /// What the bundle says of itself.
    let manifest: BundleManifest

    /// Opens a bundle and checks its signature over everything in it.
    init(_ path: String) throws(ReportError) {
        self.path = path
        let check = try BackupReader(path)
        guard try check.read(min(4, check.byteCount)) == BundleLayout.magic else {
            throw ReportError(.unreadable, "\(path) is no bundle of reportd")
        }
        let end = check.byteCount - BundleLayout.tailByteCount
        guard end > 4 else { throw ReportError(.truncated, "\(path) ends too early") }
        while check.offset < end {
            _ = try check.read(min(StoreLimits.backupStepByteCount, end - check.offset))
        }
        let tail = try check.read(BundleLayout.tailByteCount, at: end)
        let digest = check.takeDigest()
        reader = try BackupReader(path)
        _ = try reader.read(4)
        guard let (kind, bytes) = try Self.section(reader, path), kind == .manifest,
            let json = try? JSONValue(parsing: bytes), let manifest = BundleManifest(json: json)
        else { throw ReportError(.unreadable, "\(path) has no manifest that is understood") }
        guard tail[0] == BundleLayout.Section.signature.rawValue,
            manifest.node.verifies(
                signature: tail.suffix(NodeKey.signatureByteCount),
                over: BundleLayout.signedPrefix + digest.bytes
            )
        else {
            throw ReportError(
                .integrity,
                "\(path) is damaged: it is not what its sender signed",
                hint: "copy it once more, or let it be exported again"
            )
        }
        self.manifest = manifest
    }

    /// The next section; nil at the end.
    func next() throws(ReportError) -> (kind: BundleLayout.Section, bytes: [UInt8])? {
        try Self.section(reader, path)
    }

    private static func section(
        _ reader: BackupReader,
        _ path: String
    ) throws(ReportError) -> (kind: BundleLayout.Section, bytes: [UInt8])? {
        let head = try reader.read(9)
        var fields = ByteReader(head[...])
        guard
            let kind = fields.integer(UInt8.self).flatMap(BundleLayout.Section.init(rawValue:)),
            let count = fields.integer(UInt64.self),
            count <= StoreLimits.maximumSectionByteCount
        else { throw ReportError(.unsupported, "\(path) has a section that is not known") }
        if kind == .signature { return nil }
        return (kind, try reader.read(Int(count)))
    }
}

import ReportModel

/// The sections of a bundle.
///
/// Source: docs/format.md section 11.
package enum BundleLayout {
    /// First bytes: the letters "rpu" and the format.
    package static let magic: [UInt8] = [0x72, 0x70, 0x75, 1]
    /// Name and version of the form.
    package static let format = "reportd.bundle/1"
    /// What stands before the digest that is signed.
    package static let signedPrefix = Array("reportd bundle 1\n".utf8)
    /// Bytes of the last section with its head.
    static let tailByteCount = 9 + NodeKey.signatureByteCount

    /// What a section holds.
    package enum Section: UInt8 {
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
package struct BundleManifest {
    /// One log in it.
    package struct Part {
        /// The log.
        package var log: LogID
        /// The bundle begins after this entry.
        package var after: UInt64
        /// It ends with this one; as `after` when it holds none.
        package var sequence: UInt64
    }

    /// The node that signed it.
    package var node: NodeID
    var name: String
    /// The node it was made for; nil: for anybody.
    var recipient: NodeID?
    /// Its logs.
    package var parts: [Part]
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

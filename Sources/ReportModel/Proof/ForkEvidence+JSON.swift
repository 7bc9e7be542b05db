extension ForkEvidence {
    /// The evidence as an object; its canonical text is the file.
    public var json: JSONValue {
        [
            "format": .string(Self.format), "log": .string(descriptor.id.description),
            "descriptor": .string(HexText.text(descriptor.bytes)),
            "node": .string(descriptor.node.description), "name": .string(descriptor.name),
            "seenAt": .string(seenAt.description), "sequence": .integer(Int(clamping: sequence)),
            "branches": .array(branches.map(\.json)), "root": .optional(root?.hex),
            "consistency": Proof.array(consistency),
        ]
    }

    /// The bytes of the file: canonical JSON and a line feed.
    public var fileBytes: [UInt8] { json.canonicalBytes + [0x0A] }

    /// Reads evidence; its truth is not looked at.
    /// - Parameter json: what ``json`` gives.
    /// - Throws: ``ReportError`` `unsupported` for another form, `unreadable` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        guard json["format"]?.stringValue == Self.format else {
            throw ReportError(.unsupported, "this is no evidence of the form \(Self.format)")
        }
        var reader = ProofReader(json: json)
        guard let descriptor = LogDescriptor(try reader.bytes("descriptor")) else {
            throw ProofReader.wrong("descriptor")
        }
        guard let seenAt = (json["seenAt"]?.stringValue).flatMap({ Timestamp(parsing: $0) }) else {
            throw ProofReader.wrong("seenAt")
        }
        guard let sequence = json["sequence"]?.integerValue, sequence >= 0 else {
            throw ProofReader.wrong("sequence")
        }
        self.init(descriptor: descriptor, seenAt: seenAt)
        self.sequence = UInt64(sequence)
        let list = try reader.array("branches")
        guard list.count <= 2 else { throw ProofReader.wrong("branches") }
        branches = try list.map { json throws(ReportError) in try Branch(json: json) }
        if let root = json["root"], !root.isNull { self.root = try ProofReader.hash(root, "root") }
        consistency = try reader.hashes("consistency")
    }
}

extension ForkEvidence.Branch {
    fileprivate var json: JSONValue {
        [
            "head": .string(HexText.text(head.bytes)),
            "headSize": .integer(Int(clamping: head.size)),
            "headRoot": .string(head.root.hex), "signedAt": .string(head.signedAt.description),
            "header": .optional(header.map { HexText.text($0) }),
            "hash": .optional(header.map { Hash256(hashing: $0).hex }),
            "size": .integer(Int(clamping: size)), "inclusion": Proof.array(inclusion),
            "consistency": Proof.array(consistency),
        ]
    }

    fileprivate init(json: JSONValue) throws(ReportError) {
        var reader = ProofReader(json: json)
        guard let size = json["size"]?.integerValue, size >= 0 else {
            throw ProofReader.wrong("size")
        }
        var header: [UInt8]?
        if let value = json["header"], !value.isNull { header = try reader.bytes("header") }
        self.init(
            head: try reader.head("head"),
            header: header,
            size: UInt64(size),
            inclusion: try reader.hashes("inclusion"),
            consistency: try reader.hashes("consistency")
        )
    }
}

extension Proof {
    /// The proof as an object; its canonical text is the file.
    public var json: JSONValue {
        let kinds = Entry(header)?.bodies.map(\.kind) ?? []
        let bodies = salts.enumerated().map { index, salt -> JSONValue in
            [
                "kind": kinds.indices.contains(index)
                    ? .string(Self.name(of: kinds[index])) : .null,
                "salt": .optional(salt?.hex),
            ]
        }
        return [
            "format": .string(Self.format), "key": .optional(key),
            "header": .string(HexText.text(header)), "bodies": .array(bodies),
            "log": .string(HexText.text(descriptor.bytes)),
            "head": .string(HexText.text(head.bytes)), "inclusion": Self.array(inclusion),
            "earlier": earlier?.json ?? .null,
            "acknowledgements": .array(acknowledgements.map(\.json)),
        ]
    }

    /// The bytes of the file: canonical JSON and a line feed.
    public var fileBytes: [UInt8] { json.canonicalBytes + [0x0A] }

    /// Reads a proof; its truth is not looked at.
    /// - Parameter json: what ``json`` gives, or an object with it under `proof`, as receipts have.
    /// - Throws: ``ReportError`` `unsupported` for another form, `unreadable` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        var json = json
        if json["format"] == nil, let inner = json["proof"], inner["format"] != nil { json = inner }
        guard let format = json["format"]?.stringValue else {
            throw ReportError(.unreadable, "this is no proof: it has no member format")
        }
        guard format == Self.format else {
            throw ReportError(
                .unsupported,
                "proofs of the form '\(format)' are not known",
                hint: "this program reads \(Self.format)"
            )
        }
        var reader = ProofReader(json: json)
        for name in ["key", "earlier"] where json[name] == nil { throw ProofReader.wrong(name) }
        let header = try reader.bytes("header")
        guard let descriptor = LogDescriptor(try reader.bytes("log")) else {
            throw ProofReader.wrong("log")
        }
        let salts = try Self.salts(try reader.array("bodies"), of: header)
        let list = try reader.array("acknowledgements")
        guard list.count <= Self.maximumAcknowledgementCount else {
            throw ProofReader.wrong("acknowledgements")
        }
        self.init(
            key: json["key"]?.stringValue,
            header: header,
            salts: salts,
            descriptor: descriptor,
            head: try reader.head("head"),
            inclusion: try reader.hashes("inclusion"),
            earlier: try EarlierTree(optional: json["earlier"]),
            acknowledgements: try list.map { json throws(ReportError) in
                try BoundAcknowledgement(json: json)
            }
        )
    }

    /// The salts of bodies, each of which names the kind that the header says.
    private static func salts(
        _ bodies: [JSONValue],
        of header: [UInt8]
    ) throws(ReportError) -> [Hash256?] {
        let references = Entry(header)?.bodies
        var salts: [Hash256?] = []
        for (index, body) in bodies.enumerated() {
            guard let kind = body["kind"], let salt = body["salt"] else {
                throw ProofReader.wrong("bodies")
            }
            if let references, references.indices.contains(index),
                kind.stringValue != name(of: references[index].kind)
            {
                throw ReportError(
                    .integrity,
                    "the proof names another kind of body than its entry"
                )
            }
            salts.append(salt.isNull ? nil : try ProofReader.hash(salt, "bodies"))
        }
        return salts
    }

    /// Reads the bytes of a file.
    /// - Parameter bytes: JSON of at most ``maximumByteCount`` bytes.
    /// - Throws: ``ReportError`` as ``init(json:)``.
    public init(fileBytes bytes: [UInt8]) throws(ReportError) {
        guard bytes.count <= Self.maximumByteCount else {
            throw ReportError(.tooLarge, "a proof has at most \(Self.maximumByteCount) bytes")
        }
        let json: JSONValue
        do throws(JSONError) {
            // A receipt may have been edited and saved with a byte order mark.
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            json = try JSONValue(
                parsing: bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
            )
        } catch {
            throw ReportError(.unreadable, "this is no proof: \(error)")
        }
        // A receipt is written for people as well and may be set out in lines; a proof is not.
        guard json["format"] == nil || json.canonicalBytes + [0x0A] == bytes else {
            throw ReportError(
                .unreadable,
                "this proof is not as it was written: it is not in canonical form",
                hint: "take the file itself, not what an editor saved"
            )
        }
        try self.init(json: json)
    }

    static func array(_ hashes: [Hash256]) -> JSONValue { .strings(hashes.map(\.hex)) }

    static func name(of kind: BodyKind) -> String {
        switch kind {
        case .record: "record"
        case .people: "people"
        case .source: "source"
        case .detail: "detail"
        }
    }
}

extension Proof.EarlierTree {
    fileprivate var json: JSONValue {
        [
            "size": .integer(Int(clamping: size)), "root": .string(root.hex),
            "head": .optional(head.map { HexText.text($0.bytes) }),
            "consistency": Proof.array(consistency),
        ]
    }

    fileprivate init?(optional json: JSONValue?) throws(ReportError) {
        guard let json, !json.isNull else { return nil }
        var reader = ProofReader(json: json)
        guard let size = json["size"]?.integerValue, size >= 0 else {
            throw ProofReader.wrong("earlier.size")
        }
        // Null where it is not known; left out it may have been taken away.
        guard let value = json["head"] else { throw ProofReader.wrong("earlier.head") }
        let head = value.isNull ? nil : try reader.head("head")
        self.init(
            size: UInt64(size),
            root: try ProofReader.hash(json["root"] ?? .null, "earlier.root"),
            head: head,
            consistency: try reader.hashes("consistency")
        )
    }
}

extension Proof.BoundAcknowledgement {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "acknowledgement": .string(HexText.text(acknowledgement.bytes))
        ]
        switch link {
        case .chain(let headers):
            members["chain"] = .strings(headers.map { HexText.text($0) })
        case .tree(let path):
            members["inclusion"] = Proof.array(path)
        }
        return .object(members)
    }

    fileprivate init(json: JSONValue) throws(ReportError) {
        var reader = ProofReader(json: json)
        guard let acknowledgement = Acknowledgement(try reader.bytes("acknowledgement")) else {
            throw ProofReader.wrong("acknowledgement")
        }
        guard (json["inclusion"] == nil) != (json["chain"] == nil) else {
            throw ProofReader.wrong("acknowledgements")
        }
        if json["inclusion"] != nil {
            self.init(
                acknowledgement: acknowledgement,
                link: .tree(try reader.hashes("inclusion"))
            )
            return
        }
        let headers = try reader.array("chain")
        guard headers.count <= Proof.maximumChainCount else { throw ProofReader.wrong("chain") }
        self.init(
            acknowledgement: acknowledgement,
            link: .chain(
                try headers.map { value throws(ReportError) in
                    guard let bytes = value.stringValue.flatMap({ HexText.bytes($0) }) else {
                        throw ProofReader.wrong("chain")
                    }
                    return bytes
                }
            )
        )
    }
}

/// Reads members of a proof with errors that name them.
struct ProofReader {
    let json: JSONValue

    static func wrong(_ name: String) -> ReportError {
        ReportError(.unreadable, "this is no proof: the member \(name) is not as it must be")
    }

    mutating func bytes(_ name: String) throws(ReportError) -> [UInt8] {
        guard let text = json[name]?.stringValue, let bytes = HexText.bytes(text) else {
            throw Self.wrong(name)
        }
        return bytes
    }

    mutating func array(_ name: String) throws(ReportError) -> [JSONValue] {
        guard let array = json[name]?.arrayValue else { throw Self.wrong(name) }
        return array
    }

    mutating func head(_ name: String) throws(ReportError) -> SignedHead {
        guard let head = SignedHead(try bytes(name)) else { throw Self.wrong(name) }
        return head
    }

    mutating func hashes(_ name: String) throws(ReportError) -> [Hash256] {
        let array = try array(name)
        guard array.count <= MerkleTree.maximumProofCount else { throw Self.wrong(name) }
        return try array.map { value throws(ReportError) in try Self.hash(value, name) }
    }

    static func hash(_ value: JSONValue, _ name: String) throws(ReportError) -> Hash256 {
        guard let hash = value.stringValue.flatMap({ Hash256(hex: $0) }) else {
            throw wrong(name)
        }
        return hash
    }
}

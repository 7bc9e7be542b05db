public import ReportModel

extension ExportLine {
    /// Whether a first line begins a lossless export, of this or a later format.
    /// - Parameter json: the parsed line.
    /// - Returns: true also for formats that this program does not read.
    public static func begins(_ json: JSONValue) -> Bool {
        json["type"]?.stringValue == "export"
            && json["format"]?.stringValue?.hasPrefix("reportd.export/") == true
    }

    /// Reads a line; checks its form, not what it says.
    /// - Parameter json: the parsed line.
    /// - Throws: ``ReportError`` `unreadable` that names the member which is wrong, `unsupported` for
    ///   a later format.
    public init(_ json: JSONValue) throws(ReportError) {
        switch json["type"]?.stringValue {
        case "export":
            guard json["format"]?.stringValue == Self.format else {
                throw ReportError(
                    .unsupported,
                    "the export has a format that this program does not read",
                    hint: "install the version that wrote it, or a newer one"
                )
            }
            self = .begin(
                Contents(
                    hasPeople: json["people"]?.boolValue ?? false,
                    hasSources: json["sources"]?.boolValue ?? false
                )
            )
        case "log":
            guard let bytes = json["descriptor"]?.stringValue.flatMap({ HexText.bytes($0) }),
                let descriptor = LogDescriptor(bytes)
            else { throw Self.wrong("descriptor") }
            self = .log(descriptor, after: try Self.number("after", json))
        case "entry": self = try Self.entry(json)
        case "head":
            guard let bytes = json["head"]?.stringValue.flatMap({ HexText.bytes($0) }),
                let head = SignedHead(bytes)
            else { throw Self.wrong("head") }
            let texts = json["proof"]?.arrayValue ?? []
            let proof = texts.prefix(ExportLimits.maximumProofCount + 1)
                .compactMap { $0.stringValue.flatMap { Hash256(hex: $0) } }
            guard proof.count == texts.count, proof.count <= ExportLimits.maximumProofCount else {
                throw Self.wrong("proof")
            }
            self = .head(head, covers: try Self.number("covers", json), proof: proof)
        case "end": self = .end(entryCount: Int(clamping: try Self.number("entries", json)))
        default: throw Self.wrong("type")
        }
    }

    private static func entry(_ json: JSONValue) throws(ReportError) -> ExportLine {
        guard let log = json["log"]?.stringValue.flatMap({ LogID(hex: $0) }) else {
            throw wrong("log")
        }
        let sequence = try number("sequence", json)
        guard let header = json["header"]?.stringValue.flatMap({ HexText.bytes($0) }),
            let entry = Entry(header), entry.log == log, entry.sequence == sequence
        else { throw wrong("header") }
        guard json["hash"]?.stringValue == Hash256(hashing: header).hex else {
            throw ReportError(.integrity, "the header is not the one that the hash names")
        }
        guard let elements = json["bodies"]?.arrayValue, elements.count == entry.bodies.count,
            elements.count <= ExportLimits.maximumBodyCount
        else { throw wrong("bodies") }
        var bodies: [Body?] = []
        for element in elements { bodies.append(try body(element)) }
        return .entry(log, sequence: sequence, ReplicatedEntry(header: header, bodies: bodies))
    }

    private static func body(_ json: JSONValue) throws(ReportError) -> Body? {
        guard !json.isNull else { return nil }
        guard let kind = json["kind"]?.stringValue.flatMap({ BodyKind(name: $0) }),
            let salt = json["salt"]?.stringValue.flatMap({ Hash256(hex: $0) })
        else { throw wrong("bodies") }
        if let value = json["json"] {
            return Body(kind: kind, salt: salt, bytes: value.canonicalBytes)
        }
        guard let bytes = json["base64"]?.stringValue.flatMap({ Base64.decode($0) }) else {
            throw wrong("bodies")
        }
        return Body(kind: kind, salt: salt, bytes: bytes)
    }

    private static func number(_ name: String, _ json: JSONValue) throws(ReportError) -> UInt64 {
        guard let number = json[name]?.integerValue, let value = UInt64(exactly: number) else {
            throw wrong(name)
        }
        return value
    }

    private static func wrong(_ member: String) -> ReportError {
        ReportError(.unreadable, "'\(member)' is missing or not as \(format) has it")
    }
}

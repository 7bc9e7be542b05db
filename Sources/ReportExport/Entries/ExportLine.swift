public import ReportModel

/// One line of a lossless export.
///
/// Source: docs/format.md, section on `reportd.export/1`.
public enum ExportLine: Sendable {
    /// Name of the format.
    public static let format = "reportd.export/1"

    /// The first line: what the file holds.
    case begin(Contents)
    /// A log begins: its descriptor and the sequence before its first entry.
    case log(LogDescriptor, after: UInt64)
    /// An entry with the bodies that are given away.
    case entry(LogID, sequence: UInt64, ReplicatedEntry)
    /// A signed head of the log with the proof that it covers everything up to a sequence.
    case head(SignedHead, covers: UInt64, proof: [Hash256])
    /// The last line, with the number of entries.
    case end(entryCount: Int)

    /// What a file holds.
    public struct Contents: Hashable, Sendable {
        /// Whether names and telephone numbers are in it.
        public var hasPeople: Bool
        /// Whether source files are in it.
        public var hasSources: Bool

        /// Makes the value from its fields.
        /// - Parameters:
        ///   - hasPeople: whether names and telephone numbers are in it.
        ///   - hasSources: whether source files are in it.
        public init(hasPeople: Bool, hasSources: Bool) {
            self.hasPeople = hasPeople
            self.hasSources = hasSources
        }
    }

    /// The line with its line feed: canonical JSON of one object.
    public var bytes: [UInt8] {
        if case .entry(let log, let sequence, let entry) = self {
            return Self.entryBytes(log, sequence, entry)
        }
        return json.canonicalBytes + [UInt8(ascii: "\n")]
    }

    private var json: JSONValue {
        switch self {
        case .begin(let contents):
            [
                "type": "export", "format": .string(Self.format),
                "program": .string("reportd \(ReportdVersion.text)"),
                "people": .bool(contents.hasPeople), "sources": .bool(contents.hasSources),
            ]
        case .log(let descriptor, let sequence):
            [
                "type": "log", "log": .string(descriptor.id.description),
                "descriptor": .string(HexText.text(descriptor.bytes)),
                "name": .string(descriptor.name), "node": .string(descriptor.node.description),
                "after": .integer(Int(clamping: sequence)),
            ]
        case .entry: .null
        case .head(let head, let sequence, let proof):
            [
                "type": "head", "log": .string(head.log.description),
                "head": .string(HexText.text(head.bytes)),
                "size": .integer(Int(clamping: head.size)),
                "covers": .integer(Int(clamping: sequence)),
                "proof": .array(proof.map { .string($0.hex) }),
            ]
        case .end(let count): ["type": "end", "entries": .integer(count)]
        }
    }

    /// The line of an entry, put together without a tree: a file may have 64 MiB.
    private static func entryBytes(
        _ log: LogID,
        _ sequence: UInt64,
        _ entry: ReplicatedEntry
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(entry.byteCount / 3 * 4 + 1024)
        line.append(contentsOf: "{\"bodies\":[".utf8)
        for (index, body) in entry.bodies.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            append(body, to: &line)
        }
        line.append(contentsOf: "],\"hash\":\"\(Hash256(hashing: entry.header).hex)\"".utf8)
        line.append(contentsOf: ",\"header\":\"\(HexText.text(entry.header))\"".utf8)
        line.append(contentsOf: ",\"log\":\"\(log)\",\"sequence\":\(sequence)".utf8)
        line.append(contentsOf: ",\"type\":\"entry\"}\n".utf8)
        return line
    }

    /// Appends a body: as JSON when it is canonical JSON, else as base64; `null` when it is absent.
    private static func append(_ body: Body?, to line: inout [UInt8]) {
        guard let body else {
            line.append(contentsOf: "null".utf8)
            return
        }
        let isJSON = body.kind != .source && isCanonical(body.bytes)
        line.append(contentsOf: (isJSON ? "{\"json\":" : "{\"base64\":\"").utf8)
        if isJSON {
            line.append(contentsOf: body.bytes)
        } else {
            Base64.encode(body.bytes, to: &line)
            line.append(UInt8(ascii: "\""))
        }
        line.append(contentsOf: ",\"kind\":\"\(body.kind.name)\",\"salt\":\"".utf8)
        line.append(contentsOf: "\(body.salt.hex)\"}".utf8)
    }

    /// Whether bytes come back the same when they stand inside of a line.
    private static func isCanonical(_ bytes: [UInt8]) -> Bool {
        let nested = Array("[[[".utf8) + bytes + Array("]]]".utf8)
        guard let json = try? JSONValue(parsing: nested) else { return false }
        return json.canonicalBytes == nested
    }
}

extension BodyKind {
    /// The word of docs/format.md.
    public var name: String {
        switch self {
        case .record: "record"
        case .people: "people"
        case .source: "source"
        case .detail: "detail"
        }
    }

    init?(name: String) {
        switch name {
        case "record": self = .record
        case "people": self = .people
        case "source": self = .source
        case "detail": self = .detail
        default: return nil
        }
    }
}

import ReportExport
import ReportModel

/// The files of an evidence archive, in their order.
struct EvidenceContents {
    struct Member {
        var name: String
        var bytes: [UInt8]
        var time: Timestamp
    }

    private(set) var members: [Member] = []
    private(set) var summary: EvidenceArchive.Summary
    private let people: Bool
    private var latest = Timestamp(milliseconds: 0)

    init(key: String, people: Bool) {
        summary = EvidenceArchive.Summary(key: key)
        self.people = people
    }

    private mutating func put(_ name: String, _ bytes: [UInt8], _ time: Timestamp) {
        members.append(Member(name: name, bytes: bytes, time: time))
        latest = max(latest, time)
    }

    private mutating func put(_ name: String, _ json: JSONValue, _ time: Timestamp) {
        put(name, json.canonicalBytes + [UInt8(ascii: "\n")], time)
    }

    /// Adds an entry: its header, the salts of its bodies and the bodies as files.
    mutating func add(_ item: HistoryItem, _ entry: ReplicatedEntry?, printed: [UInt8]?) {
        let version = item.version
        let isVersion = item.kind == .submit
        if isVersion { summary.versionCount += 1 }
        let folder = "versions/\(version.id)"
        if let printed { put("\(folder)/record.json", printed, version.recordedAt) }
        var described: [JSONValue] = []
        let references = entry.flatMap { Entry($0.header) }?.bodies ?? []
        var sourceIndex = 0
        for (index, reference) in references.enumerated() {
            let body = entry?.bodies[index]
            var name: String?
            if let body {
                switch body.kind {
                case .record: name = "\(folder)/body.record.json"
                case .people: name = people ? "\(folder)/people.json" : nil
                case .source:
                    let original =
                        item.sources.indices.contains(sourceIndex)
                        ? item.sources[sourceIndex] : ""
                    name = "\(folder)/sources/\(sourceIndex)-\(Self.fileName(original))"
                    summary.fileCount += 1
                case .detail: name = "details/\(version.hash.shortHex).json"
                }
            } else {
                summary.absentCount += 1
            }
            if reference.kind == .source { sourceIndex += 1 }
            if let name, let body { put(name, body.bytes, version.recordedAt) }
            described.append([
                "kind": .string(reference.kind.name), "hash": .string(reference.hash.hex),
                "hashedBytes": .integer(Int(clamping: reference.byteCount)),
                "salt": .optional(name == nil ? nil : body?.salt.hex), "file": .optional(name),
            ])
        }
        let json: JSONValue = [
            "hash": .string(version.hash.hex), "kind": .string(item.kind.name),
            "log": .string(version.log.description),
            "sequence": .integer(Int(clamping: version.sequence)),
            "header": .optional(entry.map { HexText.text($0.header) }),
            "bodies": .array(described),
        ]
        put("entries/\(Self.place(version)).json", json, version.recordedAt)
    }

    /// Adds who owns a log, and its newest signed head.
    mutating func add(_ state: LogState) {
        let json: JSONValue = [
            "log": .string(state.descriptor.id.description),
            "name": .string(state.descriptor.name),
            "node": .string(state.descriptor.node.description),
            "descriptor": .string(HexText.text(state.descriptor.bytes)),
            "head": .optional(state.head.map { HexText.text($0.bytes) }),
            "size": .optional(state.head.map { Int(clamping: $0.size) }),
            "signedAt": .optional(state.head?.signedAt.description),
            "forked": .bool(state.isForked),
        ]
        let time = state.head?.signedAt ?? state.descriptor.createdAt
        put("logs/\(state.descriptor.id).json", json, time)
    }

    /// Adds the proof that an entry stands in its log.
    mutating func add(proof: [UInt8], of version: VersionInfo) {
        put("proofs/\(Self.place(version)).json", proof, version.recordedAt)
    }

    /// Adds what is said about the record, and the page that explains the archive, as the first.
    mutating func add(history: [HistoryItem], notes: [NoteItem]) {
        put("history.json", .array(history.map(\.json)), latest)
        put("notes.json", .array(notes.map(\.json)), latest)
        let text = EvidenceExplanation(summary: summary, people: people, names: members.map(\.name))
        let bytes = CSVWriter.byteOrderMark + Array(text.lines.joined(separator: "\r\n").utf8)
        members.insert(Member(name: "说明.txt", bytes: bytes, time: latest), at: 0)
    }

    private static func place(_ version: VersionInfo) -> String {
        "\(version.log.description.prefix(8))-\(version.sequence)"
    }

    /// A name that every system takes: no folders, no control characters, not too long.
    static func fileName(_ name: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            let isBad =
                scalar.value < 0x20 || scalar.value == 0x7F
                || "\\/:*?\"<>|".unicodeScalars.contains(scalar)
            kept.append(isBad ? "_" : scalar)
        }
        while String(kept).utf8.count > ExportLimits.maximumMemberNameByteCount {
            kept.removeFirst()
        }
        return kept.isEmpty ? "file" : String(kept)
    }
}

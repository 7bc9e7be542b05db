import ReportModel

/// What differs between two readings of one file, told by the fields of the record.
enum RecordChanges {
    /// Fields that say which program read, not what it read.
    private static let versions: Set<String> = ["parser", "rules"]
    /// Fields that are told by how many elements they have.
    private static let longest = 40

    /// Lines such as `score: 95.00 → 96.00` or `amounts: 12 → 13`.
    static func lines(from old: Record, to new: Record) -> [String] {
        let (old, new) = (old.json.objectValue ?? [:], new.json.objectValue ?? [:])
        var lines: [String] = []
        for field in Set(old.keys).union(new.keys).sorted() where !versions.contains(field) {
            let (before, after) = (old[field] ?? .null, new[field] ?? .null)
            if before != after { lines.append("\(field): \(text(before)) → \(text(after))") }
        }
        return lines
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .string(let text):
            text.unicodeScalars.count > longest ? String(text.prefix(longest)) + "…" : text
        case .array(let elements): String(elements.count)
        case .object(let members):
            members["name"]?.stringValue ?? members["city"]?.stringValue ?? String(members.count)
        case .integer(let number): String(number)
        case .bool(let flag): String(flag)
        }
    }
}

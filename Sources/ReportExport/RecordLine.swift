public import ReportModel

/// One line of a record export: what `get -o json` prints, with `people` when they were asked for.
///
/// Source: docs/export.md.
public enum RecordLine {
    /// The line of a version.
    /// - Parameters:
    ///   - bytes: what `get` prints, a canonical object and a line feed.
    ///   - people: what `get --people` prints; nil when they stay out.
    /// - Returns: one line.
    public static func bytes(printed bytes: [UInt8], people: [UInt8]?) -> [UInt8] {
        var line = bytes
        while let last = line.last, last == UInt8(ascii: "\n") { line.removeLast() }
        if let people, line.last == UInt8(ascii: "}") {
            line.removeLast()
            line.append(contentsOf: ",\"people\":".utf8)
            line.append(contentsOf: people.filter { $0 != UInt8(ascii: "\n") })
            line.append(UInt8(ascii: "}"))
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// Whether a line is a record of the schema.
    /// - Parameter json: the parsed line.
    /// - Returns: true for `reportd.record/1`.
    public static func isRecord(_ json: JSONValue) -> Bool {
        json["schema"]?.stringValue == Record.schema
    }

    /// The filing that a line stands for: a new version of its key, with files known by hash only.
    ///
    /// `status` and `version` of the line do not count: the store that takes it gives its own.
    /// - Parameter json: the parsed line.
    /// - Returns: a filing for ``ReportStoring/append(_:)``.
    /// - Throws: ``ReportError`` `unreadable` that names the field which is wrong, `no-key`.
    public static func filing(_ json: JSONValue) throws(ReportError) -> Filing {
        guard isRecord(json) else {
            throw ReportError(
                .unreadable,
                "the line is neither an export of entries nor a record of \(Record.schema)"
            )
        }
        do throws(ReportError) {
            return try Filing(importing: json, people: json["people"] ?? .null)
        } catch {
            guard error.code == .usage else { throw error }
            throw ReportError(.unreadable, error.message)
        }
    }
}

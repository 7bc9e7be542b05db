import ReportModel

/// The inboxes of a node as they stand in its store's journal, for programs that look while it is
/// stopped.
public enum InboxList {
    /// Key of the note in the journal.
    public static let journalKey = Array("reportd/inboxes".utf8)

    /// The note.
    /// - Parameter paths: absolute paths of the inboxes.
    /// - Returns: canonical JSON.
    public static func bytes(_ paths: [String]) -> [UInt8] {
        JSONValue.strings(paths).canonicalBytes
    }

    /// Reads the note.
    /// - Parameter bytes: what the journal holds; nil: nothing.
    /// - Returns: the paths; none when the note is missing or none.
    public static func paths(_ bytes: [UInt8]?) -> [String] {
        guard let bytes, let json = try? JSONValue(parsing: bytes) else { return [] }
        return (json.arrayValue ?? []).compactMap(\.stringValue).filter { $0.hasPrefix("/") }
    }
}

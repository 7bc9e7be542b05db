/// Ceilings of reviews and other entries about versions, with their reasons.
public enum WorkflowLimits {
    /// Bytes of a comment or reason: a page of text.
    public static let maximumTextByteCount = 8 << 10
    /// Bytes of a name.
    public static let maximumNameByteCount = 200
    /// Lookups in one review: what one commit takes without holding others up.
    public static let maximumLookupCount = 1000
    /// Lookups in one request for new readings: each may parse several files.
    public static let maximumReadingCount = 64
    /// Rows of one page of the queue or the audit.
    public static let maximumPageCount = 1000
    /// Rows of a page when nothing is said.
    public static let defaultPageCount = 100

    /// Checks a text that somebody wrote.
    static func check(_ text: String?, _ what: String) throws(ReportError) {
        guard text?.utf8.count ?? 0 <= maximumTextByteCount else {
            throw ReportError(.tooLarge, "\(what) has at most \(maximumTextByteCount) bytes")
        }
    }

    /// Checks who says something.
    static func check(by name: String?) throws(ReportError) {
        guard name?.utf8.count ?? 0 <= maximumNameByteCount else {
            throw ReportError(.tooLarge, "a name has at most \(maximumNameByteCount) bytes")
        }
    }

    /// Checks a reason, which must be there.
    static func required(_ text: String, _ what: String) throws(ReportError) {
        guard text.utf8.contains(where: { $0 > 0x20 }) else {
            throw ReportError(.usage, "\(what) is missing")
        }
        try check(text, what)
    }
}

extension JSONValue {
    /// Reads the lookups of a command.
    func lookups(limit: Int) throws(ReportError) -> [Lookup] {
        let texts = self["lookups"]?.arrayValue ?? []
        guard (1...limit).contains(texts.count) else {
            throw ReportError(.usage, "a command names 1 to \(limit) lookups")
        }
        return try texts.map { text throws(ReportError) in
            try Lookup(argument: text.stringValue ?? "")
        }
    }
}

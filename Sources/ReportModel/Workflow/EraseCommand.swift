/// Bodies of a record that are dropped by law, at every holder.
///
/// Source: DESIGN section 3, entries of kind `erase`.
public struct EraseCommand: Hashable, Sendable {
    /// What can be erased by itself.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// The record, with every reading of it.
        case record
        /// Names and telephone numbers.
        case people
        /// The files.
        case sources
        /// The words of notes, and the comments and reasons of reviews, retractions, moves and new readings.
        case notes

        /// Parts that go when nothing is said.
        public static let usual: Set<Part> = [.record, .people, .sources]
    }

    /// Must name one key; with a version, that one is erased, else all versions of the key.
    public var lookup: Lookup
    /// What goes.
    public var parts: Set<Part>
    /// Why.
    public var reason: String
    /// By which law or order.
    public var authority: String
    /// Who says so.
    public var by: String?
    /// Whether it is only told what would go.
    public var isRehearsal: Bool

    /// Makes a command.
    /// - Parameters:
    ///   - lookup: what is erased.
    ///   - parts: what goes of it.
    ///   - reason: why.
    ///   - authority: by which law or order.
    ///   - by: who says so.
    ///   - isRehearsal: whether it is only told what would go.
    /// - Throws: ``ReportError`` `usage` without a reason, an authority or parts.
    public init(
        _ lookup: Lookup,
        parts: Set<Part> = Part.usual,
        reason: String,
        authority: String,
        by: String? = nil,
        isRehearsal: Bool = false
    ) throws(ReportError) {
        try WorkflowLimits.required(reason, "the reason")
        try WorkflowLimits.required(authority, "the authority")
        try WorkflowLimits.check(by: by)
        guard !parts.isEmpty else { throw ReportError(.usage, "an erasure names no part") }
        self.lookup = lookup
        self.parts = parts
        self.reason = reason
        self.authority = authority
        self.by = by
        self.isRehearsal = isRehearsal
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        var parts: Set<Part> = []
        for value in json["parts"]?.arrayValue ?? [] {
            guard let part = value.stringValue.flatMap({ Part(rawValue: $0) }) else {
                let words = Part.allCases.map(\.rawValue).joined(separator: ", ")
                throw ReportError(.usage, "a part is one of \(words)")
            }
            parts.insert(part)
        }
        try self.init(
            try Lookup(argument: json["lookup"]?.stringValue ?? ""),
            parts: parts,
            reason: json["reason"]?.stringValue ?? "",
            authority: json["authority"]?.stringValue ?? "",
            by: json["by"]?.stringValue,
            isRehearsal: json["rehearsal"]?.boolValue ?? false
        )
    }

    /// The object `{lookup, parts, reason, authority, by, rehearsal}`.
    public var json: JSONValue {
        [
            "lookup": .string(lookup.description),
            "parts": .strings(parts.map(\.rawValue).sorted()),
            "reason": .string(reason), "authority": .string(authority), "by": .optional(by),
            "rehearsal": .bool(isRehearsal),
        ]
    }
}

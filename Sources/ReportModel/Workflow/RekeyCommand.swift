/// A version that was filed under the wrong key and moves to the right one.
///
/// Source: DESIGN section 3, entries of kind `rekey`.
public struct RekeyCommand: Hashable, Sendable {
    /// Must name one key; with a version, that one moves, else the current one.
    public var lookup: Lookup
    /// Where it belongs.
    public var key: ReportKey
    /// Why.
    public var reason: String
    /// Who says so.
    public var by: String?

    /// Makes a command.
    /// - Parameters:
    ///   - lookup: what moves.
    ///   - key: where it belongs.
    ///   - reason: why.
    ///   - by: who says so.
    /// - Throws: ``ReportError`` `usage` without a reason.
    public init(
        _ lookup: Lookup,
        to key: ReportKey,
        reason: String,
        by: String? = nil
    ) throws(ReportError) {
        try WorkflowLimits.required(reason, "the reason")
        try WorkflowLimits.check(by: by)
        self.lookup = lookup
        self.key = key
        self.reason = reason
        self.by = by
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        try self.init(
            try Lookup(argument: json["lookup"]?.stringValue ?? ""),
            to: try ReportKey(argument: json["to"]?.stringValue ?? ""),
            reason: json["reason"]?.stringValue ?? "",
            by: json["by"]?.stringValue
        )
    }

    /// The object `{lookup, to, reason, by}`.
    public var json: JSONValue {
        [
            "lookup": .string(lookup.description), "to": .string(key.text),
            "reason": .string(reason), "by": .optional(by),
        ]
    }
}

extension ReportKey {
    /// Reads a whole key as typed.
    /// - Parameter text: year, city, unit and kind at least.
    /// - Throws: ``ReportError`` `usage` that says what is expected.
    public init(argument text: String) throws(ReportError) {
        do throws(KeyError) {
            try self.init(parsing: text)
        } catch {
            throw ReportError(
                .usage,
                "'\(text)' is no key: \(error)",
                hint: "write a whole key, such as 2023/湛江市/麻章区/总工会/整体支出"
            )
        }
    }
}

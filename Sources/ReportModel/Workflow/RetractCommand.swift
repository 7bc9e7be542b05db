/// A version taken back by its unit.
///
/// Source: DESIGN section 3, entries of kind `retract`.
public struct RetractCommand: Hashable, Sendable {
    /// Must name one key; with a version, that one is taken back, else the current one.
    public var lookup: Lookup
    /// Why.
    public var reason: String
    /// Who says so.
    public var by: String?

    /// Makes a command.
    /// - Parameters:
    ///   - lookup: what is taken back.
    ///   - reason: why.
    ///   - by: who says so.
    /// - Throws: ``ReportError`` `usage` without a reason.
    public init(_ lookup: Lookup, reason: String, by: String? = nil) throws(ReportError) {
        try WorkflowLimits.required(reason, "the reason")
        try WorkflowLimits.check(by: by)
        self.lookup = lookup
        self.reason = reason
        self.by = by
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        try self.init(
            try Lookup(argument: json["lookup"]?.stringValue ?? ""),
            reason: json["reason"]?.stringValue ?? "",
            by: json["by"]?.stringValue
        )
    }

    /// The object `{lookup, reason, by}`.
    public var json: JSONValue {
        var members = detail.objectValue ?? [:]
        members["lookup"] = .string(lookup.description)
        return .object(members)
    }

    /// What is kept with the version.
    public var detail: JSONValue { ["reason": .string(reason), "by": .optional(by)] }
}

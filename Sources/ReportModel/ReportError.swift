/// The error that every interface of reportd shows: a code, a sentence, and what to do.
public struct ReportError: Error, Sendable, CustomStringConvertible {
    /// A stable word for programs; decides the exit code.
    public enum Code: String, Sendable, CaseIterable {
        case `internal`, usage
        case notFound = "not-found"
        case erased, ambiguous, conflict
        case noKey = "no-key"
        case unreachable
        case notAllowed = "not-allowed"
        case integrity, forked
        case noSpace = "no-space"
        case readOnly = "read-only"
        case timedOut = "timed-out"
        case partial
        case empty, unreadable, truncated, encrypted
        case tooLarge = "too-large"
        case tooDeep = "too-deep"
        case tooSlow = "too-slow"
        case noText = "no-text"
        case notAReport = "not-a-report"
        case unsupported
        case needsTool = "needs-tool"

        /// The exit code of `reportctl` for this error.
        ///
        /// Source: DESIGN section 7.
        public var exitCode: Int32 {
            switch self {
            case .internal: 1
            case .usage: 2
            case .notFound, .erased: 3
            case .ambiguous, .conflict: 4
            case .noKey, .empty, .unreadable, .truncated, .encrypted, .tooLarge, .tooDeep,
                .tooSlow, .noText, .notAReport, .unsupported, .needsTool:
                5
            case .unreachable: 6
            case .notAllowed: 7
            case .integrity, .forked: 8
            case .noSpace, .readOnly: 9
            case .timedOut: 10
            case .partial: 11
            }
        }

        /// Whether the error speaks of the document rather than of this machine.
        ///
        /// Environment faults are retried; faults of the document are told to its sender.
        public var isAboutDocument: Bool { exitCode == 5 }
    }

    /// The stable word.
    public var code: Code
    /// One sentence for people, without record content.
    public var message: String
    /// What to do about it; nil when there is nothing to say.
    public var hint: String?
    /// More members of the JSON form, such as `candidates` and `more`.
    public var details: [String: JSONValue]

    /// Makes an error.
    /// - Parameters:
    ///   - code: the stable word.
    ///   - message: one sentence for people.
    ///   - hint: what to do about it.
    ///   - details: more members of the JSON form.
    public init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        details: [String: JSONValue] = [:]
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
    }

    /// Code and message in one line.
    public var description: String { "\(code.rawValue): \(message)" }

    /// The object that stands under `error` in JSON output.
    public var json: JSONValue {
        var members = details
        members["code"] = .string(code.rawValue)
        members["message"] = .string(message)
        if let hint { members["hint"] = .string(hint) }
        return .object(members)
    }

    /// Reads the object that ``json`` writes; unknown codes become `internal`.
    /// - Parameter json: an object with `code` and `message`.
    public init(json: JSONValue) {
        var details = json.objectValue ?? [:]
        let code = details.removeValue(forKey: "code")?.stringValue ?? ""
        let message = details.removeValue(forKey: "message")?.stringValue ?? ""
        let hint = details.removeValue(forKey: "hint")?.stringValue
        self.init(Code(rawValue: code) ?? .internal, message, hint: hint, details: details)
    }
}

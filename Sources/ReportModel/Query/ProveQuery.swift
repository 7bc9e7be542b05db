/// What a proof is to be consistent with.
public enum ProofSince: Hashable, Sendable {
    /// The tree over so many entries.
    case size(UInt64)
    /// A head that was signed before.
    case head(SignedHead)
}

/// A question for a proof of one version.
public struct ProveQuery: QueryForm {
    /// Must name one key; without a version the current one is meant.
    public var key: Lookup
    /// An older state of the log that the proof is to go on from.
    public var since: ProofSince?

    /// Makes a question.
    /// - Parameters:
    ///   - key: must name one key.
    ///   - since: an older state of the log.
    public init(_ key: Lookup, since: ProofSince? = nil) {
        self.key = key
        self.since = since
    }

    /// The arguments as `HELP` prints them.
    public static let usage = "<lookup> [since=SIZE|HEAD]"

    /// Takes the arguments.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        key = try arguments.requiredLookup()
        since = try arguments.text("since").map { text throws(ReportError) in
            try ProofSince(argument: text)
        }
    }

    /// The arguments that ``init(taking:)`` reads back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments(positional: [key.description])
        arguments.set("since", since?.text)
        return arguments
    }

    /// The lookup.
    public var lookups: [Lookup] { [key] }
}

extension ProofSince {
    /// Reads a number of entries, or a head as 392 hexadecimal digits.
    /// - Parameter text: as typed.
    /// - Throws: ``ReportError`` `usage`.
    public init(argument text: String) throws(ReportError) {
        if text.utf8.count <= 18, let size = UInt64(text), size > 0 {
            self = .size(size)
        } else if let head = HexText.bytes(text).flatMap({ SignedHead($0) }) {
            self = .head(head)
        } else {
            throw ReportError(
                .usage,
                "since must be a number of entries or a signed head in hexadecimal digits"
            )
        }
    }

    /// The text that ``init(argument:)`` reads.
    public var text: String {
        switch self {
        case .size(let size): String(size)
        case .head(let head): HexText.text(head.bytes)
        }
    }

    /// Number of entries of the older state.
    public var size: UInt64 {
        switch self {
        case .size(let size): size
        case .head(let head): head.size
        }
    }
}

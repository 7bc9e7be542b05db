/// What a review says of a version.
///
/// Source: docs/format.md section 1.2: the first byte of the trailer of a review.
public enum Verdict: UInt8, Hashable, Sendable, CaseIterable {
    /// The version is accepted.
    case approve = 1
    /// The version goes back to its unit, with a comment.
    case returned = 2
    /// The last standing judgement of the version no longer holds.
    case undo = 3

    /// The word in bodies, on the wire and in commands.
    public var word: String {
        switch self {
        case .approve: "approve"
        case .returned: "return"
        case .undo: "undo"
        }
    }

    /// Reads a word.
    /// - Parameter word: what ``word`` gives.
    public init?(word: String) {
        guard let verdict = Verdict.allCases.first(where: { $0.word == word }) else { return nil }
        self = verdict
    }
}

extension Entry {
    /// The verdict of a review; nil for other kinds, and for a verdict that this program does not know.
    ///
    /// It stands in the header, so that a version has the same status where the review's words are
    /// not held.
    public var verdict: Verdict? {
        guard kind == .review else { return nil }
        return trailer.first.flatMap { Verdict(rawValue: $0) }
    }
}

extension VersionStatus {
    /// The number in stored rows.
    ///
    /// Source: docs/format.md section 3.3.
    public var code: UInt8 {
        switch self {
        case .submitted: 0
        case .approved: 1
        case .returned: 2
        case .retracted: 3
        }
    }
}

/// Which version of a record is meant.
///
/// Source: DESIGN section 3, Versions.
public enum VersionSelector: Hashable, Sendable, CustomStringConvertible {
    /// The version of this number, as in `KEY@3`.
    case number(Int)
    /// The version of this number whose entry hash begins so, as in `KEY@3-1a2b3c4d`: 8 lower-case hex digits.
    case id(number: Int, hashPrefix: String)

    /// The version's number, from 1.
    public var number: Int {
        switch self {
        case .number(let number), .id(let number, _): number
        }
    }

    /// The first 8 hex digits of the entry hash, if they were given.
    public var hashPrefix: String? {
        if case .id(_, let prefix) = self { prefix } else { nil }
    }

    /// Reads `3` or `3-1a2b3c4d`; nil when it is neither.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, (1...10).contains(first.utf8.count),
            first.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(first),
            (1...KeyLimits.maximumVersionNumber).contains(number)
        else { return nil }
        guard parts.count == 2 else {
            self = .number(number)
            return
        }
        guard parts[1].utf8.count == 8, parts[1].utf8.allSatisfy(Self.isHex) else { return nil }
        self = .id(number: number, hashPrefix: parts[1].lowercased())
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// The selector as it stands after the `@`.
    public var description: String {
        switch self {
        case .number(let number): String(number)
        case .id(let number, let prefix): "\(number)-\(prefix)"
        }
    }

    /// Splits `KEY@3` into the text before the last `@` and the version.
    ///
    /// What follows the last `@` is a version when it begins with a digit and has only hex digits and hyphens; any
    /// other `@` is a character of a name. Names in keys have `＠`, so a canonical key is never split.
    ///
    /// - Returns: The text before the `@` and the version, or the whole text and nil.
    /// - Throws: ``KeyError`` `.badVersion` when it looks like a version and is none, as `@0` or `@3-12`.
    static func split(_ text: String) throws(KeyError) -> (Substring, VersionSelector?) {
        guard let at = text.utf8.lastIndex(of: 0x40) else { return (text[...], nil) }
        let tail = text[text.utf8.index(after: at)...]
        guard let first = tail.utf8.first, (0x30...0x39).contains(first),
            tail.utf8.allSatisfy({ isHex($0) || $0 == 0x2D })
        else { return (text[...], nil) }
        guard let version = VersionSelector(tail) else { throw KeyError(.badVersion, in: text) }
        return (text[..<at], version)
    }
}

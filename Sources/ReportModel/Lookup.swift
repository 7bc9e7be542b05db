/// What a person types to find a record: a year and parts, and perhaps a version.
///
/// A store asks ``expanded(by:)`` for the alternatives, then tries the stages in order; the first stage in which a key
/// matches one of the alternatives decides.
///
/// Source: DESIGN section 3, Lookup.
public struct Lookup: Hashable, Sendable, CustomStringConvertible {
    /// How the parts of a lookup stand in a key.
    public enum Stage: Int, CaseIterable, Comparable, Sendable {
        /// The lookup is the whole key.
        case whole
        /// The lookup is the beginning of the key, with nothing skipped.
        case beginning
        /// The parts stand in the key in order, with gaps.
        case gaps

        /// Orders stages as they are tried.
        public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    /// The year.
    public let year: Int

    /// The cleaned parts after the year; none of them is empty.
    public let parts: [String]

    /// The version that is asked for, or nil for the winner.
    public let version: VersionSelector?

    /// Makes a lookup from what was typed, such as `2023/麻章区` or `2023/湛江市/麻章区/总工会/整体支出@2`.
    ///
    /// One trailing slash is dropped. A full key that exceeds the bytes of a key is cut as a key is, so that it finds
    /// itself.
    ///
    /// - Throws: ``KeyError`` when the year is missing, a part is empty, there are too many or the version is none.
    public init(parsing text: String) throws(KeyError) {
        guard text.utf8.count <= KeyLimits.maximumTextByteCount else {
            throw KeyError(.tooLong, in: text)
        }
        let (body, version) = try VersionSelector.split(text)
        var pieces = KeyPart.split(body)
        if pieces.count > 1, pieces.last?.isEmpty == true { pieces.removeLast() }
        guard pieces.count - 1 <= KeyLimits.maximumLookupPartCount else {
            throw KeyError(.tooManyParts, in: text)
        }
        var parts: [String] = []
        for piece in pieces {
            let clean = KeyPart.clean(String(piece))
            guard !clean.isEmpty else { throw KeyError(.emptyPart, in: text) }
            parts.append(clean)
        }
        guard let year = ReportKey.year(parts[0]) else { throw KeyError(.badYear, in: text) }
        if body.utf8.count > KeyLimits.maximumKeyByteCount,
            let key = try? ReportKey(parsing: parts.joined(separator: "/"))
        {
            parts = key.parts.map(String.init)
        }
        self.init(year: year, parts: Array(parts.dropFirst()), version: version)
    }

    /// Year and parts joined by slashes, without the version.
    public let text: String

    /// Makes a lookup of parts that are clean already.
    init(year: Int, parts: [String], version: VersionSelector?) {
        self.year = year
        text = parts.reduce(into: String(year)) { $0 += "/" + $1 }
        self.parts = parts
        self.version = version
    }

    /// Makes the lookup that finds exactly one key.
    public init(_ key: ReportKey, version: VersionSelector? = nil) {
        self.init(
            year: key.year,
            parts: key.parts.dropFirst().map(String.init),
            version: version
        )
    }

    /// The key when the lookup is a full one, else nil.
    public var key: ReportKey? { try? ReportKey(parsing: text) }

    /// The lookup as it is typed, with its version.
    public var description: String { version.map { "\(text)@\($0)" } ?? text }

    /// Says whether the lookup matches a key in a stage, without expansion.
    ///
    /// A later stage matches whatever an earlier one does. Parts are compared whole.
    public func matches(_ key: ReportKey, stage: Stage) -> Bool {
        guard key.year == year else { return false }
        switch stage {
        case .whole: return key.text.utf8.elementsEqual(text.utf8)
        case .beginning: return isBeginning(of: key)
        case .gaps: return isBeginning(of: key) || hasPartsInOrder(key)
        }
    }

    private func isBeginning(of key: ReportKey) -> Bool {
        let rest = key.text.utf8.dropFirst(text.utf8.count)
        return key.text.utf8.starts(with: text.utf8) && (rest.first ?? 0x2F) == 0x2F
    }

    private func hasPartsInOrder(_ key: ReportKey) -> Bool {
        var rest = key.text.utf8.dropFirst(5)
        var wanted = parts[...]
        while let part = wanted.first, !rest.isEmpty {
            let end = rest.firstIndex(of: 0x2F) ?? rest.endIndex
            if rest[..<end].elementsEqual(part.utf8) { wanted.removeFirst() }
            rest = end == rest.endIndex ? rest[end...] : rest[end...].dropFirst()
        }
        return wanted.isEmpty
    }

    /// Says in which stage the lookup first matches a key, without expansion; nil when in none.
    public func stage(matching key: ReportKey) -> Stage? {
        Stage.allCases.first { matches(key, stage: $0) }
    }
}

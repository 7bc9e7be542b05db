/// The name of a record: `year/city[/district]/unit/kind[/project]`.
///
/// A key is always canonical: its parts are cleaned, and it has at most ``maximumByteCount`` bytes. Two keys are equal
/// when their bytes are; they are ordered by bytes.
///
/// Source: DESIGN section 3, Key and Parts.
public struct ReportKey: Hashable, Sendable {
    /// The longest key in bytes of UTF-8.
    public static let maximumByteCount = KeyLimits.maximumKeyByteCount

    /// The key as text, such as `2023/湛江市/麻章区/总工会/整体支出`.
    public let text: String

    /// The evaluated year.
    public let year: Int

    /// Byte offsets of the ends of the parts after the year; the district ends where the city does when there is none.
    private let cityEnd: UInt16
    private let districtEnd: UInt16
    private let unitEnd: UInt16
    private let kindEnd: UInt16

    /// Makes a key of its parts, which are cleaned.
    ///
    /// - Parameters:
    ///   - year: The evaluated year.
    ///   - city: The city, municipality or, for a province's own unit, the province.
    ///   - district: The district, or nil for a city's own unit and for cities without districts.
    ///   - unit: The short name of the unit.
    ///   - kind: The kind, with its project.
    /// - Throws: ``KeyError`` when a part is empty, the year is out of range or a reserved word stands for a district
    ///   or unit.
    public init(
        year: Int,
        city: String,
        district: String?,
        unit: String,
        kind: ReportKind
    ) throws(KeyError) {
        guard KeyLimits.years.contains(year) else { throw KeyError(.badYear, in: String(year)) }
        var parts = [String(year), city]
        if let district { parts.append(district) }
        parts.append(unit)
        for index in parts.indices.dropFirst() {
            guard parts[index].utf8.count <= KeyLimits.maximumTextByteCount else {
                throw KeyError(.tooLong, in: parts[index])
            }
            parts[index] = KeyPart.clean(parts[index])
            guard !parts[index].isEmpty else {
                throw KeyError(.emptyPart, in: parts.joined(separator: "/"))
            }
            if index > 1, ReportKind(word: parts[index]) != nil {
                throw KeyError(.reservedWord, in: parts[index])
            }
        }
        let kindIndex = parts.count
        parts.append(kind.word)
        if let project = kind.project {
            guard project.utf8.count <= KeyLimits.maximumTextByteCount else {
                throw KeyError(.tooLong, in: project)
            }
            let clean = KeyPart.clean(project)
            guard !clean.isEmpty else {
                throw KeyError(.emptyPart, in: parts.joined(separator: "/") + "/")
            }
            parts.append(clean)
        }
        KeyPart.fit(&parts, fixed: [0, kindIndex])
        self.init(canonical: parts, kindIndex: kindIndex, year: year)
    }

    /// Makes a key from a full key as typed.
    ///
    /// - Parameter text: Five or six parts, or one fewer without a district; `@` in it is a character of a name.
    /// - Throws: ``KeyError`` when a part is empty or missing, there are too many, the year is none or no part after
    ///   the city is a kind.
    public init(parsing text: String) throws(KeyError) {
        guard text.utf8.count <= KeyLimits.maximumTextByteCount else {
            throw KeyError(.tooLong, in: text)
        }
        if let key = Self.canonical(text) {
            self = key
            return
        }
        var parts: [String] = []
        parts.reserveCapacity(6)
        for part in KeyPart.split(text) {
            guard parts.count < 7 else { throw KeyError(.tooManyParts, in: text) }
            let clean = KeyPart.clean(String(part))
            guard !clean.isEmpty else { throw KeyError(.emptyPart, in: text) }
            parts.append(clean)
        }
        guard let year = Self.year(parts[0]) else { throw KeyError(.badYear, in: text) }
        guard parts.count > 2 else { throw KeyError(.missingPart, in: text) }
        guard let kindIndex = parts[2...].firstIndex(where: { ReportKind(word: $0) != nil }) else {
            throw KeyError(.missingKind, in: text)
        }
        guard kindIndex > 2 else { throw KeyError(.missingPart, in: text) }
        let isProject = ReportKind(word: parts[kindIndex]) == .project(nil)
        guard kindIndex <= 4, parts.count - kindIndex <= (isProject ? 2 : 1) else {
            throw KeyError(.tooManyParts, in: text)
        }
        KeyPart.fit(&parts, fixed: [0, kindIndex])
        self.init(canonical: parts, kindIndex: kindIndex, year: year)
    }

    private init(canonical parts: [String], kindIndex: Int, year: Int) {
        var ends: [Int] = []
        var offset = -1
        for part in parts {
            offset += 1 + part.utf8.count
            ends.append(offset)
        }
        self.year = year
        text = parts.joined(separator: "/")
        cityEnd = UInt16(ends[1])
        districtEnd = UInt16(ends[kindIndex - 2])
        unitEnd = UInt16(ends[kindIndex - 1])
        kindEnd = UInt16(ends[kindIndex])
    }

    private init(text: String, year: Int, ends: SIMD8<UInt16>, kindIndex: Int) {
        self.text = text
        self.year = year
        cityEnd = ends[1]
        districtEnd = ends[kindIndex - 2]
        unitEnd = ends[kindIndex - 1]
        kindEnd = ends[kindIndex]
    }

    /// Reads a key that is canonical already in one pass and without copying it.
    ///
    /// - Returns: Nil when the text has to be looked at closely, which says nothing about it.
    private static func canonical(_ text: String) -> ReportKey? {
        guard text.utf8.count <= maximumByteCount else { return nil }
        var ends = SIMD8<UInt16>()
        var count = 0
        var offset: UInt16 = 0
        var start: UInt16 = 0
        var year = 0
        for scalar in text.unicodeScalars {
            if scalar == "/" {
                guard offset > start, count < 5 else { return nil }
                ends[count] = offset
                count += 1
                start = offset + 1
            } else if count == 0 {
                guard ("0"..."9").contains(scalar), offset < 4 else { return nil }
                year = year * 10 + Int(scalar.value - 0x30)
            } else if !KeyPart.isPlain(scalar.value) || scalar == "." && offset == start {
                return nil
            }
            offset += UInt16(UTF8.width(scalar))
        }
        guard offset > start, ends[0] == 4, KeyLimits.years.contains(year) else { return nil }
        ends[count] = offset
        guard let kindIndex = kindIndex(in: text, ends: ends, last: count) else { return nil }
        return ReportKey(text: text, year: year, ends: ends, kindIndex: kindIndex)
    }

    /// The position of the kind, when the parts before and after it are as many as a key has.
    private static func kindIndex(in text: String, ends: SIMD8<UInt16>, last: Int) -> Int? {
        let utf8 = text.utf8
        for index in stride(from: 2, through: last, by: 1) {
            let length = Int(ends[index] - ends[index - 1]) - 1
            // The reserved words have four letters or two.
            guard length == 12 || length == 6 else { continue }
            let lower = utf8.index(utf8.startIndex, offsetBy: Int(ends[index - 1]) + 1)
            let word = text[lower..<utf8.index(lower, offsetBy: length)]
            guard let kind = ReportKind(word: word) else { continue }
            let isWhole = last == index || last == index + 1 && kind == .project(nil)
            return (3...4).contains(index) && isWhole ? index : nil
        }
        return nil
    }

    /// The year in a cleaned part of four digits.
    static func year(_ part: String) -> Int? {
        guard part.utf8.count == 4, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let year = Int(part), KeyLimits.years.contains(year)
        else { return nil }
        return year
    }

    private func slice(_ start: UInt16, _ end: UInt16) -> Substring {
        let utf8 = text.utf8
        let lower = utf8.index(utf8.startIndex, offsetBy: Int(start))
        return text[lower..<utf8.index(lower, offsetBy: Int(end - start))]
    }

    /// The city, municipality or province.
    public var city: String { String(slice(5, cityEnd)) }

    /// The district, if the key has one.
    public var district: String? {
        districtEnd == cityEnd ? nil : String(slice(cityEnd + 1, districtEnd))
    }

    /// The short name of the unit.
    public var unit: String { String(slice(districtEnd + 1, unitEnd)) }

    /// The kind, with its project.
    public var kind: ReportKind {
        let kind = ReportKind(word: slice(unitEnd + 1, kindEnd)) ?? .other
        guard case .project = kind else { return kind }
        return .project(project)
    }

    /// The project, if the key has one.
    public var project: String? {
        Int(kindEnd) == text.utf8.count
            ? nil : String(slice(kindEnd + 1, UInt16(text.utf8.count)))
    }

    /// The parts in order, the year first.
    public var parts: [Substring] { KeyPart.split(text) }
}

extension ReportKey: Comparable, CustomStringConvertible, LosslessStringConvertible {
    /// Makes a key from a full key as typed, or nil when it is none.
    public init?(_ description: String) {
        guard let key = try? ReportKey(parsing: description) else { return nil }
        self = key
    }

    /// The key as text.
    public var description: String { text }

    /// Says whether two keys have the same bytes.
    public static func == (left: ReportKey, right: ReportKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Feeds the bytes of the key.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }

    /// Orders keys by the bytes of their text.
    public static func < (left: ReportKey, right: ReportKey) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

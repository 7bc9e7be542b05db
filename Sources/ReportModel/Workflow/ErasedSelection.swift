/// Which bodies of one entry an erasure names.
///
/// Source: docs/format.md section 1.2: the trailer of an erasure.
public enum ErasedSelection: Hashable, Sendable {
    /// Every body.
    case all
    /// Every body of a kind; readings of the version are meant as well.
    case kind(BodyKind)
    /// One body by its place in the header.
    case index(Int)

    /// Two bytes that stand for the selection.
    public var code: UInt16 {
        switch self {
        case .all: 0xFFFF
        case .kind(let kind): 0xFF00 | UInt16(kind.rawValue)
        case .index(let index): UInt16(clamping: index)
        }
    }

    /// Reads a code; nil for one that this program does not know.
    /// - Parameter code: two bytes.
    public init?(code: UInt16) {
        switch code {
        case 0xFFFF: self = .all
        case 0xFF00...:
            guard let kind = BodyKind(rawValue: UInt8(truncatingIfNeeded: code)) else { return nil }
            self = .kind(kind)
        case ..<UInt16(Entry.maximumBodyCount): self = .index(Int(code))
        default: return nil
        }
    }

    /// Whether a body of the named entry is meant.
    /// - Parameters:
    ///   - kind: kind of the body.
    ///   - index: its place in the header.
    /// - Returns: whether it is to be dropped.
    public func covers(_ kind: BodyKind, at index: Int) -> Bool {
        switch self {
        case .all: true
        case .kind(let named): named == kind
        case .index(let named): named == index
        }
    }

    /// Whether a body of a later reading of the named version is meant.
    ///
    /// The record is always the first body of a version.
    /// - Parameter kind: kind of the reading's body.
    /// - Returns: whether it is to be dropped.
    public func coversReading(_ kind: BodyKind) -> Bool {
        switch self {
        case .all: true
        case .kind(let named): named == kind
        case .index(let named): named == 0 && kind == .record
        }
    }
}

/// A subject of an erasure with the bodies of it that are dropped.
public struct ErasedSubject: Hashable, Sendable {
    /// Bytes in a trailer.
    public static let byteCount = 4

    /// The entry.
    public var entry: Hash256
    /// Which bodies of it.
    public var selection: ErasedSelection

    /// Makes the value from its fields.
    public init(entry: Hash256, selection: ErasedSelection) {
        self.entry = entry
        self.selection = selection
    }
}

extension Entry {
    /// What an erasure drops; empty for other kinds.
    ///
    /// It stands in the header, so that every holder of the log knows what to drop. Pairs that this
    /// program does not know are passed over.
    public var erasedSubjects: [ErasedSubject] {
        guard kind == .erase else { return [] }
        var reader = ByteReader(trailer[...])
        var result: [ErasedSubject] = []
        while let subject = reader.integer(UInt16.self), let code = reader.integer(UInt16.self) {
            guard subjects.indices.contains(Int(subject)),
                let selection = ErasedSelection(code: code)
            else { continue }
            result.append(
                ErasedSubject(entry: subjects[Int(subject)], selection: selection)
            )
        }
        return result
    }

    /// Subjects and trailer of an erasure.
    /// - Parameter erased: what is dropped.
    /// - Returns: each entry once, and the pairs of its number and the code of the selection.
    public static func erasing(
        _ erased: [ErasedSubject]
    ) -> (subjects: [Hash256], trailer: [UInt8]) {
        var subjects: [Hash256] = []
        var numbers: [Hash256: Int] = [:]
        var trailer: [UInt8] = []
        for item in erased {
            let number = numbers[item.entry] ?? subjects.count
            if number == subjects.count {
                subjects.append(item.entry)
                numbers[item.entry] = number
            }
            trailer.appendBigEndian(UInt16(clamping: number))
            trailer.appendBigEndian(item.selection.code)
        }
        return (subjects, trailer)
    }
}

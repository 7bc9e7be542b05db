/// Kind of a log entry; numbers that this program does not know are kept.
public struct EntryKind: RawRepresentable, Hashable, Sendable {
    /// The number in the header.
    public let rawValue: UInt16

    /// Takes any number.
    /// - Parameter rawValue: the number in the header.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A version of a record.
    public static let submit = EntryKind(rawValue: 1)
    /// A judgement: approve, or return with a comment.
    public static let review = EntryKind(rawValue: 2)
    /// A version taken back by its unit.
    public static let retract = EntryKind(rawValue: 3)
    /// A finding explained.
    public static let note = EntryKind(rawValue: 4)
    /// A new reading of the same version.
    public static let reparse = EntryKind(rawValue: 5)
    /// A version filed under the wrong key.
    public static let rekey = EntryKind(rawValue: 6)
    /// Bodies to be dropped by law.
    public static let erase = EntryKind(rawValue: 7)

    /// The word of DESIGN section 3, or `unknown-<number>`.
    public var name: String {
        let names = ["submit", "review", "retract", "note", "reparse", "rekey", "erase"]
        return (1...7).contains(rawValue) ? names[Int(rawValue) - 1] : "unknown-\(rawValue)"
    }
}

/// What a body of an entry is.
public enum BodyKind: UInt8, Hashable, Sendable {
    /// The record, as canonical JSON.
    case record = 1
    /// Names and telephone numbers, as a canonical JSON array.
    case people = 2
    /// A source file.
    case source = 3
    /// What a review, note or other judgement says, as canonical JSON.
    case detail = 4
}

/// How a header names a body: by a salted hash that tells nothing once the salt is dropped.
public struct BodyReference: Hashable, Sendable {
    /// What the body is.
    public var kind: BodyKind
    /// Number of hashed bytes after the salt.
    public var byteCount: UInt64
    /// SHA-256 of a prefix, the salt and the digest form of the body.
    public var hash: Hash256

    /// Makes a reference.
    /// - Parameters:
    ///   - kind: what the body is.
    ///   - byteCount: number of hashed bytes after the salt.
    ///   - hash: the salted hash.
    public init(kind: BodyKind, byteCount: UInt64, hash: Hash256) {
        self.kind = kind
        self.byteCount = byteCount
        self.hash = hash
    }
}

/// A log entry: a small header over hashes.
///
/// Source: docs/format.md, section on entries; DESIGN section 3.
public struct Entry: Hashable, Sendable {
    /// What the entry is.
    public var kind: EntryKind
    /// The log.
    public var log: LogID
    /// Place in the log, from 1.
    public var sequence: UInt64
    /// Hash of the entry before; zero for the first.
    public var previous: Hash256
    /// When the owning node recorded it.
    public var recordedAt: Timestamp
    /// Hash of the record's key; zero for entries without one.
    public var keyHash: Hash256
    /// Version number; 0 for entries that make no version.
    public var number: UInt32
    /// Hashes of the entries that this version follows.
    public var parents: [Hash256]
    /// Hashes of the entries that this one speaks of.
    public var subjects: [Hash256]
    /// The bodies, by salted hash.
    public var bodies: [BodyReference]
    /// Bytes after the known fields, from a later format; kept and hashed.
    public var trailer: [UInt8]

    /// Makes an entry.
    /// - Parameters:
    ///   - kind: what the entry is.
    ///   - log: the log.
    ///   - sequence: place in the log.
    ///   - previous: hash of the entry before.
    ///   - recordedAt: when it was recorded.
    ///   - keyHash: hash of the record's key.
    ///   - number: version number.
    ///   - parents: entries that this version follows.
    ///   - subjects: entries that this one speaks of.
    ///   - bodies: the bodies.
    ///   - trailer: bytes after the known fields.
    public init(
        kind: EntryKind,
        log: LogID,
        sequence: UInt64,
        previous: Hash256,
        recordedAt: Timestamp,
        keyHash: Hash256,
        number: UInt32,
        parents: [Hash256],
        subjects: [Hash256] = [],
        bodies: [BodyReference],
        trailer: [UInt8] = []
    ) {
        self.kind = kind
        self.log = log
        self.sequence = sequence
        self.previous = previous
        self.recordedAt = recordedAt
        self.keyHash = keyHash
        self.number = number
        self.parents = parents
        self.subjects = subjects
        self.bodies = bodies
        self.trailer = trailer
    }

    /// The place of this entry.
    public var position: LogPosition {
        LogPosition(log: log, sequence: sequence, hash: hash)
    }

    /// SHA-256 of the header.
    public var hash: Hash256 { Hash256(hashing: bytes) }

    /// The hash that stands for a key in headers.
    /// - Parameter key: text of the key.
    /// - Returns: the hash with its prefix.
    public static func keyHash(of key: String) -> Hash256 {
        var hasher = Hasher256()
        hasher.update("reportd key 1\n")
        hasher.update(key)
        return hasher.finalize()
    }
}

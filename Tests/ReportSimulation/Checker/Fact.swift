/// An entry as its maker committed it, in plain values: what the checker knows of the truth.
struct Fact {
    var log: String
    var sequence: UInt64
    var header: [UInt8]
    /// The bodies, one after the other.
    var body: [UInt8]
    var hash: [UInt8]
    /// The entry before it in its branch; nil for the first.
    var previous: Int?
    var owner: Int
    var filing: FiledEntry
}

/// What an entry says, told by whoever filed it.
struct FiledEntry: Hashable {
    var filing: Int
    var region: String
    var key: String
    var isVersion: Bool
    var number: UInt32
    var recordedAt: UInt64
    var parents: [[UInt8]]
    /// Hashes of the entries whose bodies it erases.
    var erased: [[UInt8]]
}

/// What a node says of a key.
enum Answer: Hashable {
    case version([UInt8])
    case erased
    /// There is a version, and its record is not here.
    case withheld
}

/// An entry as a node holds it, in plain values.
struct HeldEntry {
    var header: [UInt8]
    var body: [UInt8]?
    var hash: [UInt8]
    var filed: FiledEntry
}

/// A log as a node holds it, in plain values.
struct HeldLogView {
    var log: String
    var owner: Int
    var count: Int
    var isForked: Bool
    var evidence: [[UInt8]]
    var isOwn: Bool
}

/// How far a node says that a peer is.
struct StatusView {
    var node: Int
    var peer: Int
    var isEstablished: Bool
    var isCaughtUp: Bool
    /// Entries that are said to be missing at either end, by log.
    var missing: [String: UInt64]
    /// Sequence that the peer is said to hold, by log.
    var heldThere: [String: UInt64]
}

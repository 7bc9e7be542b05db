import LMDB
import ReportModel

/// A row of the table `feed`.
struct FeedRow: Sendable {
    static let byteCount = 52

    var place: EntryPlace
    /// Number of the key, 0 for an entry without one.
    var key: UInt64
    /// Hash of the entry; nil in rows of format 1.
    var hash: Hash256?

    init(place: EntryPlace, key: UInt64, hash: Hash256) {
        self.place = place
        self.key = key
        self.hash = hash
    }

    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let log = reader.integer(UInt32.self), let sequence = reader.integer(UInt64.self),
            let key = reader.integer(UInt64.self)
        else { return nil }
        place = EntryPlace(log: log, sequence: sequence)
        self.key = key
        hash = reader.hash()
    }

    /// Reads a row with its arrival number.
    /// - Throws: ``ReportError`` `integrity`.
    static func item(
        _ key: RawSpan,
        _ value: RawSpan
    ) throws -> (arrival: UInt64, row: FeedRow) {
        let keyBytes = key.withUnsafeBytes { Array($0) }
        var reader = ByteReader(keyBytes[...])
        guard let arrival = reader.integer(UInt64.self),
            let row = FeedRow(value.withUnsafeBytes { Array($0) })
        else { throw Sealed.damaged("feed", keyBytes) }
        return (arrival, row)
    }

    var bytes: [UInt8] {
        var bytes = place.bytes
        bytes.appendBigEndian(key)
        hash?.append(to: &bytes)
        return bytes
    }
}

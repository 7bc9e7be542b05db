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

    /// Reads a row; nil when it is too short for one.
    init?(_ row: [UInt8]) { self.init(row.span.bytes) }

    /// Reads a row where it lies; nil when it is too short for one.
    init?(_ row: RawSpan) {
        guard row.byteCount >= EntryPlace.byteCount + 8 else { return nil }
        place = EntryPlace(
            log: UInt32(bigEndian: row.unsafeLoadUnaligned(as: UInt32.self)),
            sequence: UInt64(bigEndian: row.unsafeLoadUnaligned(fromByteOffset: 4, as: UInt64.self))
        )
        key = UInt64(bigEndian: row.unsafeLoadUnaligned(fromByteOffset: 12, as: UInt64.self))
        hash = Hash256(row, at: EntryPlace.byteCount + 8)
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
            let row = FeedRow(value)
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

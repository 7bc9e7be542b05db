import ReportModel

/// What `get` and `list` need of a key, so that neither decodes a record.
///
/// Source: docs/format.md section 3.3.
struct HeadRow: Sendable {
    /// One head.
    struct Head: Hashable, Sendable {
        static let byteCount = 4 + 32 + 12 + 8 + 1 + 32

        var number: UInt32
        var hash: Hash256
        var place: EntryPlace
        var recordedAt: Timestamp
        var status: UInt8
        var sourceDigest: Hash256

        /// Whether this head wins over another.
        ///
        /// Source: DESIGN section 3: the greatest N, then the later time, then the greater hash.
        func wins(over other: Head) -> Bool {
            (number, recordedAt.milliseconds, hash)
                > (other.number, other.recordedAt.milliseconds, other.hash)
        }

        var id: String { "\(number)-\(hash.shortHex)" }
    }

    /// Heads, the winner first.
    var heads: [Head]
    /// What `get` prints in place of the record's last brace; it stands in the table `keys` alone, and
    /// is empty in a row that was read, unless an older program wrote it.
    var suffix: [UInt8]
    /// Canonical JSON of the list row, with `province` and `partKinds`.
    var row: [UInt8]
    /// Where the record of the winner stands when it was read anew; nil: in the winner itself.
    var reading: EntryPlace?

    /// The stored bytes, without the suffix.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10 + heads.count * Head.byteCount + row.count)
        bytes.appendBigEndian(UInt16(heads.count))
        for head in heads {
            bytes.appendBigEndian(head.number)
            head.hash.append(to: &bytes)
            bytes.append(contentsOf: head.place.bytes)
            bytes.appendBigEndian(head.recordedAt.milliseconds)
            bytes.append(head.status)
            head.sourceDigest.append(to: &bytes)
        }
        bytes.appendBigEndian(UInt32(0))
        bytes.appendBigEndian(UInt32(row.count))
        bytes.append(contentsOf: row)
        if let reading { bytes.append(contentsOf: reading.bytes) }
        return bytes
    }

    init(heads: [Head], suffix: [UInt8], row: [UInt8], reading: EntryPlace? = nil) {
        self.heads = heads
        self.suffix = suffix
        self.row = row
        self.reading = reading
    }

    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let count = reader.integer(UInt16.self) else { return nil }
        var heads: [Head] = []
        for _ in 0..<count {
            guard let head = Self.head(&reader) else { return nil }
            heads.append(head)
        }
        guard let suffixCount = reader.integer(UInt32.self),
            let suffix = reader.take(Int(suffixCount)),
            let rowCount = reader.integer(UInt32.self), let row = reader.take(Int(rowCount)),
            reader.remaining == 0 || reader.remaining == EntryPlace.byteCount
        else { return nil }
        self.init(
            heads: heads,
            suffix: Array(suffix),
            row: Array(row),
            reading: reader.take(EntryPlace.byteCount).flatMap { EntryPlace($0) }
        )
    }

    /// Reads the winner alone; nil when the row is damaged.
    static func winner(_ bytes: [UInt8]) -> Head? {
        var reader = ByteReader(bytes[...])
        guard let count = reader.integer(UInt16.self), count > 0 else { return nil }
        return head(&reader)
    }

    private static func head(_ reader: inout ByteReader) -> Head? {
        guard let number = reader.integer(UInt32.self), let hash = reader.hash(),
            let placeBytes = reader.take(EntryPlace.byteCount),
            let place = EntryPlace(placeBytes),
            let recordedAt = reader.integer(UInt64.self),
            let status = reader.integer(UInt8.self), let digest = reader.hash()
        else { return nil }
        return Head(
            number: number,
            hash: hash,
            place: place,
            recordedAt: Timestamp(milliseconds: recordedAt),
            status: status,
            sourceDigest: digest
        )
    }

    /// Where the winner's record stands.
    var record: EntryPlace? { reading ?? heads.first?.place }

    /// Other versions that are current beside the winner; those with the same files are the same
    /// version with another origin.
    var conflict: [String] { Self.conflict(heads) }

    static func conflict(_ heads: [Head]) -> [String] {
        guard let winner = heads.first else { return [] }
        return heads.dropFirst().filter { head in
            head.sourceDigest != winner.sourceDigest || head.sourceDigest == .zero
        }.map(\.id)
    }
}

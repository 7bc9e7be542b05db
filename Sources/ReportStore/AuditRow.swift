import ReportModel

/// A row of the table `audit`: an entry that an auditor wants to see, in the order of time.
///
/// Source: docs/format.md section 3.1.
struct AuditRow: Hashable, Sendable {
    var recordedAt: Timestamp
    var log: LogID
    var place: EntryPlace

    init(_ entry: Entry, at place: EntryPlace) {
        recordedAt = entry.recordedAt
        log = entry.log
        self.place = place
    }

    init?(key: [UInt8], value: [UInt8]) {
        var reader = ByteReader(key[...])
        guard let time = reader.integer(UInt64.self),
            let logBytes = reader.take(LogID.byteCount), let log = LogID(logBytes),
            let sequence = reader.integer(UInt64.self), reader.remaining == 0,
            value.count == EntryPlace.byteCount, let place = EntryPlace(value),
            place.sequence == sequence
        else { return nil }
        recordedAt = Timestamp(milliseconds: time)
        self.log = log
        self.place = place
    }

    var key: [UInt8] {
        var key = RowKey.number(recordedAt.milliseconds)
        key.append(contentsOf: log.bytes)
        key.appendBigEndian(place.sequence)
        return key
    }

    /// Whether an entry has a row: erasures, readings, moves, and versions whose facts were forced.
    static func isWanted(_ entry: Entry, isForced: Bool) -> Bool {
        switch entry.kind {
        case .erase, .reparse, .rekey: true
        case .submit: isForced && entry.subjects.isEmpty
        default: false
        }
    }
}

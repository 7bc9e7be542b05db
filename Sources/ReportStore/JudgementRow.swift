import ReportModel

/// A row of the table `judgements`: an entry that speaks of another one and changes how it is seen.
///
/// Source: docs/format.md section 3.1.
struct JudgementRow: Hashable, Sendable {
    /// Kinds of entries that have rows, one for each subject.
    ///
    /// A `submit` names the version of another key whose files it took over.
    static let kinds: Set<EntryKind> = [.submit, .review, .retract, .reparse, .rekey, .erase]

    private static let valueByteCount = EntryPlace.byteCount + 8 + 2 + 1 + Hash256.byteCount

    var subject: Hash256
    var recordedAt: Timestamp
    var log: LogID
    var place: EntryPlace
    var arrivedAt: Timestamp
    var kind: EntryKind
    /// Number of the verdict; 0 when there is none.
    var verdict: UInt8
    /// Hash of the key that the entry is about; it acts only on entries of the same key.
    var keyHash: Hash256

    /// The row of an entry for one of its subjects.
    init(_ entry: Entry, subject: Hash256, place: EntryPlace, arrivedAt: Timestamp) {
        self.subject = subject
        recordedAt = entry.recordedAt
        log = entry.log
        self.place = place
        self.arrivedAt = arrivedAt
        kind = entry.kind
        verdict = entry.verdict?.rawValue ?? 0
        keyHash = entry.keyHash
    }

    /// Reads a row; nil when it is damaged.
    init?(key: [UInt8], value: [UInt8]) {
        var keyReader = ByteReader(key[...])
        var reader = ByteReader(value[...])
        guard let subject = keyReader.hash(), let time = keyReader.integer(UInt64.self),
            let logBytes = keyReader.take(LogID.byteCount), let log = LogID(logBytes),
            let sequence = keyReader.integer(UInt64.self), keyReader.remaining == 0,
            value.count == Self.valueByteCount,
            let placeBytes = reader.take(EntryPlace.byteCount), let place = EntryPlace(placeBytes),
            place.sequence == sequence, let arrivedAt = reader.integer(UInt64.self),
            let kind = reader.integer(UInt16.self), let verdict = reader.integer(UInt8.self),
            let keyHash = reader.hash()
        else { return nil }
        self.subject = subject
        recordedAt = Timestamp(milliseconds: time)
        self.log = log
        self.place = place
        self.arrivedAt = Timestamp(milliseconds: arrivedAt)
        self.kind = EntryKind(rawValue: kind)
        self.verdict = verdict
        self.keyHash = keyHash
    }

    /// Subject, time, log and sequence, so that rows stand in the order in which they count.
    var key: [UInt8] {
        var key = subject.bytes
        key.appendBigEndian(recordedAt.milliseconds)
        key.append(contentsOf: log.bytes)
        key.appendBigEndian(place.sequence)
        return key
    }

    var value: [UInt8] {
        var value = place.bytes
        value.appendBigEndian(arrivedAt.milliseconds)
        value.appendBigEndian(kind.rawValue)
        value.append(verdict)
        keyHash.append(to: &value)
        return value
    }

    /// Whether the entry counts at a moment.
    func counts(at moment: Moment) -> Bool {
        switch moment {
        case .now: true
        case .asOf(let time): recordedAt <= time
        case .knownHere(let time): arrivedAt <= time
        }
    }
}

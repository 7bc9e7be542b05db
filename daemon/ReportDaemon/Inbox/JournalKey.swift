import ReportModel

/// Keys of the journal: a letter, then fixed-width fields.
///
/// `n` inbox path: a file in work. `f` inbox path: a file in 待处理 and the form it was tried with.
/// `a` log sequence inbox target: a receipt that waits for the city. `r` the same: one that has it.
struct JournalKey: Sendable {
    /// Eight bytes that stand for the inbox's folder.
    let inbox: [UInt8]

    init(path: String) { inbox = Array(Hash256(hashing: Array(path.utf8)).bytes.prefix(8)) }

    var notes: [UInt8] { [UInt8(ascii: "n")] + inbox }
    var forms: [UInt8] { [UInt8(ascii: "f")] + inbox }

    func note(_ path: InboxPath) -> [UInt8] { notes + path.digest.bytes }
    func form(_ path: InboxPath) -> [UInt8] { forms + path.digest.bytes }

    func receipt(_ place: VersionPlace, _ target: InboxPath, isComplete: Bool) -> [UInt8] {
        Self.receipts(place, isComplete: isComplete) + inbox + target.digest.bytes
    }

    /// Whether the key of a receipt is one of this inbox.
    func isOwn(receipt key: [UInt8]) -> Bool {
        key.count == 1 + 16 + 8 + 8 + 32 && Array(key[25..<33]) == inbox
    }

    static func receipts(_ log: LogID, isComplete: Bool) -> [UInt8] {
        [UInt8(ascii: isComplete ? "r" : "a")] + log.bytes
    }

    static func receipts(_ place: VersionPlace, isComplete: Bool) -> [UInt8] {
        let sequence = (0..<8).map { UInt8(truncatingIfNeeded: place.sequence >> (56 - 8 * $0)) }
        return receipts(place.log, isComplete: isComplete) + sequence
    }

    /// The sequence in the key of a receipt.
    static func sequence(_ key: [UInt8]) -> UInt64? {
        guard key.count >= 25 else { return nil }
        return key[17..<25].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension InboxJournal {
    /// Reads all rows of a prefix, page by page.
    func rows(_ prefix: [UInt8]) async throws(ReportError) -> [InboxJournalRow] {
        var rows: [InboxJournalRow] = []
        while true {
            let page = try await scan(
                prefix: prefix,
                after: rows.last?.key,
                limit: InboxLimits.journalPageCount
            )
            rows += page
            if page.count < InboxLimits.journalPageCount { return rows }
        }
    }
}

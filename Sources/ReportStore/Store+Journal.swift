import LMDB
public import ReportModel

/// One change of the journal.
public enum JournalChange: Hashable, Sendable {
    /// Sets the value of a key of 1 to 500 bytes.
    case put(key: [UInt8], value: [UInt8])
    /// Removes a key; a missing one is no fault.
    case delete(key: [UInt8])
}

/// The daemon's own notes, beside the log: never replicated, never part of an answer.
extension Store {
    /// Reads one note; nil when there is none.
    /// - Parameter key: 1 to 500 bytes.
    /// - Returns: the value.
    /// - Throws: ``ReportError`` `integrity`; `usage` for a key that cannot be one.
    public func journalValue(_ key: [UInt8]) throws(ReportError) -> [UInt8]? {
        try Self.checkJournalKey(key)
        return try read { (transaction: borrowing ReadTransaction) throws -> [UInt8]? in
            try transaction.get(key, in: tables.journal) { (value: RawSpan) throws in
                try Sealed.open(value, table: "journal", key: key)
            }
        }
    }

    /// Applies all changes or none; returns after the disk has them.
    /// - Parameter changes: in order.
    /// - Throws: ``ReportError``; `usage` for a key that cannot be one.
    public func writeJournal(_ changes: [JournalChange]) async throws(ReportError) {
        for change in changes {
            switch change {
            case .put(let key, _), .delete(let key): try Self.checkJournalKey(key)
            }
        }
        try await writer().perform { [self] transaction in
            for change in changes {
                switch change {
                case .put(let key, let value):
                    try transaction.put(key, Sealed.seal(value), in: tables.journal)
                case .delete(let key):
                    _ = try transaction.delete(key, in: tables.journal)
                }
            }
        }
    }

    private static func checkJournalKey(_ key: [UInt8]) throws(ReportError) {
        guard (1...StoreLimits.maximumJournalKeyByteCount).contains(key.count) else {
            throw ReportError(.usage, "a key of the journal has 1 to 500 bytes")
        }
    }

    /// Reads notes in the order of their keys.
    /// - Parameters:
    ///   - prefix: what every key begins with.
    ///   - key: only keys after this one.
    ///   - limit: most rows.
    /// - Returns: keys with their values.
    /// - Throws: ``ReportError`` `integrity`.
    public func journalRows(
        prefix: [UInt8],
        after key: [UInt8]?,
        limit: Int
    ) throws(ReportError) -> [(key: [UInt8], value: [UInt8])] {
        try read { (transaction: borrowing ReadTransaction) throws in
            var rows: [(key: [UInt8], value: [UInt8])] = []
            let first: KeyBound = prefix.isEmpty ? .unbounded : .including(prefix)
            let start = key.flatMap { $0.isEmpty ? nil : KeyBound.excluding($0) } ?? first
            _ = try transaction.forEach(in: tables.journal, from: start, limit: limit) {
                (rowKey: RawSpan, value: RawSpan) throws -> ScanStep in
                let bytes = rowKey.withUnsafeBytes { Array($0) }
                guard bytes.starts(with: prefix) else { return .stop }
                rows.append((bytes, try Sealed.open(value, table: "journal", key: bytes)))
                return .continue
            }
            return rows
        }
    }
}

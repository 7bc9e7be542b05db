import LMDB
public import ReportModel

extension Store {
    /// Lends the current record of an exact key from the map, without copying or decoding.
    ///
    /// Two look-ups and two checksums, one more of each for every further chunk. The pieces together
    /// are what ``getNow(_:body:at:)`` returns for the record; they live only within the call.
    /// - Parameters:
    ///   - key: UTF-8 of a whole key in its canonical form.
    ///   - body: called with the stored record without its last brace, and what follows it.
    /// - Returns: what `body` returned; nil when there is no such key, when its record is stored in
    ///   more than three chunks, or is not here: then ask the long way.
    /// - Throws: ``ReportError`` `integrity` when a checksum does not hold.
    @inlinable
    public func withCurrentRecord<R>(
        key: UnsafeRawBufferPointer,
        _ body: (LentRecord) -> R
    ) throws(ReportError) -> R? {
        var result: R?
        try lendCurrentRecord(key: key) { result = body($0) }
        return result
    }

    /// The same for a body without result, so that nothing generic is left on the way.
    @usableFromInline
    func lendCurrentRecord(
        key: UnsafeRawBufferPointer,
        _ body: (LentRecord) -> Void
    ) throws(ReportError) {
        var next: UnsafeRawBufferPointer? = key
        try lendCurrentRecords({ next.take() }, found: body)
    }

    /// Lends the current records of exact keys from one snapshot, one after the other.
    ///
    /// Ends when there is no next key, and at the first that needs the long way. The pieces live only
    /// within the call of `found`.
    /// - Parameters:
    ///   - nextKey: gives UTF-8 of a whole key in its canonical form; nil ends.
    ///   - found: called once for each key that was answered, as in ``withCurrentRecord(key:_:)``.
    /// - Throws: ``ReportError`` `integrity` when a checksum does not hold.
    public func lendCurrentRecords(
        _ nextKey: () -> UnsafeRawBufferPointer?,
        found: (LentRecord) -> Void
    ) throws(ReportError) {
        guard var key = nextKey() else { return }
        try read { (transaction: borrowing ReadTransaction) throws in
            while (1...ReportKey.maximumByteCount).contains(key.count),
                try lend(key, transaction, found), let next = nextKey()
            {
                key = next
            }
        }
    }

    /// Lends one record; false: it needs the long way.
    private func lend(
        _ text: UnsafeRawBufferPointer,
        _ transaction: borrowing ReadTransaction,
        _ found: (LentRecord) -> Void
    ) throws -> Bool {
        let isFound = try transaction.get(text, in: tables.keys) { (row: RawSpan) throws in
            try row.withUnsafeBytes { row throws in
                guard let row = KeyRow(lending: row) else { return false }
                guard row.isIntact else { throw Sealed.damaged("keys", Array(text)) }
                // Place 12, then zeros for body index 2 and chunk 4.
                var key: (UInt64, UInt64, UInt16) = (0, 0, 0)
                return try withUnsafeMutableBytes(of: &key) { key throws in
                    key.copyMemory(from: row.place)
                    let key = UnsafeMutableRawBufferPointer(
                        rebasing: key[..<(EntryPlace.byteCount + 6)]
                    )
                    return try lendRecord(key, suffix: row.suffix, transaction, found)
                }
            }
        }
        return isFound ?? false
    }

    private func lendRecord(
        _ key: UnsafeMutableRawBufferPointer,
        suffix: UnsafeRawBufferPointer,
        _ transaction: borrowing ReadTransaction,
        _ found: (LentRecord) -> Void
    ) throws -> Bool {
        let rowKey = UnsafeRawBufferPointer(key)
        let isFound = try transaction.get(rowKey, in: tables.bodies) { (value: RawSpan) throws in
            try value.withUnsafeBytes { value throws in
                guard Sealed.isIntact(value) else { throw Sealed.damaged("bodies", Array(rowKey)) }
                let first = Sealed.byteCount
                let start = first + BodyRows.Head.byteCount
                guard value.count > start, value[first] == BodyRows.Codec.plain.rawValue,
                    value[first + 1] == BodyKind.record.rawValue
                else { return false }
                let chunks = value.loadUnaligned(fromByteOffset: first + 4, as: UInt32.self)
                var record = LentRecord(suffix: suffix)
                record.first = UnsafeRawBufferPointer(rebasing: value[start...])
                return try lendChunks(chunks.bigEndian, record, key, transaction, found)
            }
        }
        return isFound ?? false
    }

    /// Adds the chunks behind the first, and lends the record.
    private func lendChunks(
        _ count: UInt32,
        _ record: LentRecord,
        _ key: UnsafeMutableRawBufferPointer,
        _ transaction: borrowing ReadTransaction,
        _ found: (LentRecord) -> Void
    ) throws -> Bool {
        guard count > 1 else {
            var record = record
            record.first = LentRecord.withoutBrace(record.first)
            found(record)
            return true
        }
        guard count <= 3 else { return false }
        // Nothing is written in the transaction, so what was lent stays where it is.
        guard var second = try chunk(1, key, transaction) else { return false }
        var third = UnsafeRawBufferPointer(start: nil, count: 0)
        if count == 3 {
            guard let last = try chunk(2, key, transaction) else { return false }
            third = LentRecord.withoutBrace(last)
        } else {
            second = LentRecord.withoutBrace(second)
        }
        var record = record
        record.second = second
        record.third = third
        found(record)
        return true
    }

    /// The bytes of a chunk behind its checksum, in the map.
    private func chunk(
        _ number: UInt8,
        _ key: UnsafeMutableRawBufferPointer,
        _ transaction: borrowing ReadTransaction
    ) throws -> UnsafeRawBufferPointer? {
        key[key.count - 1] = number
        let rowKey = UnsafeRawBufferPointer(key)
        return try transaction.get(rowKey, in: tables.bodies) { (value: RawSpan) throws in
            try value.withUnsafeBytes { value throws in
                guard Sealed.isIntact(value) else { throw Sealed.damaged("bodies", Array(rowKey)) }
                return UnsafeRawBufferPointer(rebasing: value[Sealed.byteCount...])
            }
        }
    }
}

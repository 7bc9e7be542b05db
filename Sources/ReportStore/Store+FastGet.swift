import LMDB
public import ReportModel

extension Store {
    /// Lends the current record of an exact key from the map, without copying or decoding.
    ///
    /// Two look-ups and two checksums. The pieces together are what ``getNow(_:body:at:)`` returns
    /// for the record; they live only within the call.
    /// - Parameters:
    ///   - key: UTF-8 of a whole key in its canonical form.
    ///   - body: called with the stored record without its last brace, and what follows it.
    /// - Returns: what `body` returned; nil when there is no such key, when its record is stored in
    ///   several chunks, or is not here: then ask the long way.
    /// - Throws: ``ReportError`` `integrity` when a checksum does not hold.
    @inlinable
    public func withCurrentRecord<R>(
        key: UnsafeRawBufferPointer,
        _ body: (_ record: UnsafeRawBufferPointer, _ suffix: UnsafeRawBufferPointer) -> R
    ) throws(ReportError) -> R? {
        var result: R?
        try lendCurrentRecord(key: key) { result = body($0, $1) }
        return result
    }

    /// The same for a body without result, so that nothing generic is left on the way.
    @usableFromInline
    func lendCurrentRecord(
        key: UnsafeRawBufferPointer,
        _ body: (_ record: UnsafeRawBufferPointer, _ suffix: UnsafeRawBufferPointer) -> Void
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
        found: (_ record: UnsafeRawBufferPointer, _ suffix: UnsafeRawBufferPointer) -> Void
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
        _ found: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) throws -> Bool {
        let isFound = try transaction.get(text, in: tables.keys) { (row: RawSpan) throws in
            try row.withUnsafeBytes { row throws in
                guard let row = KeyRow(lending: row) else { return false }
                guard row.isIntact else { throw Sealed.damaged("keys", Array(text)) }
                // Place 12, then zeros for body index 2 and chunk 4.
                var key: (UInt64, UInt64, UInt16) = (0, 0, 0)
                return try withUnsafeMutableBytes(of: &key) { key throws in
                    key.copyMemory(from: row.place)
                    let key = UnsafeRawBufferPointer(rebasing: key[..<(EntryPlace.byteCount + 6)])
                    return try lendRecord(key, suffix: row.suffix, transaction, found)
                }
            }
        }
        return isFound ?? false
    }

    private func lendRecord(
        _ key: UnsafeRawBufferPointer,
        suffix: UnsafeRawBufferPointer,
        _ transaction: borrowing ReadTransaction,
        _ found: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) throws -> Bool {
        let isFound = try transaction.get(key, in: tables.bodies) { (value: RawSpan) throws in
            try value.withUnsafeBytes { value throws in
                guard Sealed.isIntact(value) else { throw Sealed.damaged("bodies", Array(key)) }
                let first = Sealed.byteCount
                let start = first + BodyRows.Head.byteCount
                guard value.count > start, value[first] == BodyRows.Codec.plain.rawValue,
                    value[first + 1] == BodyKind.record.rawValue,
                    value.loadUnaligned(fromByteOffset: first + 4, as: UInt32.self).bigEndian == 1
                else { return false }
                found(UnsafeRawBufferPointer(rebasing: value[start..<value.count - 1]), suffix)
                return true
            }
        }
        return isFound ?? false
    }
}

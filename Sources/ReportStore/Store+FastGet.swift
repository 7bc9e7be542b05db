import LMDB
public import ReportModel

extension Store {
    /// Lends the current record of an exact key from the map, without copying or decoding.
    ///
    /// Three look-ups and two checksums. The pieces together are what ``getNow(_:body:at:)`` returns
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
        guard (1...ReportKey.maximumByteCount).contains(key.count) else { return }
        try read { (transaction: borrowing ReadTransaction) throws in
            // As stored: eight bytes, most significant first.
            var number: UInt64 = 0
            try transaction.get(key, in: tables.keys) { (value: RawSpan) throws in
                value.withUnsafeBytes { value in
                    if value.count == 8 { number = value.loadUnaligned(as: UInt64.self) }
                }
            }
            guard number != 0 else { return }
            try withUnsafeBytes(of: number) { number throws in
                try lend(number, transaction, body)
            }
        }
    }

    private func lend(
        _ number: UnsafeRawBufferPointer,
        _ transaction: borrowing ReadTransaction,
        _ body: (_ record: UnsafeRawBufferPointer, _ suffix: UnsafeRawBufferPointer) -> Void
    ) throws {
        try transaction.get(number, in: tables.heads) { (row: RawSpan) throws in
            try row.withUnsafeBytes { row throws in
                guard Sealed.isIntact(row) else { throw Sealed.damaged("heads", Array(number)) }
                guard let (place, suffix) = Self.winner(row) else { return }
                // Place 12, then zeros for body index 2 and chunk 4.
                var key: (UInt64, UInt64, UInt16) = (0, 0, 0)
                try withUnsafeMutableBytes(of: &key) { key throws in
                    key.copyMemory(from: place)
                    let key = UnsafeRawBufferPointer(rebasing: key[..<(EntryPlace.byteCount + 6)])
                    try lendRecord(key, suffix: suffix, transaction, body)
                }
            }
        }
    }

    private func lendRecord(
        _ key: UnsafeRawBufferPointer,
        suffix: UnsafeRawBufferPointer,
        _ transaction: borrowing ReadTransaction,
        _ body: (_ record: UnsafeRawBufferPointer, _ suffix: UnsafeRawBufferPointer) -> Void
    ) throws {
        try transaction.get(key, in: tables.bodies) { (value: RawSpan) throws in
            try value.withUnsafeBytes { value throws in
                guard Sealed.isIntact(value) else { throw Sealed.damaged("bodies", Array(key)) }
                let first = Sealed.byteCount
                let start = first + BodyRows.Head.byteCount
                guard value.count > start, value[first] == BodyRows.Codec.plain.rawValue,
                    value[first + 1] == BodyKind.record.rawValue,
                    value.loadUnaligned(fromByteOffset: first + 4, as: UInt32.self).bigEndian == 1
                else { return }
                body(
                    UnsafeRawBufferPointer(rebasing: value[start..<value.count - 1]),
                    suffix
                )
            }
        }
    }

    /// Place of the winner and the suffix in a stored head row.
    private static func winner(
        _ row: UnsafeRawBufferPointer
    ) -> (place: UnsafeRawBufferPointer, suffix: UnsafeRawBufferPointer)? {
        let first = Sealed.byteCount
        guard row.count >= first + 2 else { return nil }
        let count = Int(row.loadUnaligned(fromByteOffset: first, as: UInt16.self).bigEndian)
        let heads = first + 2
        let end = heads + count * HeadRow.Head.byteCount
        guard count > 0, row.count >= end + 4 else { return nil }
        let length = Int(row.loadUnaligned(fromByteOffset: end, as: UInt32.self).bigEndian)
        guard row.count >= end + 4 + length else { return nil }
        let place = row[(heads + 36)..<(heads + 36 + EntryPlace.byteCount)]
        return (
            UnsafeRawBufferPointer(rebasing: place),
            UnsafeRawBufferPointer(rebasing: row[(end + 4)..<(end + 4 + length)])
        )
    }
}

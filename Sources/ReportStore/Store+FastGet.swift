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
    public func withCurrentRecord<R>(
        key: UnsafeRawBufferPointer,
        _ body: (_ record: UnsafeRawBufferPointer, _ suffix: UnsafeRawBufferPointer) -> R
    ) throws(ReportError) -> R? {
        guard (1...ReportKey.maximumByteCount).contains(key.count) else { return nil }
        return try read { (transaction: borrowing ReadTransaction) throws -> R? in
            let number = try transaction.copyValue(key, in: tables.keys)
            guard let number else { return nil }
            return try transaction.get(number, in: tables.heads) { (row: RawSpan) throws -> R? in
                try row.withUnsafeBytes { row throws -> R? in
                    guard Sealed.isIntact(row) else { throw Sealed.damaged("heads", number) }
                    guard let (place, suffix) = Self.winner(row) else { return nil }
                    return try record(at: place, suffix: suffix, transaction, body)
                }
            } ?? nil
        }
    }

    private func record<T: ReadOperations & ~Copyable, R>(
        at place: [UInt8],
        suffix: UnsafeRawBufferPointer,
        _ transaction: borrowing T,
        _ body: (_ record: UnsafeRawBufferPointer, _ suffix: UnsafeRawBufferPointer) -> R
    ) throws -> R? {
        var key = place
        key.append(contentsOf: [0, 0, 0, 0, 0, 0])
        return try transaction.get(key, in: tables.bodies) { (value: RawSpan) throws -> R? in
            try value.withUnsafeBytes { value throws -> R? in
                guard Sealed.isIntact(value) else { throw Sealed.damaged("bodies", key) }
                let first = Sealed.byteCount
                let start = first + BodyRows.Head.byteCount
                guard value.count > start, value[first] == BodyRows.Codec.plain.rawValue,
                    value[first + 1] == BodyKind.record.rawValue,
                    value.loadUnaligned(fromByteOffset: first + 4, as: UInt32.self).bigEndian == 1
                else { return nil }
                return body(
                    UnsafeRawBufferPointer(rebasing: value[start..<value.count - 1]),
                    suffix
                )
            }
        } ?? nil
    }

    /// Place of the winner and the suffix in a stored head row.
    private static func winner(
        _ row: UnsafeRawBufferPointer
    ) -> (place: [UInt8], suffix: UnsafeRawBufferPointer)? {
        let first = Sealed.byteCount
        guard row.count >= first + 2 else { return nil }
        let count = Int(row.loadUnaligned(fromByteOffset: first, as: UInt16.self).bigEndian)
        let heads = first + 2
        let end = heads + count * HeadRow.Head.byteCount
        guard count > 0, row.count >= end + 4 else { return nil }
        let length = Int(row.loadUnaligned(fromByteOffset: end, as: UInt32.self).bigEndian)
        guard row.count >= end + 4 + length else { return nil }
        let place = Array(row[(heads + 36)..<(heads + 36 + EntryPlace.byteCount)])
        return (place, UnsafeRawBufferPointer(rebasing: row[(end + 4)..<(end + 4 + length)]))
    }
}

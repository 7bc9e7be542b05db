/// A row of the table `keys`: the number of a key and, once it has a version, what a `get` of the
/// whole key needs to find its record in one more step.
///
/// Source: docs/format.md section 3.1.
struct KeyRow {
    /// Bytes of the number.
    private static let numberByteCount = 8

    /// The stored place of the winner and the suffix, behind their checksum.
    private let sealed: UnsafeRawBufferPointer

    /// Looks at a stored row; nil while the key has no version.
    init?(lending row: UnsafeRawBufferPointer) {
        guard
            row.count >= Self.numberByteCount + Sealed.byteCount + EntryPlace.byteCount
        else { return nil }
        sealed = UnsafeRawBufferPointer(rebasing: row[Self.numberByteCount...])
    }

    /// Whether place and suffix are what was written.
    var isIntact: Bool { Sealed.isIntact(sealed) }

    /// The place of the entry with the winner's record as it stands in keys of rows.
    var place: UnsafeRawBufferPointer {
        let start = Sealed.byteCount
        return UnsafeRawBufferPointer(rebasing: sealed[start..<(start + EntryPlace.byteCount)])
    }

    /// What `get` prints in place of the record's last brace.
    var suffix: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: sealed[(Sealed.byteCount + EntryPlace.byteCount)...])
    }

    /// The stored bytes of a row.
    static func bytes(number: UInt64, head: HeadRow) -> [UInt8] {
        guard let place = head.record else { return RowKey.number(number) }
        return RowKey.number(number) + Sealed.seal(place.bytes + head.suffix)
    }
}

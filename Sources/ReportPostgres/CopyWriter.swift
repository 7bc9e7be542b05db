import ReportModel

/// Writes rows in the binary format of COPY.
///
/// Source: PostgreSQL manual, COPY, section on the binary format.
struct CopyWriter {
    /// Signature, flags and the length of no extension.
    private static let head =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)

    var bytes = Self.head

    mutating func append(_ row: [PostgresValue]) {
        bytes.appendBigEndian(Int16(row.count))
        for value in row {
            switch value {
            case .null: bytes.appendBigEndian(Int32(-1))
            case .int8(let number):
                bytes.appendBigEndian(Int32(8))
                bytes.appendBigEndian(number)
            case .int2(let number):
                bytes.appendBigEndian(Int32(2))
                bytes.appendBigEndian(number)
            case .text(let text):
                bytes.appendBigEndian(Int32(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            case .bytes(let value):
                bytes.appendBigEndian(Int32(value.count))
                bytes.append(contentsOf: value)
            }
        }
    }

    mutating func end() { bytes.appendBigEndian(Int16(-1)) }
}

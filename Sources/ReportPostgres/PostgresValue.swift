import ReportModel

/// A parameter or a column, in one of the four types that every engine of the family reads alike.
enum PostgresValue: Hashable, Sendable {
    case null
    case int8(Int64)
    case int2(Int16)
    case text(String)
    case bytes([UInt8])

    /// A sequence or a time; those of the store are far below 2⁶³.
    static func number(_ value: UInt64) -> PostgresValue { .int8(Int64(clamping: value)) }

    /// The bytes in the binary format of the protocol; nil for null.
    var encoded: [UInt8]? {
        var bytes: [UInt8] = []
        switch self {
        case .null: return nil
        case .int8(let value): bytes.appendBigEndian(value)
        case .int2(let value): bytes.appendBigEndian(value)
        case .text(let text): bytes = Array(text.utf8)
        case .bytes(let value): bytes = value
        }
        return bytes
    }
}

/// The type of a parameter.
///
/// Source: pg_type.dat of PostgreSQL; the numbers are part of the protocol's practice everywhere.
enum PostgresType: UInt32, Sendable {
    case bytes = 17
    case int8 = 20
    case int2 = 21
    case text = 25
}

/// One row of a result, with its columns in the binary format.
struct PostgresRow: Sendable {
    private let columns: [[UInt8]?]

    init(_ columns: [[UInt8]?]) { self.columns = columns }

    /// A whole number; an engine may answer with fewer or more bytes than were asked for.
    /// - Throws: ``ReportError`` `integrity` when the column is none.
    func integer(_ index: Int) throws(ReportError) -> Int64 {
        let bytes = try present(index)
        var reader = ByteReader(bytes[...])
        let value: Int64? =
            switch bytes.count {
            case 8: reader.integer(Int64.self)
            case 4: reader.integer(Int32.self).map { Int64($0) }
            case 2: reader.integer(Int16.self).map { Int64($0) }
            default: nil
            }
        guard let value else { throw Self.unexpected(index) }
        return value
    }

    /// A sequence, a count or a time.
    func number(_ index: Int) throws(ReportError) -> UInt64 {
        guard let number = UInt64(exactly: try integer(index)) else {
            throw Self.unexpected(index)
        }
        return number
    }

    /// UTF-8 text.
    func text(_ index: Int) throws(ReportError) -> String {
        guard let text = String(validating: try present(index), as: UTF8.self) else {
            throw Self.unexpected(index)
        }
        return text
    }

    /// Bytes that must be there.
    func present(_ index: Int) throws(ReportError) -> [UInt8] {
        guard let bytes = bytes(index) else { throw Self.unexpected(index) }
        return bytes
    }

    /// Bytes; nil for null.
    func bytes(_ index: Int) -> [UInt8]? {
        columns.indices.contains(index) ? columns[index] : nil
    }

    static func unexpected(_ index: Int) -> ReportError {
        ReportError(
            .integrity,
            "column \(index + 1) of an answer of the database is not as expected"
        )
    }
}

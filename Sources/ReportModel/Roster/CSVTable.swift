import Glibc

/// A table of comma-separated values with a header line.
///
/// Source: RFC 4180; a byte order mark, LF alone, blank lines, tabs in place of commas, and GB18030
/// are taken as well.
public struct CSVTable: Sendable {
    /// A row with the number of its first line, from 1.
    public struct Row: Sendable {
        /// Number of its first line.
        public var line: Int
        /// Its fields.
        public var fields: [String]
    }

    /// Names of the columns, cleaned.
    public let header: [String]
    /// The rows behind the header.
    public let rows: [Row]

    /// Reads a table.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - name: name of the file, for errors.
    /// - Throws: ``ReportError`` `usage` that names file and line.
    public init(_ bytes: [UInt8], name: String) throws(ReportError) {
        guard bytes.count <= QueryLimits.maximumTableByteCount else {
            throw ReportError(.usage, "\(name) has more than 16 MiB")
        }
        var reader = CSVReader(try Self.utf8(bytes, name: name), name: name)
        var rows = try reader.rows()
        guard !rows.isEmpty else { throw ReportError(.usage, "\(name) has no header line") }
        header = rows.removeFirst().fields.map { KeyPart.clean($0).lowercased() }
        self.rows = rows
    }

    /// The text in UTF-8 without a byte order mark.
    private static func utf8(_ bytes: [UInt8], name: String) throws(ReportError) -> [UInt8] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
        if String(validating: text, as: UTF8.self) != nil { return text }
        guard let converted = converted(text) else {
            throw ReportError(
                .usage,
                "\(name) is neither UTF-8 nor GB18030",
                hint: "save it as CSV UTF-8"
            )
        }
        return converted
    }

    /// Source: `iconv` of glibc.
    private static func converted(_ bytes: [UInt8]) -> [UInt8]? {
        guard let descriptor = iconv_open("UTF-8", "GB18030"),
            descriptor != iconv_t(bitPattern: -1)
        else { return nil }
        defer { iconv_close(descriptor) }
        var source = bytes
        var target = [UInt8](repeating: 0, count: bytes.count * 2 + 64)
        let written = source.withUnsafeMutableBytes { input in
            target.withUnsafeMutableBytes { output -> Int? in
                var from = input.bindMemory(to: CChar.self).baseAddress
                var to = output.bindMemory(to: CChar.self).baseAddress
                var (fromLeft, toLeft) = (input.count, output.count)
                let status = iconv(descriptor, &from, &fromLeft, &to, &toLeft)
                return status == Int(bitPattern: UInt.max) || fromLeft > 0
                    ? nil : output.count - toLeft
            }
        }
        return written.map { Array(target.prefix($0)) }
    }

    /// The place of a column by any of its names; nil when there is none.
    /// - Parameter names: names in lower case.
    /// - Returns: its index.
    public func column(_ names: [String]) -> Int? {
        header.firstIndex { names.contains($0) }
    }
}

extension CSVTable.Row {
    /// The text of a column without white space around it; nil when it is empty or missing.
    subscript(column: Int?) -> String? {
        guard let column, fields.indices.contains(column) else { return nil }
        let scalars = fields[column].unicodeScalars
        let front = scalars.drop { $0.properties.isWhitespace }
        let back = front.reversed().drop { $0.properties.isWhitespace }
        let text = String(String.UnicodeScalarView(back.reversed()))
        return text.isEmpty ? nil : text
    }
}

/// Takes a table apart, byte by byte.
private struct CSVReader {
    private let bytes: [UInt8]
    private let name: String
    private let comma: UInt8
    private var index = 0
    private var line = 1

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
        let first = bytes.prefix { $0 != 0x0A }
        comma = first.contains(0x2C) || !first.contains(0x09) ? 0x2C : 0x09
    }

    mutating func rows() throws(ReportError) -> [CSVTable.Row] {
        var rows: [CSVTable.Row] = []
        while index < bytes.count {
            let row = try row()
            if row.fields.allSatisfy(\.isEmpty) { continue }
            guard rows.count <= QueryLimits.maximumTableRowCount else {
                throw ReportError(
                    .usage,
                    "\(name) has more than \(QueryLimits.maximumTableRowCount) rows"
                )
            }
            rows.append(row)
        }
        return rows
    }

    private mutating func row() throws(ReportError) -> CSVTable.Row {
        var row = CSVTable.Row(line: line, fields: [])
        while true {
            guard row.fields.count < QueryLimits.maximumTableFieldCount else {
                throw failure(
                    row.line,
                    "has more than \(QueryLimits.maximumTableFieldCount) fields"
                )
            }
            row.fields.append(try field(row.line))
            guard index < bytes.count else { return row }
            let end = bytes[index]
            index += 1
            if end == comma { continue }
            if end == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            line += 1
            return row
        }
    }

    private mutating func field(_ first: Int) throws(ReportError) -> String {
        guard index < bytes.count, bytes[index] == 0x22 else {
            let start = index
            while index < bytes.count, bytes[index] != comma, bytes[index] != 0x0A,
                bytes[index] != 0x0D
            {
                index += 1
            }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x22 {
                guard index < bytes.count, bytes[index] == 0x22 else {
                    let isEnd =
                        index == bytes.count || [comma, 0x0A, 0x0D].contains(bytes[index])
                    guard isEnd else { throw failure(line, "has text behind a closing quote") }
                    return String(decoding: text, as: UTF8.self)
                }
                index += 1
            } else if byte == 0x0A {
                line += 1
            }
            text.append(byte)
        }
        throw failure(first, "opens a quote that is never closed")
    }

    private func failure(_ line: Int, _ message: String) -> ReportError {
        ReportError(.usage, "\(name) line \(line) \(message)")
    }
}

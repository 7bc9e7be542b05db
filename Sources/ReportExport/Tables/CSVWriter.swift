import ReportModel

/// Comma-separated values that Excel and WPS open right: UTF-8 with BOM, lines end with CRLF.
///
/// Text that a spreadsheet would take for a formula begins with an apostrophe; a code that it would
/// take for a number or a date ends with a tab.
///
/// Source: RFC 4180; docs/export.md.
public struct CSVWriter: Sendable {
    /// What a file begins with.
    public static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Makes a writer.
    public init() {}

    /// The first line, after the byte order mark.
    /// - Parameters:
    ///   - table: the table.
    ///   - titles: whether titles for people stand there instead of the stable names.
    /// - Returns: byte order mark and line.
    public func header(of table: ExportTable, titles: Bool = false) -> [UInt8] {
        let cells = table.columns.map { TableCell.text(titles ? $0.title : $0.name) }
        return Self.byteOrderMark + line(cells)
    }

    /// One line.
    /// - Parameter cells: the cells.
    /// - Returns: the line with its end.
    public func line(_ cells: [TableCell]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(Self.text(of: cell), to: &bytes)
        }
        bytes.append(contentsOf: "\r\n".utf8)
        return bytes
    }

    /// What stands in a cell before quoting.
    static func text(of cell: TableCell) -> String {
        switch cell {
        case .empty: ""
        case .text(let text), .word(let text, _): defused(text)
        case .code(let text): needsTab(text) ? text + "\t" : defused(text)
        case .number(let text), .yuan(let text), .day(let text): text
        case .integer(let number): String(number)
        case .time(let time): time.description
        }
    }

    /// Text that no spreadsheet takes for a formula.
    /// - Parameter text: what stands in a field.
    /// - Returns: the same, behind an apostrophe where a formula could begin.
    ///
    /// Source: OWASP, CSV Injection.
    package static func defused(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        let starters: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
        return starters.contains(first) ? "'" + text : text
    }

    /// Whether a spreadsheet would show a code as another number or as a date.
    static func needsTab(_ code: String) -> Bool {
        let letters: Set<UInt8> = Set("0123456789-/.:+eE".utf8)
        guard code.utf8.allSatisfy({ letters.contains($0) }),
            code.utf8.contains(where: { (0x30...0x39).contains($0) })
        else { return false }
        let isShortNumber =
            code.utf8.count <= 11 && !code.hasPrefix("0")
            && code.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return !isShortNumber
    }

    private func append(_ text: String, to bytes: inout [UInt8]) {
        let needsQuotes =
            text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D, 0x09].contains($0) }
            || text.hasPrefix(" ") || text.hasSuffix(" ")
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
        for byte in text.utf8 {
            // Other control characters break readers and mean nothing in a table.
            if byte < 0x20, ![0x0A, 0x0D, 0x09].contains(byte) { continue }
            bytes.append(byte)
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    }
}

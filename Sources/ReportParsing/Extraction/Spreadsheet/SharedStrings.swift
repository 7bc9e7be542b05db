import ReportModel

/// The texts that the cells of a workbook share.
///
/// Source: ECMA-376 part 1, 18.4 (shared string table).
enum SharedStrings {
    /// Reads the table; phonetic guides are left out, runs of rich text joined.
    /// - Parameter bytes: the part's XML.
    /// - Returns: the texts by their index.
    /// - Throws: ``ReportError`` `.unreadable`.
    static func read(_ bytes: [UInt8]) throws(ReportError) -> [String] {
        let stream = try XMLStream(bytes)
        var texts: [String] = []
        while let event = try stream.next() {
            if event == .start, stream.isNamed("si") { texts.append(try text(stream)) }
        }
        return texts
    }

    /// Reads the text of the `si` or `is` element at hand, up to its end.
    static func text(_ stream: XMLStream) throws(ReportError) -> String {
        var result = ""
        var depth = 1
        var phonetic: Int?
        var isText = false
        while depth > 0, let event = try stream.next() {
            switch event {
            case .start:
                depth += 1
                if phonetic == nil, stream.isNamed("rPh") { phonetic = depth }
                isText = phonetic == nil && stream.isNamed("t")
            case .end:
                if phonetic == depth { phonetic = nil }
                isText = false
                depth -= 1
            case .text:
                if isText { result += stream.text }
            }
        }
        return unescaped(result)
    }

    /// Replaces `_x000D_` and its like by their characters; carriage returns go.
    ///
    /// Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
    static func unescaped(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(0x0D) || bytes.contains(0x5F) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x5F, index + 6 < bytes.count, bytes[index + 1] == 0x78,
                bytes[index + 6] == 0x5F,
                let value = UInt32(
                    String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self),
                    radix: 16
                ),
                let scalar = Unicode.Scalar(value)
            {
                if value != 0x0D, value >= 0x20 || value == 0x0A || value == 0x09 {
                    result += Array(String(scalar).utf8)
                }
                index += 7
            } else if bytes[index] == 0x0D {
                if index + 1 >= bytes.count || bytes[index + 1] != 0x0A { result.append(0x0A) }
                index += 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

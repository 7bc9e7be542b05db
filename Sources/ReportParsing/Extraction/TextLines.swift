/// A decoded text with the bounds of its lines; offsets count bytes of UTF-8.
struct TextLines {
    /// One line.
    struct Line {
        /// First byte.
        var start: Int
        /// One past the last byte, without the line end.
        var end: Int
        /// First byte that is not white space; equals `contentEnd` in a blank line.
        var contentStart: Int
        /// One past the last byte that is not white space.
        var contentEnd: Int
        /// Tabs between the first and the last visible character.
        var innerTabs: Int
        /// Whether the first byte is a tab.
        var hasTab: Bool

        /// Whether nothing at all stands in the line, not even white space.
        var isEmpty: Bool { start == end }
        /// Whether nothing visible stands in the line.
        var isBlank: Bool { contentStart == contentEnd }
        /// Bytes of the visible part.
        var length: Int { contentEnd - contentStart }
    }

    /// UTF-8 without Word's bookmark tokens.
    let bytes: [UInt8]
    /// The lines, ended by LF, CR LF, CR or a form feed.
    let lines: [Line]

    /// Divides a text into lines.
    /// - Parameter text: valid UTF-8.
    init(_ text: [UInt8]) {
        let bytes = TextLines.withoutBookmarks(text)
        var lines: [Line] = []
        lines.reserveCapacity(bytes.count / 64)
        bytes.withUnsafeBufferPointer { buffer in
            var start = 0
            var index = 0
            while index < buffer.count {
                let byte = buffer[index]
                if byte == 0x0A || byte == 0x0D || byte == 0x0C {
                    lines.append(TextLines.line(buffer, start, index))
                    if byte == 0x0D, index + 1 < buffer.count, buffer[index + 1] == 0x0A {
                        index += 1
                    }
                    start = index + 1
                }
                index += 1
            }
            if start < buffer.count { lines.append(TextLines.line(buffer, start, buffer.count)) }
        }
        self.bytes = bytes
        self.lines = lines
    }

    /// The visible part of a line.
    func text(_ line: Line) -> String { string(line.contentStart, line.contentEnd) }

    /// A range of bytes as a string.
    func string(_ start: Int, _ end: Int) -> String {
        String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    /// A range of bytes as a string, without white space at its ends.
    func trimmed(_ start: Int, _ end: Int) -> String {
        bytes.withUnsafeBufferPointer { buffer in
            var first = start
            var last = max(start, end)
            Self.trim(buffer, &first, &last)
            return String(decoding: buffer[first..<last], as: UTF8.self)
        }
    }

    private static func line(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int)
        -> Line
    {
        var first = start
        var last = end
        trim(buffer, &first, &last)
        var tabs = 0
        var index = first
        while index < last {
            if buffer[index] == 0x09 { tabs += 1 }
            index += 1
        }
        return Line(
            start: start,
            end: end,
            contentStart: first,
            contentEnd: last,
            innerTabs: tabs,
            hasTab: start < end && buffer[start] == 0x09
        )
    }

    /// Takes the white space off both ends of a range.
    static func trim(_ buffer: UnsafeBufferPointer<UInt8>, _ first: inout Int, _ last: inout Int) {
        let start = first
        while first < last {
            let width = blankWidth(buffer, at: first, end: last)
            if width == 0 { break }
            first += width
        }
        while last > first {
            let width = blankWidth(buffer, before: last, start: start)
            if width == 0 { break }
            last -= width
        }
    }

    /// Bytes of the white-space character at an offset; 0 when there is none.
    ///
    /// White space: ASCII blanks, no-break space, U+2000 to U+200F, U+2028, U+2029, ideographic
    /// space, byte order mark.
    static func blankWidth(_ buffer: UnsafeBufferPointer<UInt8>, at index: Int, end: Int) -> Int {
        let byte = buffer[index]
        if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { return 1 }
        if byte < 0x80 { return 0 }
        if byte == 0xC2, index + 1 < end, buffer[index + 1] == 0xA0 { return 2 }
        guard index + 2 < end else { return 0 }
        let second = buffer[index + 1]
        let third = buffer[index + 2]
        switch byte {
        case 0xE3: return second == 0x80 && third == 0x80 ? 3 : 0
        case 0xE2:
            return second == 0x80 && (third <= 0x8F || third == 0xA8 || third == 0xA9) ? 3 : 0
        case 0xEF: return second == 0xBB && third == 0xBF ? 3 : 0
        default: return 0
        }
    }

    private static func blankWidth(
        _ buffer: UnsafeBufferPointer<UInt8>,
        before end: Int,
        start: Int
    ) -> Int {
        for width in 1...3 where end - width >= start {
            if blankWidth(buffer, at: end - width, end: end) == width { return width }
        }
        return 0
    }

    /// Takes out `[bookmark: name]`, which a converter leaves of Word's invisible bookmarks.
    private static func withoutBookmarks(_ text: [UInt8]) -> [UInt8] {
        let token = Array("[bookmark:".utf8)
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        let longest = 160
        text.withUnsafeBufferPointer { buffer in
            while index + token.count <= buffer.count {
                guard buffer[index] == 0x5B, buffer[(index + 1)...].starts(with: token[1...])
                else {
                    index += 1
                    continue
                }
                var close = index + token.count
                let limit = min(buffer.count, index + longest)
                while close < limit, buffer[close] != 0x5D, buffer[close] != 0x0A { close += 1 }
                guard close < limit, buffer[close] == 0x5D else {
                    index += 1
                    continue
                }
                result.append(contentsOf: buffer[copied..<index])
                copied = close + 1
                index = copied
            }
        }
        if copied == 0 { return text }
        result.append(contentsOf: text[copied...])
        return result
    }
}

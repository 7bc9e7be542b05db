/// The text of a paragraph in the making, with what is anchored in it.
struct DocxLine {
    private var bytes: [UInt8] = []
    /// Boxes, charts and notes of what could not be read, to stand behind the paragraph.
    var attached: [DocxItem] = []

    /// Whether nothing was added.
    var isEmpty: Bool { bytes.isEmpty && attached.isEmpty }
    /// Whether there is text.
    var hasText: Bool { !bytes.isEmpty }
    /// The text without blanks around, cut at line feeds; no line is empty.
    var lines: [String] {
        bytes.withUnsafeBufferPointer { buffer in
            var lines: [String] = []
            var start = 0
            for index in 0...buffer.count where index == buffer.count || buffer[index] == 0x0A {
                var first = start
                var last = index
                TextLines.trim(buffer, &first, &last)
                if first < last {
                    lines.append(String(decoding: buffer[first..<last], as: UTF8.self))
                }
                start = index + 1
            }
            return lines
        }
    }

    /// Adds a text.
    mutating func append(_ text: String) { bytes += text.utf8 }

    /// Adds another line's text and what is anchored in it.
    mutating func append(_ other: DocxLine) {
        if bytes.isEmpty { bytes = other.bytes } else { bytes += other.bytes }
        attached += other.attached
    }

    /// Adds the text of an element, with signs of symbol fonts replaced.
    mutating func append(_ node: XMLNode, font: () -> String?) {
        let start = bytes.count
        node.appendOwnText(to: &bytes)
        // U+F000 to U+F0FF are EF 80 80 to EF 83 BF in UTF-8.
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == 0xEF, bytes[index + 1] & 0xFC == 0x80 {
                let text = String(decoding: bytes[start...], as: UTF8.self)
                bytes.removeSubrange(start...)
                append(DocxSymbols.plain(text, font: font()))
                return
            }
            index += 1
        }
    }
}

/// Paragraphs longer than any recogniser should see at once.
enum LongParagraph {
    /// Cuts an endless line behind sentences, or anywhere when it has none.
    static func divided(_ text: String, _ limits: ParsingLimits) -> [String] {
        let bytes = Array(text.utf8)
        let longest = limits.maximumParagraphByteCount
        var pieces: [String] = []
        var start = 0
        while bytes.count - start > longest {
            var cut = start + longest
            while bytes[cut] & 0xC0 == 0x80 { cut -= 1 }
            var stop = cut
            let floor = start + longest / 2
            while stop > floor, !isSentenceEnd(bytes, stop) { stop -= 1 }
            if stop > floor { cut = stop }
            pieces.append(String(decoding: bytes[start..<cut], as: UTF8.self))
            start = cut
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }

    /// Whether a Chinese full stop, a semicolon, or a tab ends before an offset.
    private static func isSentenceEnd(_ bytes: [UInt8], _ end: Int) -> Bool {
        if bytes[end - 1] == 0x09 { return true }
        guard end >= 3, bytes[end - 1] >= 0x80 else { return false }
        let last = (bytes[end - 3], bytes[end - 2], bytes[end - 1])
        return last == (0xE3, 0x80, 0x82) || last == (0xEF, 0xBC, 0x9B)
    }
}

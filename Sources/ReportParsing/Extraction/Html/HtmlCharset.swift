/// The character set that a page declares.
enum HtmlCharset {
    /// Bytes in which a declaration must stand.
    private static let headByteCount = 4096

    /// Finds `charset=` of a `meta` element or `encoding=` of an XML declaration.
    ///
    /// Source: WHATWG HTML, 13.2.3.2 (determining the character encoding).
    /// - Returns: the name in lower case; nil when the page declares none.
    static func declared(in bytes: [UInt8]) -> String? {
        let head = String(decoding: ZipEntry.folded(bytes.prefix(headByteCount)), as: UTF8.self)
        for mark in ["charset", "encoding"] {
            guard let start = position(of: mark, in: head) else { continue }
            var rest = head[start...].drop { $0 == " " }
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\"" || $0 == "'" }
            let name = rest.prefix {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
            }
            if !name.isEmpty { return String(name) }
        }
        return nil
    }

    /// Index behind the first occurrence of a word.
    private static func position(of word: String, in text: String) -> String.Index? {
        var rest = text[...]
        while let start = rest.firstIndex(of: word.first ?? " ") {
            if rest[start...].hasPrefix(word) {
                return text.index(start, offsetBy: word.count, limitedBy: text.endIndex)
            }
            rest = rest[rest.index(after: start)...]
        }
        return nil
    }
}

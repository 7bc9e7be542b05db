/// Names of files within a filing: decoding, what is no file of the sender's, order.
enum FilingName {
    private static let clutter: Set<String> = [
        "thumbs.db", "desktop.ini", ".ds_store", "__macosx", "$recycle.bin",
        "system volume information",
    ]

    /// Decodes a name as stored: UTF-8 when it is that, else GB18030, which Chinese systems write
    /// without saying so; folders divided by slashes, no `.`, `..` or control characters.
    static func decode(_ raw: [UInt8]) -> String {
        // Divided only once decoded: the second byte of a GBK character may be a backslash.
        let text = TextDecoder.name(raw)
        let steps = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).map { step in
            String(String.UnicodeScalarView(step.unicodeScalars.filter { !isControl($0) }))
        }
        return steps.filter { !$0.isEmpty && $0 != "." && $0 != ".." }.joined(separator: "/")
    }

    /// Whether systems and editors left the file there: Finder's and Explorer's own files, lock
    /// files of editors, hidden files.
    static func isClutter(_ name: String) -> Bool {
        name.split(separator: "/").contains { step in
            step.hasPrefix(".") || step.hasPrefix("~$") || step.hasPrefix("._")
                || clutter.contains(step.lowercased())
        }
    }

    /// The last step of a name.
    static func last(_ name: String) -> String {
        name.split(separator: "/").last.map { String($0) } ?? name
    }

    /// Order by name in which 附件2 stands before 附件10.
    static func isBefore(_ left: String, _ right: String) -> Bool {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        var first = 0
        var second = 0
        while first < left.count, second < right.count {
            let one = digits(left, from: first)
            let other = digits(right, from: second)
            if !one.isEmpty, !other.isEmpty {
                let a = left[one].drop { $0 == "0" }
                let b = right[other].drop { $0 == "0" }
                if a.count != b.count { return a.count < b.count }
                if let pair = zip(a, b).first(where: { $0 != $1 }) { return pair.0 < pair.1 }
                first = one.upperBound
                second = other.upperBound
                continue
            }
            if left[first] != right[second] { return left[first] < right[second] }
            first += 1
            second += 1
        }
        if left.count - first != right.count - second {
            return left.count - first < right.count - second
        }
        return left.lexicographicallyPrecedes(right)
    }

    private static func digits(_ text: [Unicode.Scalar], from start: Int) -> Range<Int> {
        var end = start
        while end < text.count, text[end].value >= 0x30, text[end].value <= 0x39 { end += 1 }
        return start..<end
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || scalar.value >= 0x7F && scalar.value < 0xA0
            || scalar.value >= 0x202A && scalar.value <= 0x202E
    }
}

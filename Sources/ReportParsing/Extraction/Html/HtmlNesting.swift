import ReportModel

/// Refuses pages whose elements are never closed, before a tree is made of them.
enum HtmlNesting {
    /// Elements that may be open at once; far more than the depth of a tree, for pages full of
    /// `p` and `td` without end tags.
    private static let maximumOpenCount = 20_000

    /// Counts tags that open against tags that close.
    ///
    /// Looking for the beginning of each stray end tag costs libxml2 as much as elements are open.
    /// - Throws: ``ReportError`` `.tooDeep`.
    static func check(_ bytes: [UInt8]) throws(ReportError) {
        var open = 0
        var deepest = 0
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index + 3 < buffer.count {
                defer { index += 1 }
                guard buffer[index] == 0x3C else { continue }
                if buffer[index + 1] == 0x2F {
                    open = max(0, open - 1)
                } else if isNesting(buffer, index + 1) {
                    open += 1
                    deepest = max(deepest, open)
                }
            }
        }
        guard deepest <= maximumOpenCount else {
            throw ReportError(.tooDeep, "网页的嵌套太深", hint: "请用 Word 或 WPS 打开后另存为 docx 提交")
        }
    }

    /// Whether a tag opens an element that another of its kind does not close.
    private static func isNesting(_ buffer: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let first = buffer[index] | 0x20
        guard first >= 0x61, first <= 0x7A else { return false }
        let second = buffer[index + 1] | 0x20
        let third = buffer[index + 2] | 0x20
        // br, hr, img, input, col, link, meta, p, li, td, tr, th, option close themselves.
        switch (first, second) {
        case (0x62, 0x72), (0x68, 0x72), (0x69, 0x6D), (0x69, 0x6E), (0x6C, 0x69), (0x74, 0x64),
            (0x74, 0x72), (0x74, 0x68), (0x6F, 0x70):
            return false
        case (0x63, 0x6F): return third != 0x6C
        case (0x6D, 0x65): return third != 0x74
        case (0x70, _): return second >= 0x61 && second <= 0x7A
        default: return true
        }
    }
}

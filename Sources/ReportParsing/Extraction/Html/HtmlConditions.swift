/// The conditions that Word and Excel write around parts of a page.
///
/// `<![if !supportLists]>` and `<![endif]>` are no HTML, and libxml2 shows them as text; what
/// stands between them is shown by every program but Office and stays.
enum HtmlConditions {
    /// Bytes of the longest condition.
    private static let longest = 200

    /// A page without the marks of conditions.
    static func removed(from page: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var copied = 0
        page.withUnsafeBufferPointer { buffer in
            var index = 0
            while index + 6 < buffer.count {
                guard buffer[index] == 0x3C, buffer[index + 1] == 0x21, buffer[index + 2] == 0x5B,
                    let end = end(buffer, index + 3)
                else {
                    index += 1
                    continue
                }
                result.append(contentsOf: buffer[copied..<index])
                copied = end
                index = end
            }
        }
        guard copied > 0 else { return page }
        result.append(contentsOf: page[copied...])
        return result
    }

    /// One past the `]>` that ends a condition; nil when there is none.
    private static func end(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        let isIf = buffer[start] | 0x20 == 0x69 && buffer[start + 1] | 0x20 == 0x66
        let isEnd = buffer[start] | 0x20 == 0x65 && buffer[start + 1] | 0x20 == 0x6E
        guard isIf || isEnd else { return nil }
        var index = start
        let limit = min(buffer.count - 1, start + longest)
        while index < limit, buffer[index] != 0x5D { index += 1 }
        guard index < limit, buffer[index + 1] == 0x3E else { return nil }
        return index + 2
    }
}

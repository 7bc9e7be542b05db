/// Search for a short text in bytes.
enum ByteSearch {
    /// Finds the first occurrence at or after an offset.
    ///
    /// The last byte of the needle is compared first: Chinese characters share their first bytes.
    /// - Parameters:
    ///   - needle: what is looked for; an empty one is never found.
    ///   - text: where.
    ///   - start: first offset to look at.
    /// - Returns: offset of the occurrence; nil when there is none.
    static func first(
        _ needle: UnsafeBufferPointer<UInt8>,
        in text: UnsafeBufferPointer<UInt8>,
        from start: Int = 0
    ) -> Int? {
        guard !needle.isEmpty, text.count - start >= needle.count else { return nil }
        let tail = needle.count - 1
        let last = needle[tail]
        var index = start + tail
        while index < text.count {
            if text[index] == last {
                var offset = 0
                let base = index - tail
                while offset < tail, text[base + offset] == needle[offset] { offset += 1 }
                if offset == tail { return base }
            }
            index += 1
        }
        return nil
    }

    /// Whether a text stands in bytes.
    static func holds(_ text: String, in bytes: ArraySlice<UInt8>) -> Bool {
        let needle = Array(text.utf8)
        return needle.withUnsafeBufferPointer { wanted in
            bytes.withUnsafeBufferPointer { first(wanted, in: $0) != nil }
        }
    }
}

/// Takes out of the styles part what reading text needs, before it is parsed.
///
/// Table styles and latent styles make up nine tenths of the part in most documents, and parsing
/// them would take longer than the text of a short report.
enum DocxStyleSlices {
    /// The part with its outermost element and the styles of paragraphs, characters and lists;
    /// the part itself when it does not have the usual form.
    static func reduced(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer { buffer -> [UInt8]? in
            guard let root = root(buffer) else { return nil }
            let prefix = root.name.dropLast("styles".utf8.count)
            let opener = [0x3C] + prefix + Array("style ".utf8)
            let closer = [0x3C, 0x2F] + prefix + Array("style>".utf8)
            let table = Array("type=\"table\"".utf8)
            var result = Array(buffer[..<root.end])
            var index = root.end
            while let start = find(opener, in: buffer, from: index),
                let tag = find([0x3E], in: buffer, from: start)
            {
                if buffer[tag - 1] == 0x2F {
                    index = tag + 1
                    continue
                }
                guard let end = find(closer, in: buffer, from: tag) else { return nil }
                index = end + closer.count
                let head = UnsafeBufferPointer(rebasing: buffer[start..<tag])
                if find(table, in: head, from: 0) == nil { result += buffer[start..<index] }
            }
            return result + [0x3C, 0x2F] + root.name + [0x3E]
        } ?? bytes
    }

    /// Name of the outermost element, and where its first tag ends.
    private static func root(_ buffer: UnsafeBufferPointer<UInt8>) -> (name: [UInt8], end: Int)? {
        var index = 0
        while let start = find([0x3C], in: buffer, from: index), start + 1 < buffer.count {
            guard let end = find([0x3E], in: buffer, from: start) else { return nil }
            if buffer[start + 1] != 0x3F {
                let name = Array(buffer[(start + 1)..<end].prefix { $0 > 0x20 })
                let isStyles = name.suffix(6) == Array("styles".utf8)[...]
                return isStyles && buffer[end - 1] != 0x2F ? (name, end + 1) : nil
            }
            index = end + 1
        }
        return nil
    }

    private static func find(
        _ needle: [UInt8],
        in buffer: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Int? {
        needle.withUnsafeBufferPointer { ByteSearch.first($0, in: buffer, from: start) }
    }
}

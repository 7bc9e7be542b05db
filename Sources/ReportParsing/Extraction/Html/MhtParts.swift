/// The pages within a web page saved as a single file.
///
/// Source: RFC 2557 (MHTML), RFC 2046 5.1 (multipart), RFC 2045 6.7 and 6.8 (encodings).
enum MhtParts {
    /// Parts of one file that are looked at.
    private static let maximumPartCount = 2000
    /// Names of parts that hold no content: Excel's row of tabs, Word's headers and footers.
    private static let auxiliary = ["tabstrip.htm", "header.htm"]

    /// The pages, in order, decoded from their transfer encoding.
    /// - Parameter file: the whole file.
    /// - Returns: bytes of each page with the character set of its header, if it names one.
    static func pages(_ file: [UInt8]) -> [(bytes: [UInt8], charset: String?)] {
        let lines = lines(file)
        var pages: [(bytes: [UInt8], charset: String?)] = []
        var boundaries: [[UInt8]] = []
        var index = 0
        var parts = 0
        while index < lines.count, parts < maximumPartCount {
            parts += 1
            let (headers, body) = headers(file, lines, index)
            let type = headers["content-type"] ?? ""
            if let boundary = parameter("boundary", of: type), !boundary.isEmpty {
                boundaries.append(Array("--".utf8) + boundary.utf8)
            }
            var end = body
            while end < lines.count, !isBoundary(file[lines[end]], boundaries) { end += 1 }
            let kind = type.lowercased()
            let location = (headers["content-location"] ?? "").lowercased()
            if kind.hasPrefix("text/html"), !auxiliary.contains(where: location.hasSuffix) {
                let last =
                    end > body
                    ? lines[end - 1].upperBound : lines[min(body, lines.count - 1)].lowerBound
                let first = body < lines.count ? lines[body].lowerBound : last
                let encoding = (headers["content-transfer-encoding"] ?? "").lowercased()
                let content = decoded(file[first..<max(first, last)], encoding)
                if !content.isEmpty {
                    pages.append((content, parameter("charset", of: type)?.lowercased()))
                }
            }
            index = end + 1
        }
        return pages
    }

    /// Ranges of the lines, without their ends.
    private static func lines(_ file: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        file.withUnsafeBufferPointer { buffer in
            for index in buffer.indices where buffer[index] == 0x0A {
                let end = index > start && buffer[index - 1] == 0x0D ? index - 1 : index
                lines.append(start..<end)
                start = index + 1
            }
        }
        if start < file.count { lines.append(start..<file.count) }
        return lines
    }

    /// The header fields from a line on, and the line behind the empty one that ends them.
    private static func headers(
        _ file: [UInt8],
        _ lines: [Range<Int>],
        _ start: Int
    ) -> ([String: String], Int) {
        var fields: [String: String] = [:]
        var name = ""
        var index = start
        while index < lines.count, !lines[index].isEmpty, index - start < 200 {
            let text = String(decoding: file[lines[index]].prefix(2048), as: UTF8.self)
            if text.first == " " || text.first == "\t" {
                fields[name, default: ""] += " " + CellText.trimmed(text)
            } else if let colon = text.firstIndex(of: ":") {
                name = text[..<colon].lowercased()
                fields[name] = CellText.trimmed(String(text[text.index(after: colon)...]))
            }
            index += 1
        }
        return (fields, min(index + 1, lines.count))
    }

    /// A parameter of a header field, such as `boundary="x"`.
    private static func parameter(_ name: String, of field: String) -> String? {
        for part in field.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, CellText.trimmed(String(pair[0])).lowercased() == name else {
                continue
            }
            return String(CellText.trimmed(String(pair[1])).filter { $0 != "\"" })
        }
        return nil
    }

    private static func isBoundary(_ line: ArraySlice<UInt8>, _ boundaries: [[UInt8]]) -> Bool {
        guard line.starts(with: [0x2D, 0x2D]) else { return false }
        return boundaries.prefix(8).contains { line.starts(with: $0) }
    }

    private static func decoded(_ body: ArraySlice<UInt8>, _ encoding: String) -> [UInt8] {
        if encoding.hasPrefix("quoted-printable") { return quotedPrintable(body) }
        return encoding.hasPrefix("base64") ? base64(body) : Array(body)
    }

    private static func quotedPrintable(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count)
        var index = body.startIndex
        while index < body.endIndex {
            guard body[index] == 0x3D else {
                result.append(body[index])
                index += 1
                continue
            }
            if index + 2 < body.endIndex, let high = hex(body[index + 1]),
                let low = hex(body[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                // A line that goes on below; anything else is no escape and stays.
                var next = index + 1
                while next < body.endIndex, body[next] == 0x20 || body[next] == 0x0D { next += 1 }
                if next < body.endIndex, body[next] == 0x0A {
                    index = next + 1
                } else {
                    result.append(0x3D)
                    index += 1
                }
            }
        }
        return result
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func base64(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in body {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: continue
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }
}

import Glibc

/// The part of a record's JSON that its hash covers: everything but the names of source files.
///
/// The same bytes under another file name are the same filing.
///
/// Source: record schema, row `sources`; docs/format.md, section on bodies.
public enum RecordDigest {
    /// Cuts the `name` members of the top-level `sources` out of canonical JSON.
    ///
    /// The scan is linear and needs no tree. Bytes that are not canonical JSON of an object come
    /// back unchanged from the first place that is not understood, so that every input has a
    /// digest form.
    /// - Parameter bytes: canonical JSON of a record.
    /// - Returns: the same bytes without the names.
    public static func form(of bytes: [UInt8]) -> [UInt8] {
        let cuts = cuts(in: bytes)
        guard !cuts.isEmpty else { return bytes }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        for piece in pieces(between: cuts, byteCount: bytes.count) {
            kept.append(contentsOf: bytes[piece])
        }
        return kept
    }

    /// The ranges that the digest form leaves out, in ascending order of their ends.
    /// - Parameters:
    ///   - bytes: canonical JSON of a record.
    ///   - sources: where the value of the member `sources` begins, when that is known.
    /// - Returns: ranges of `bytes`.
    static func cuts(in bytes: [UInt8], sourcesAt sources: Int? = nil) -> [Range<Int>] {
        bytes.withUnsafeBufferPointer { bytes in
            var scanner = Scanner(bytes: bytes)
            if let sources, sources < bytes.count {
                scanner.offset = sources
                _ = scanner.elements { $0.sourceObject() }
            } else {
                scanner.scan()
            }
            return scanner.cuts
        }
    }

    /// The ranges that the digest form keeps.
    static func pieces(between cuts: [Range<Int>], byteCount: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        for cut in cuts {
            // A name that stands twice is no canonical JSON; its cuts share a comma.
            pieces.append(start..<max(start, cut.lowerBound))
            start = max(start, cut.upperBound)
        }
        pieces.append(start..<byteCount)
        return pieces
    }

    /// Reads within the call that lends the bytes.
    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var offset = 0
        var cuts: [Range<Int>] = []

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        mutating func scan() {
            _ = members { scanner, name in
                guard scanner.bytes[name].elementsEqual("\"sources\"".utf8) else {
                    return scanner.skipValue()
                }
                return scanner.elements { $0.sourceObject() }
            }
        }

        /// One element of `sources`: an object whose member `name` is cut with one comma.
        mutating func sourceObject() -> Bool {
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "{") else {
                return skipValue()
            }
            let open = offset
            return members { scanner, name in
                guard scanner.skipValue() else { return false }
                if scanner.bytes[name].elementsEqual("\"name\"".utf8) {
                    if name.lowerBound > open + 1 {
                        scanner.cuts.append(name.lowerBound - 1..<scanner.offset)
                    } else {
                        let comma =
                            scanner.offset < scanner.bytes.count
                            && scanner.bytes[scanner.offset] == UInt8(ascii: ",")
                        scanner.cuts.append(name.lowerBound..<scanner.offset + (comma ? 1 : 0))
                    }
                }
                return true
            }
        }

        private mutating func members(
            _ body: (inout Scanner, Range<Int>) -> Bool
        ) -> Bool {
            guard take("{") else { return false }
            if take("}") { return true }
            while true {
                let start = offset
                guard skipString() else { return false }
                let name = start..<offset
                guard take(":"), body(&self, name) else { return false }
                if take("}") { return true }
                guard take(",") else { return false }
            }
        }

        mutating func elements(_ body: (inout Scanner) -> Bool) -> Bool {
            guard take("[") else { return false }
            if take("]") { return true }
            while true {
                guard body(&self) else { return false }
                if take("]") { return true }
                guard take(",") else { return false }
            }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else {
                return false
            }
            offset += 1
            return true
        }

        private mutating func skipString() -> Bool {
            guard take("\"") else { return false }
            strings: while let quote = place(of: UInt8(ascii: "\""), before: bytes.count) {
                // The same quote for every escape before it: a string of escapes is passed over once.
                while let escape = place(of: UInt8(ascii: "\\"), before: quote) {
                    offset = min(escape + 2, bytes.count)
                    if offset > quote { continue strings }
                }
                offset = quote + 1
                return true
            }
            offset = bytes.count
            return false
        }

        /// Where a byte stands next.
        private func place(of byte: UInt8, before end: Int) -> Int? {
            guard let base = bytes.baseAddress, offset < end,
                let found = memchr(base + offset, Int32(byte), end - offset)
            else { return nil }
            return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
        }

        /// Passes over one value by counting brackets outside strings.
        private mutating func skipValue() -> Bool {
            var depth = 0
            while offset < bytes.count {
                switch bytes[offset] {
                case UInt8(ascii: "\""):
                    guard skipString() else { return false }
                    if depth == 0 { return true }
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    offset += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return true }
                    depth -= 1
                    offset += 1
                    if depth == 0 { return true }
                case UInt8(ascii: ","):
                    if depth == 0 { return true }
                    offset += 1
                default: offset += 1
                }
            }
            return depth == 0
        }
    }
}

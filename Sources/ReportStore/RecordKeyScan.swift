import Glibc
import ReportModel

/// Finds the key of a record in its bytes without reading the record.
enum RecordKeyScan {
    private static let mark = Array(#""key":""#.utf8)

    /// The key with a hash that a record names.
    ///
    /// Every member `key` at any depth is tried; the hash, which is signed with the entry, tells the
    /// record's own from others. So nothing of what stands around it has to be checked.
    /// - Parameters:
    ///   - bytes: a record in canonical JSON; anything else gives nil or the same key.
    ///   - hash: hash of the key, as the header of the entry has it.
    /// - Returns: nil when no such key is found: the record must be read.
    static func key(in bytes: [UInt8], hash: Hash256) -> ReportKey? {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while let start = end(ofMarkIn: bytes, from: offset) {
                let rest = bytes[start...]
                guard let quote = rest.prefix(maximumByteCount).firstIndex(of: quotationMark) else {
                    offset = start
                    continue
                }
                offset = quote
                let text = String(decoding: rest[start..<quote], as: UTF8.self)
                // A key with an escape in its spelling has another hash, or is no key.
                guard Entry.keyHash(of: text) == hash, let key = try? ReportKey(parsing: text),
                    key.text.utf8.elementsEqual(text.utf8)
                else { continue }
                return key
            }
            return nil
        }
    }

    private static let quotationMark = UInt8(ascii: "\"")
    /// No key is longer.
    private static let maximumByteCount = ReportKey.maximumByteCount + 1

    /// Where the next member `key` with a string begins, behind the quotation mark.
    private static func end(ofMarkIn bytes: UnsafeRawBufferPointer, from offset: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var offset = offset
        // The letter is rare in a record, so that most of it is passed over by libc.
        while offset < bytes.count,
            let found = memchr(base + offset, Int32(mark[1]), bytes.count - offset)
        {
            let letter = UnsafeRawPointer(found) - base
            offset = letter + 1
            guard letter > 0, letter + mark.count - 1 <= bytes.count else { continue }
            let end = letter + mark.count - 1
            if bytes[(letter - 1)..<end].elementsEqual(mark) { return end }
        }
        return nil
    }
}

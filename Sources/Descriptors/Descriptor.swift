import Glibc

/// Whole reads and writes: a descriptor may give or take a part at a time, and a signal may come in between.
package enum Descriptor {
    /// Writes everything: write(2).
    /// - Parameters:
    ///   - bytes: what is written.
    ///   - descriptor: where it goes.
    /// - Returns: whether all bytes were taken; if not, `errno` says why.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { $0 + offset },
                    buffer.count - offset
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if count == 0 { errno = ENOSPC }
                return false
            }
            offset += count
        }
        return true
    }

    /// Reads to the end: read(2).
    /// - Parameters:
    ///   - descriptor: what is read, from where it stands.
    ///   - limit: bytes; reading stops when there are more.
    /// - Returns: what was read, of more than `limit` bytes one byte above it; nil when it cannot be
    ///   read, and then `errno` says why.
    package static func read(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit + 1, 1 << 16))
        while bytes.count <= limit {
            let wanted = min(chunk.count, limit + 1 - bytes.count)
            let count = chunk.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, wanted)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }
}

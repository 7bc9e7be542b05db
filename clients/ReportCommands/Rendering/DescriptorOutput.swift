import Glibc

/// Writing to a descriptor that may take only a part at a time.
package enum DescriptorOutput {
    /// Writes everything.
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
}

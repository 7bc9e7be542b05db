import CZip
import Glibc
import ReportModel

extension ZipArchive {
    /// Opens a container; when its names claim to be UTF-8 and are not, without that claim.
    ///
    /// Some programs set the flag beside names in GBK, and libzip then refuses the whole container.
    static func openMended(
        _ memory: UnsafeMutableRawPointer,
        _ byteCount: Int
    ) throws(ReportError) -> OpaquePointer {
        do throws(ReportError) {
            return try open(memory, byteCount)
        } catch {
            let bytes = UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
            guard error.code == .unreadable, takeOffNameFlags(bytes) else { throw error }
            return try open(memory, byteCount)
        }
    }

    /// Clears bit 11 of all entries in the directory and in front of their content.
    ///
    /// Source: PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16 and 4.4.4.
    /// - Returns: whether any bit was set.
    private static func takeOffNameFlags(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
        func byte(_ at: Int) -> Int { at >= 0 && at < bytes.count ? Int(bytes[at]) : 0 }
        func word(_ at: Int) -> Int { byte(at) | byte(at + 1) << 8 }
        func long(_ at: Int) -> Int { word(at) | word(at + 2) << 16 }
        func clear(_ at: Int) -> Bool {
            guard at + 1 < bytes.count, byte(at + 1) & 0x08 != 0 else { return false }
            bytes[at + 1] &= ~0x08
            return true
        }
        var end = bytes.count - 22
        let floor = max(0, end - 0xFFFF)
        while end >= floor, long(end) != 0x0605_4B50 { end -= 1 }
        guard end >= floor else { return false }
        var entry = long(end + 16)
        var isChanged = false
        while entry + 46 <= end, long(entry) == 0x0201_4B50 {
            if clear(entry + 8) { isChanged = true }
            let local = long(entry + 42)
            if local + 30 <= bytes.count, long(local) == 0x0403_4B50 { _ = clear(local + 6) }
            entry += 46 + word(entry + 28) + word(entry + 30) + word(entry + 32)
        }
        return isChanged
    }
}

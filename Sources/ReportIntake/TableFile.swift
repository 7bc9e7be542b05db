import Descriptors
import Glibc
public import ReportModel

/// Roster and alias files on this disk.
public enum TableFile {
    /// Reads a file of at most ``ReportModel/QueryLimits/maximumTableByteCount`` bytes.
    /// - Parameter path: its path.
    /// - Returns: its bytes.
    /// - Throws: ``ReportError`` `usage` when it cannot be read or is too large.
    public static func read(_ path: String) throws(ReportError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        let limit = QueryLimits.maximumTableByteCount
        guard let bytes = Descriptor.read(descriptor, limit: limit) else { throw unreadable(path) }
        guard bytes.count <= limit else {
            throw ReportError(.usage, "\(path) has more than 16 MiB")
        }
        return bytes
    }

    /// The error of a file that cannot be opened; looks at `errno`.
    /// - Parameter path: its path.
    /// - Returns: `usage` with the reason.
    public static func unreadable(_ path: String) -> ReportError {
        ReportError(.usage, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}

import Glibc
import ReportModel

/// Cheap signs that a file is still the same; never its identity, which is the hash of its content.
struct FileStamp: Hashable, Sendable {
    /// Size in bytes.
    var size: Int64
    /// Time of the last change of the content, in nanoseconds.
    var modified: Int64
    /// Number of the inode.
    var inode: UInt64

    init(size: Int64, modified: Int64, inode: UInt64) {
        self.size = size
        self.modified = modified
        self.inode = inode
    }

    init(_ status: stat) {
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        inode = UInt64(status.st_ino)
    }

    var json: JSONValue {
        [
            "size": .integer(Int(size)), "modified": .integer(Int(modified)),
            "inode": .string(String(inode)),
        ]
    }

    init?(json: JSONValue?) {
        guard let size = json?["size"]?.integerValue,
            let modified = json?["modified"]?.integerValue,
            let inode = json?["inode"]?.stringValue.flatMap(UInt64.init)
        else { return nil }
        self.init(size: Int64(size), modified: Int64(modified), inode: inode)
    }
}

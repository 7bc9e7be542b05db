import Glibc
import ReportCompression

/// The store of format 1 among the fixtures.
enum OldStore {
    static let entryCount = 12

    private static let fixture =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        + "/Fixtures/store-format-1"

    /// Makes a copy of it that can be written.
    static func unpack(to folder: String) throws {
        let packed = try Disk.read("\(fixture)/data.mdb.zst")
        guard let data = Compression.decompressed(packed, byteCount: 958_464) else {
            throw TestFailure("the fixture cannot be unpacked")
        }
        try Disk.makeFolder(folder)
        try Disk.write(data, to: "\(folder)/data.mdb")
        try Disk.write(try Disk.read("\(fixture)/node.key"), to: "\(folder)/node.key")
    }
}

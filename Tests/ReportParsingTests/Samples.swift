import Glibc
import ReportParsing

/// The sample documents beside the repository, when they are there.
enum Samples {
    /// Directory with the samples and their truth.
    static let directory: String = {
        if let path = getenv("REPORTD_SHARED") { return String(cString: path) }
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/" + root + "/../shared"
    }()

    /// Whether the samples can be read.
    static let areThere = access(directory + "/samples-truth.json", R_OK) == 0

    /// Reads a file of the directory.
    static func read(_ name: String) -> [UInt8]? {
        guard let file = fopen(directory + "/" + name, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

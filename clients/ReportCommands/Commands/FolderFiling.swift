import Glibc
import ReportClient
import ReportIntake
import ReportModel

/// Reads a folder as one filing.
///
/// Links are not followed; files that begin with a dot are left out.
enum FolderFiling {
    private static let maximumFileCount = 500
    private static let maximumDepth = 16

    /// Whether a path is a folder.
    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Puts the files of a folder into one zip, by a worker.
    static func zip(_ path: String) async throws(ReportError) -> [UInt8] {
        var members: [FilingMember] = []
        var byteCount = 0
        try collect(path, prefix: "", depth: 1, &members, &byteCount)
        guard !members.isEmpty else {
            throw ReportError(.empty, "\(path): the folder has no files")
        }
        let workers = try LocalWorkers.pool()
        do throws(ReportError) {
            let bytes = try await workers.pack(members)
            await workers.stop()
            return bytes
        } catch {
            await workers.stop()
            throw error
        }
    }

    private static func collect(
        _ path: String,
        prefix: String,
        depth: Int,
        _ members: inout [FilingMember],
        _ byteCount: inout Int
    ) throws(ReportError) {
        guard depth <= maximumDepth else {
            throw ReportError(.tooDeep, "\(path): folders are nested too deep")
        }
        for name in try names(in: path) {
            let inner = path + "/" + name
            var facts = stat()
            guard lstat(inner, &facts) == 0 else {
                throw ReportError(.unreadable, "\(inner): \(String(cString: strerror(errno)))")
            }
            if facts.st_mode & S_IFMT == S_IFDIR {
                try collect(
                    inner,
                    prefix: prefix + name + "/",
                    depth: depth + 1,
                    &members,
                    &byteCount
                )
            } else if facts.st_mode & S_IFMT == S_IFREG {
                let bytes = try FileRun.read(inner)
                byteCount += bytes.count
                guard members.count < maximumFileCount, byteCount <= FileRun.maximumByteCount else {
                    throw ReportError(
                        .tooLarge,
                        "\(path): a filing may have \(maximumFileCount) files and 64 MiB"
                    )
                }
                members.append(FilingMember(name: prefix + name, bytes: bytes))
            }
        }
    }

    /// Names in a folder in the order of their bytes.
    private static func names(in path: String) throws(ReportError) -> [String] {
        guard let folder = opendir(path) else {
            throw ReportError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}

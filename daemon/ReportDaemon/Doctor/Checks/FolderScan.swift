import Glibc

/// Looks into folders.
enum FolderScan {
    /// Names in a folder but `.` and `..`; none when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// How many folders there are below one, itself included.
    /// - Parameters:
    ///   - path: the folder.
    ///   - limit: after how many the counting ends.
    /// - Returns: the number, at most the limit.
    static func folderCount(below path: String, limit: Int) -> Int {
        var waiting = [path]
        var count = 0
        while let next = waiting.popLast(), count < limit {
            count += 1
            for name in names(in: next) {
                var information = stat()
                let inner = "\(next)/\(name)"
                if lstat(inner, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
                    waiting.append(inner)
                }
            }
        }
        return count
    }
}

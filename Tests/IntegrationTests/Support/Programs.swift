import Glibc

/// Where the programs under test stand: the folder in `REPORTD_BIN`, else beside the test bundle.
enum Programs {
    static func path(_ name: String) throws -> String {
        let folders = folders()
        for folder in folders where access("\(folder)/\(name)", X_OK) == 0 {
            return "\(folder)/\(name)"
        }
        throw TestFailure(
            "\(name) is not built: looked at \(folders.joined(separator: ", ")); "
                + "run `swift build` or set REPORTD_BIN to the folder of the programs"
        )
    }

    private static func folders() -> [String] {
        if let value = getenv("REPORTD_BIN") { return [String(cString: value)] }
        var folders: [String] = []
        for text in CommandLine.arguments + [ownPath()] {
            let words = text.split(separator: "/", omittingEmptySubsequences: false)
            let end = words.firstIndex { $0.hasSuffix(".xctest") } ?? max(0, words.count - 1)
            let folder = words[..<end].joined(separator: "/")
            if !folder.isEmpty, !folders.contains(folder) { folders.append(folder) }
        }
        return folders
    }

    private static func ownPath() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return String(
            decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }

    /// The folder of real reports beside the repository; nil when it is missing.
    static let samples: String? = {
        let shared: String
        if let value = getenv("REPORTD_SHARED") {
            shared = String(cString: value)
        } else {
            let root = #filePath.split(separator: "/").dropLast(5)
            shared = "/" + root.joined(separator: "/") + "/shared"
        }
        let path = "\(shared)/samples"
        return access(path, R_OK) == 0 ? path : nil
    }()
}

import Glibc

/// A folder of its own for a test, removed with everything in it when the last reference goes.
public final class TemporaryFolder: Sendable {
    /// The absolute path.
    public let path: String

    /// Makes the folder.
    /// - Parameter isInMemory: whether its files need not survive, so that writing them costs little.
    public init(isInMemory: Bool = false) {
        let parent = isInMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(parent)/reportd-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            preconditionFailure("no folder can be made in \(parent): errno \(errno)")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// Removes a file, or a folder with everything in it; links are not followed.
    private static func remove(_ path: String) {
        guard Glibc.unlink(path) != 0 else { return }
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(folder)
        }
        rmdir(path)
    }

    /// The path of something in the folder.
    /// - Parameter name: its name.
    /// - Returns: the absolute path.
    public func path(_ name: String) -> String { path + "/" + name }
}

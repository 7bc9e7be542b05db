import Descriptors
import Glibc
import ReportModel

/// A folder of this process alone, locked while it is used and removed with its owner.
///
/// Folders of processes that were killed keep no lock: the next folder made beside them removes
/// them.
final class PrivateFolder {
    private static let prefix = "reportd-worker-"
    private static let lockName = "lock"

    /// Absolute path.
    let path: String
    private let lock: Int32

    /// Makes a folder, after removing what killed processes left behind.
    /// - Parameter base: folder to make it in; nil: `TMPDIR`, else `/tmp`.
    /// - Throws: ``ReportError`` `no-space` or `internal` when it cannot be made.
    init(base: String? = nil) throws(ReportError) {
        let base = Self.base(base)
        Self.removeLeftovers(in: base)
        var template = Array("\(base)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure(base) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        lock = open("\(path)/\(Self.lockName)", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let failure = Self.failure(base)
            if lock >= 0 { close(lock) }
            FolderRemoval.remove(path)
            throw failure
        }
    }

    deinit {
        FolderRemoval.remove(path)
        close(lock)
    }

    /// Makes an empty folder inside, in place of one of the same name.
    /// - Parameter name: its name.
    /// - Returns: its path.
    /// - Throws: ``ReportError`` `no-space` or `internal` when it cannot be made.
    func emptyFolder(_ name: String) throws(ReportError) -> String {
        let inner = "\(path)/\(name)"
        FolderRemoval.remove(inner)
        guard mkdir(inner, 0o700) == 0 else { throw Self.failure(inner) }
        return inner
    }

    /// Writes a new file.
    static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard Descriptor.write(bytes, to: descriptor) else { throw failure(path) }
    }

    /// Reads a file that a child wrote; never through a link.
    /// - Returns: nil when it is no regular file.
    /// - Throws: ``ReportError`` `too-large`.
    static func read(_ path: String, maximumByteCount: Int) throws(ReportError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        guard information.st_size <= maximumByteCount else {
            throw tooLarge(Int(information.st_size), maximumByteCount)
        }
        guard let bytes = Descriptor.read(descriptor, limit: maximumByteCount) else {
            throw failure(path)
        }
        guard bytes.count <= maximumByteCount else { throw tooLarge(bytes.count, maximumByteCount) }
        return bytes
    }

    private static func tooLarge(_ byteCount: Int, _ limit: Int) -> ReportError {
        ReportError(.tooLarge, "文件转换后有 \(byteCount) 字节，超过上限 \(limit) 字节")
    }

    private static func failure(_ path: String) -> ReportError {
        let code = errno
        return ReportError(
            code == ENOSPC || code == EDQUOT ? .noSpace : .internal,
            "the temporary folder \(path) cannot be used: \(String(cString: strerror(code)))",
            hint: "TMPDIR names the folder for temporary files"
        )
    }

    /// Where private folders are made.
    static func base(_ given: String?) -> String {
        given ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    }

    /// Removes folders whose owners are gone.
    static func removeLeftovers(in base: String) {
        for name in FolderRemoval.names(in: base) where name.hasPrefix(prefix) {
            let path = "\(base)/\(name)"
            var information = stat()
            guard lstat(path, &information) == 0, information.st_uid == geteuid(),
                information.st_mode & S_IFMT == S_IFDIR
            else { continue }
            let lock = open("\(path)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard lock >= 0 else {
                // Just made, or half removed: old ones are of no use to anybody.
                let age = time(nil) - information.st_mtim.tv_sec
                if age > ConverterLimits.unlockedFolderSeconds { FolderRemoval.remove(path) }
                continue
            }
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { FolderRemoval.remove(path) }
            close(lock)
        }
    }
}

/// Removes folders without following links.
enum FolderRemoval {
    /// Removes a folder with everything in it; what is not there is no fault.
    static func remove(_ path: String) { empty(AT_FDCWD, path, depth: 0) }

    private static func empty(_ parent: Int32, _ name: String, depth: Int) {
        guard depth < ConverterLimits.maximumFolderDepth else { return }
        let descriptor = openat(
            parent,
            name,
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        )
        if descriptor >= 0 {
            for entry in names(descriptor) where unlinkat(descriptor, entry, 0) != 0 {
                empty(descriptor, entry, depth: depth + 1)
            }
            close(descriptor)
        }
        unlinkat(parent, name, AT_REMOVEDIR)
    }

    /// Names in a folder; empty when it cannot be read.
    static func names(in path: String) -> [String] {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return names(descriptor)
    }

    private static func names(_ descriptor: Int32) -> [String] {
        guard let folder = fdopendir(dup(descriptor)) else { return [] }
        defer { closedir(folder) }
        var found: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { found.append(name) }
        }
        return found
    }
}

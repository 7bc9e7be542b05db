import Descriptors
import Failpoints
import Glibc
package import ReportModel

/// A file that is written with its hash, and given its name when it is whole.
final class BackupFile {
    private let path: String
    private var descriptor: Int32
    private var hasher = Hasher256()
    private(set) var byteCount = 0

    /// Begins a file that must not be there yet.
    init(creating path: String) throws(ReportError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileProblem.error("make", path) }
    }

    /// Appends bytes, and adds them to the hash unless told otherwise.
    func write(_ bytes: [UInt8], hashed: Bool = true) throws(ReportError) {
        if hashed { hasher.update(bytes) }
        guard Descriptor.write(bytes, to: descriptor) else {
            throw FileProblem.error("write", path)
        }
        byteCount += bytes.count
    }

    /// SHA-256 of everything that was written with a hash; to be asked once, at the end.
    func takeDigest() -> Hash256 {
        var taken = Hasher256()
        swap(&taken, &hasher)
        return taken.finalize()
    }

    /// Puts everything on the disk and closes the file.
    func finish() throws(ReportError) {
        guard descriptor >= 0 else { return }
        let status = Failpoint.backupFileSync.around { fsync(descriptor) }
        guard status == 0, close(descriptor) == 0 else {
            descriptor = -1
            throw FileProblem.error("write", path)
        }
        descriptor = -1
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}

/// A file that is read with its hash.
final class BackupReader {
    private let path: String
    private let descriptor: Int32
    private var hasher = Hasher256()
    /// Size of the file.
    let byteCount: Int
    /// How far it was read.
    private(set) var offset = 0

    /// Opens a file.
    init(_ path: String) throws(ReportError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileProblem.error("read", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ReportError(.unreadable, "\(path) is no file")
        }
        byteCount = Int(status.st_size)
    }

    /// Reads bytes and adds them to the hash.
    /// - Parameter count: how many.
    /// - Returns: exactly so many bytes.
    /// - Throws: ``ReportError`` `truncated` when the file ends before.
    func read(_ count: Int) throws(ReportError) -> [UInt8] {
        let bytes = try read(count, at: offset)
        offset += count
        hasher.update(bytes)
        return bytes
    }

    /// Goes back to a place: what is read from there is hashed once more.
    func rewind(to offset: Int) { self.offset = min(max(0, offset), byteCount) }

    /// Reads bytes at a place without adding them to the hash.
    func read(_ count: Int, at offset: Int) throws(ReportError) -> [UInt8] {
        guard count >= 0, offset >= 0, count <= byteCount - min(offset, byteCount) else {
            throw ReportError(.truncated, "\(path) ends too early")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, offset + done)
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { throw FileProblem.error("read", path) }
            done += step
        }
        return bytes
    }

    /// SHA-256 of everything that was read in order; to be asked once, at the end.
    func takeDigest() -> Hash256 {
        var taken = Hasher256()
        swap(&taken, &hasher)
        return taken.finalize()
    }

    deinit { close(descriptor) }
}

/// Errors of files in the words of the store.
package enum FileProblem {
    /// What `errno` says of a path.
    /// - Parameters:
    ///   - verb: what could not be done, such as `write`.
    ///   - path: the file or folder.
    /// - Returns: `no-space`, `read-only`, `not-allowed`, `not-found`, `conflict` or `internal`.
    package static func error(_ verb: String, _ path: String) -> ReportError {
        let number = errno
        let code: ReportError.Code =
            switch number {
            case ENOSPC, EDQUOT, EFBIG: .noSpace
            case EROFS: .readOnly
            case EACCES, EPERM: .notAllowed
            case ENOENT: .notFound
            case EEXIST, ENOTEMPTY: .conflict
            default: .internal
            }
        return ReportError(code, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
    }

    /// Puts the names in the folder of a path on the disk.
    static func syncParent(of path: String) throws(ReportError) {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error("open", parent) }
        defer { close(descriptor) }
        guard Failpoint.backupFolderSync.around({ fsync(descriptor) }) == 0 else {
            throw error("sync", parent)
        }
    }

    /// Removes a folder with everything in it.
    package static func removeFolder(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if folder >= 0 { empty(folder, depth: 0) }
        rmdir(path)
    }

    /// Removes what is in a folder and closes it; no link is followed, whoever puts one there meanwhile.
    private static func empty(_ folder: Int32, depth: Int) {
        guard depth < StoreLimits.maximumFolderDepth, let stream = fdopendir(folder) else {
            close(folder)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != "..", unlinkat(folder, name, 0) != 0 else { continue }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let inner = openat(folder, name, flags)
            if inner >= 0 { empty(inner, depth: depth + 1) }
            unlinkat(folder, name, AT_REMOVEDIR)
        }
    }
}

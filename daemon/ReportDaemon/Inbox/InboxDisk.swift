import Glibc
import ReportModel

/// The file system calls of one inbox; each call blocks and keeps nothing open.
///
/// Every step below the inbox is opened without following links, so nothing outside is touched.
struct InboxDisk: Sendable {
    /// The folder.
    let root: [UInt8]

    /// What a name turned out to be.
    enum Look: Hashable, Sendable {
        case file(FileStamp)
        case folder
        case link
        case special
        case gone
    }

    /// What reading a file gave.
    enum Reading: Sendable {
        case file([UInt8], FileStamp)
        case tooLarge(FileStamp)
        case changed
        case link
        case special
        case gone
    }

    func fault(_ call: String, _ path: InboxPath) -> FileFault {
        FileFault(call, path.bytes.isEmpty ? FileName.display(root) : path.description)
    }

    /// Opens a folder, lends its descriptor and closes it.
    func withFolder<T>(
        _ path: InboxPath,
        _ body: (Int32) throws(FileFault) -> T
    ) throws(FileFault) -> T {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        var folder = Glibc.open(root.cString, flags)
        guard folder >= 0 else { throw fault("open", .root) }
        defer { close(folder) }
        for name in path.components {
            let next = openat(folder, name.cString, flags | O_NOFOLLOW)
            guard next >= 0 else { throw fault("open", path) }
            close(folder)
            folder = next
        }
        return try body(folder)
    }

    /// Says what a name is.
    func look(at path: InboxPath) throws(FileFault) -> Look {
        do throws(FileFault) {
            return try withFolder(path.parent) { (folder) throws(FileFault) in
                try look(at: path, in: folder)
            }
        } catch {
            guard error.isMissing else { throw error }
            return .gone
        }
    }

    func look(at path: InboxPath, in folder: Int32) throws(FileFault) -> Look {
        var status = stat()
        guard fstatat(folder, path.name.cString, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .gone }
            throw fault("stat", path)
        }
        return Self.look(status)
    }

    static func look(_ status: stat) -> Look {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file(FileStamp(status))
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .special
        }
    }

    /// Reads a whole file; a change while it is read is noticed by size and time.
    func read(
        _ path: InboxPath,
        limit: Int = InboxLimits.maximumSourceByteCount
    ) throws(FileFault) -> Reading {
        do throws(FileFault) {
            return try withFolder(path.parent) { (folder) throws(FileFault) in
                let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
                let file = openat(folder, path.name.cString, flags)
                guard file >= 0 else {
                    if errno == ELOOP { return .link }
                    if errno == ENXIO { return .special }
                    throw fault("open", path)
                }
                defer { close(file) }
                return try read(file, path, limit: limit)
            }
        } catch {
            guard error.isMissing else { throw error }
            return .gone
        }
    }

    private func read(_ file: Int32, _ path: InboxPath, limit: Int) throws(FileFault) -> Reading {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw fault("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .special }
        let before = FileStamp(status)
        guard before.size <= limit else { return .tooLarge(before) }
        let bytes = try fill(file, path, count: Int(before.size))
        guard fstat(file, &status) == 0 else { throw fault("stat", path) }
        guard bytes.count == Int(before.size), FileStamp(status) == before else { return .changed }
        return .file(bytes, before)
    }

    private func fill(_ file: Int32, _ path: InboxPath, count: Int) throws(FileFault) -> [UInt8] {
        var problem: FileFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = Glibc.read(file, base + filled, count - filled)
                if got == 0 { return }
                if got < 0 {
                    if errno == EINTR { continue }
                    problem = fault("read", path)
                    return
                }
                filled += got
            }
        }
        if let problem { throw problem }
        return bytes
    }

    /// The hash of a file; nil when it is gone, changes, is too large or no regular file.
    func hash(of path: InboxPath) throws(FileFault) -> Hash256? {
        switch try read(path) {
        case .file(let bytes, _): return Hash256(hashing: bytes)
        case .tooLarge, .changed, .link, .special, .gone: return nil
        }
    }

    /// Number of the device and inode of the inbox: another one means that it was mounted anew.
    func identity() throws(FileFault) -> [UInt64] {
        var status = stat()
        guard stat(root.cString, &status) == 0 else { throw fault("stat", .root) }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }
}

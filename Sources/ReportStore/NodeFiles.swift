import Failpoints
import Glibc
import ReportModel

/// The files beside the LMDB environment: the node's key, and the lock of the writer.
enum NodeFiles {
    static let keyName = "node.key"
    static let lockName = "writer.lock"

    /// Reads the key; makes one when there is none.
    /// - Throws: ``ReportError`` when the file is not a key or may be read by others.
    static func loadOrCreateKey(in directory: String) throws -> NodeKey {
        let path = directory + "/" + keyName
        if let key = try loadKey(in: directory) { return key }
        let key = NodeKey()
        let temporary = path + ".new"
        // What a killed run left; whatever else has the name is not written to.
        unlink(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = open(temporary, flags, 0o600)
        guard descriptor >= 0 else { throw fault("make", temporary) }
        let text = Array((HexText.text(key.secret) + "\n").utf8)
        let isWritten =
            fchmod(descriptor, 0o600) == 0
            && write(descriptor, text, text.count) == text.count
            && Failpoint.keySync.around { fsync(descriptor) } == 0
        close(descriptor)
        guard isWritten, Failpoint.keyRename.around({ rename(temporary, path) }) == 0 else {
            throw fault("write", path)
        }
        try Failpoint.keyFolderSync.around { try syncDirectory(directory) }
        return key
    }

    /// Reads the key; nil when there is none.
    static func loadKey(in directory: String) throws -> NodeKey? {
        let path = directory + "/" + keyName
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw fault("read", path) }
            return nil
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault("read", path) }
        guard status.st_mode & 0o077 == 0 else {
            throw ReportError(
                .notAllowed,
                "\(path) may be read by others",
                hint: "chmod 600 \(path.shellWord)"
            )
        }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        guard let secret = HexText.bytes(text.prefix { $0.isHexDigit }), secret.count == 32,
            let key = NodeKey(secret: secret)
        else { throw ReportError(.integrity, "\(path) is not a node's key") }
        return key
    }

    /// Takes the lock of the writer and writes who holds it.
    /// - Returns: the descriptor that holds the lock.
    /// - Throws: ``ReportError`` `conflict` with the holder in details `holder`.
    static func lock(directory: String, holder: String) throws -> Int32 {
        let path = directory + "/" + lockName
        // Root would truncate what a link of the folder's owner leads to.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw fault("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            close(descriptor)
            let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            let holder = String(text.prefix { !$0.isNewline })
            throw ReportError(
                .conflict,
                "another process writes this store: \(holder)",
                hint: "ask it with --node, or stop it first",
                details: ["holder": .string(holder)]
            )
        }
        let text = Array((holder + "\n").utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count
        else {
            close(descriptor)
            throw fault("write", path)
        }
        return descriptor
    }

    /// Gives up the lock of the writer, also for children that inherited the descriptor and have
    /// not begun their own program yet.
    ///
    /// Source: flock(2): an explicit LOCK_UN on any duplicate releases the lock.
    static func unlock(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// SHA-256 of this machine's identifier: another one means that the store was copied.
    static func machine() -> Hash256 {
        let descriptor = open("/etc/machine-id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return Hash256(hashing: []) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return Hash256(hashing: Array(bytes.prefix(max(0, count))))
    }

    static func makeDirectory(_ path: String) throws {
        var built = path.hasPrefix("/") ? "" : "."
        for step in path.split(separator: "/") {
            let parent = built
            built += "/" + step
            if mkdir(built, 0o700) == 0 {
                try Failpoint.newFolderSync.around {
                    try syncDirectory(parent.isEmpty ? "/" : parent)
                }
            } else if errno != EEXIST {
                throw fault("make", built)
            }
        }
    }

    private static func syncDirectory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault("sync", path) }
    }

    private static func fault(_ verb: String, _ path: String) -> ReportError {
        let reason = String(cString: strerror(errno))
        let code: ReportError.Code =
            switch errno {
            case ENOSPC, EDQUOT: .noSpace
            case EROFS: .readOnly
            case EACCES, EPERM: .notAllowed
            case ENOENT: .notFound
            default: .internal
            }
        return ReportError(code, "cannot \(verb) \(path): \(reason)")
    }
}

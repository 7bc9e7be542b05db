import Descriptors
import Failpoints
import Glibc
public import ReportModel

/// Small files of an identity or an authority: read whole within a bound, written whole or not at all.
public enum IdentityFile {
    /// Most bytes of a file that is read.
    public static let maximumByteCount = 4 << 20

    /// Reads a file.
    /// - Parameters:
    ///   - path: where it is.
    ///   - isSecret: whether nobody but its owner may be able to read it.
    /// - Returns: its bytes.
    /// - Throws: ``ReportModel/ReportError`` `not-found`; `not-allowed` when others may read a secret.
    public static func read(_ path: String, isSecret: Bool = false) throws(ReportError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fault("read", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ReportError(.usage, "\(path) is no file")
        }
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw ReportError(
                .notAllowed,
                "\(path) may be read by others",
                hint: "chmod 600 \(path.shellWord)"
            )
        }
        guard status.st_size <= maximumByteCount else {
            throw tooLarge(path)
        }
        guard let bytes = Descriptor.read(descriptor, limit: maximumByteCount) else {
            throw fault("read", path)
        }
        guard bytes.count <= maximumByteCount else { throw tooLarge(path) }
        return bytes
    }

    /// Reads a file of UTF-8; nil when there is none.
    /// - Parameter path: where it is.
    /// - Returns: its text, or nil.
    /// - Throws: ``ReportModel/ReportError``
    public static func textIfAny(_ path: String) throws(ReportError) -> String? {
        do throws(ReportError) {
            let bytes = try read(path)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ReportError(.integrity, "\(path) is no UTF-8")
            }
            return text
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Writes a file beside its place, syncs it and moves it there.
    ///
    /// What root writes belongs to the owner of the file that it replaces, else to that of the folder: a
    /// node reads its own files, whoever made them.
    /// - Parameters:
    ///   - bytes: what it is to hold.
    ///   - path: where it goes.
    ///   - mode: permissions, such as `0o600`; nil: those of the file that it replaces, else `0o644`.
    ///   - replaces: false: a file that is there already is an error `conflict`.
    ///   - isWanted: asked when all is written but the file is not at its place yet.
    /// - Returns: whether it was wanted and is at its place.
    /// - Throws: ``ReportModel/ReportError``; then the old file is untouched.
    @discardableResult
    public static func write(
        _ bytes: [UInt8],
        to path: String,
        mode: UInt32? = nil,
        replaces: Bool = true,
        isWanted: () -> Bool = { true }
    ) throws(ReportError) -> Bool {
        let temporary = path + ".new"
        var old = stat()
        let mode = mode ?? (stat(path, &old) == 0 ? UInt32(old.st_mode) & 0o777 : 0o644)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        // After a kill it may be a second name of the file itself; a link is no file of ours.
        var left = stat()
        if lstat(temporary, &left) == 0, left.st_mode & S_IFMT == S_IFREG { unlink(temporary) }
        let descriptor = open(temporary, flags, mode)
        guard descriptor >= 0 else { throw fault("make", temporary) }
        let isWritten =
            Descriptor.write(bytes, to: descriptor) && handOver(descriptor, at: path)
            && fchmod(descriptor, mode) == 0
            && Failpoint.identitySync.around { fsync(descriptor) } == 0
        let failure = isWritten ? nil : fault("write", path)
        close(descriptor)
        if let failure {
            unlink(temporary)
            throw failure
        }
        guard isWanted() else {
            unlink(temporary)
            return false
        }
        let result = Failpoint.identityRename.around {
            replaces ? rename(temporary, path) : link(temporary, path)
        }
        guard result == 0 else {
            let failure = fault("write", path)
            unlink(temporary)
            throw failure
        }
        if !replaces { unlink(temporary) }
        syncFolder(of: path)
        return true
    }

    /// Makes a folder that only its owner may enter, unless it is there.
    /// - Parameter path: where it goes; the folder above it must be there.
    /// - Throws: ``ReportModel/ReportError``
    public static func makeFolder(_ path: String) throws(ReportError) {
        guard mkdir(path, 0o700) == 0 else {
            guard errno == EEXIST else { throw fault("make", path) }
            return
        }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw fault("make", path) }
        defer { close(descriptor) }
        guard handOver(descriptor, at: path) else { throw fault("hand over", path) }
    }

    /// Gives what root has made to the owner of what it replaces, or of the folder that it is in.
    /// - Parameters:
    ///   - descriptor: what was made.
    ///   - path: where it is or goes.
    /// - Returns: false when the system refused.
    public static func handOver(_ descriptor: Int32, at path: String) -> Bool {
        guard geteuid() == 0 else { return true }
        var own = stat()
        var owner = stat()
        if stat(path, &owner) == 0, fstat(descriptor, &own) == 0, owner.st_ino != own.st_ino {
            return fchown(descriptor, owner.st_uid, owner.st_gid) == 0
        }
        guard stat(folder(of: path), &owner) == 0, owner.st_uid != 0 else { return true }
        return fchown(descriptor, owner.st_uid, owner.st_gid) == 0
    }

    private static func folder(of path: String) -> String {
        guard let end = path.lastIndex(of: "/") else { return "." }
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    /// Names in a folder, sorted; none when it is not there.
    /// - Parameter path: the folder.
    /// - Returns: names without hidden ones.
    public static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a rename or a new file of a folder last.
    /// - Parameter path: the file.
    public static func syncFolder(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = Failpoint.identityFolderSync.around { fsync(descriptor) }
        close(descriptor)
    }

    private static func tooLarge(_ path: String) -> ReportError {
        ReportError(.usage, "\(path) has more than \(maximumByteCount) bytes")
    }

    /// The error of the last system call.
    /// - Parameters:
    ///   - verb: what was tried.
    ///   - path: with which file.
    /// - Returns: the error, with the system's reason.
    public static func fault(_ verb: String, _ path: String) -> ReportError {
        let number = errno
        let code: ReportError.Code =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM: .notAllowed
            case EEXIST: .conflict
            case ENOSPC, EDQUOT: .noSpace
            case EROFS: .readOnly
            default: .internal
            }
        return ReportError(code, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
    }
}

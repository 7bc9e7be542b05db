import Descriptors
import Failpoints
import Glibc
import ReportCommands
import ReportModel

/// Where an export goes: standard output, or a file that appears under its name when it is whole.
final class ExportFile {
    private static let flushByteCount = 1 << 20

    /// The name that it is written under until it is whole; nil for standard output.
    let partialPath: String?
    private let path: String
    private let replaces: Bool
    private var descriptor: Int32 = -1
    private var buffer: [UInt8] = []
    private var isDone = false

    /// Prepares a file; nothing is made yet.
    /// - Parameters:
    ///   - path: the file, or `-`.
    ///   - replaces: whether a file of that name may be replaced.
    /// - Throws: ``ReportError`` `conflict` when it is there and must not be replaced.
    init(path: String, replaces: Bool) throws(ReportError) {
        self.path = path
        self.replaces = replaces
        guard path != "-" else {
            partialPath = nil
            descriptor = STDOUT_FILENO
            return
        }
        partialPath = "\(path).\(getpid()).part"
        if !replaces, access(path, F_OK) == 0 { throw Self.exists(path) }
    }

    private static func exists(_ path: String) -> ReportError {
        ReportError(
            .conflict,
            "\(path) is there already",
            hint: "give another name, or --force to replace it"
        )
    }

    /// Appends bytes.
    /// - Parameter bytes: any bytes.
    /// - Throws: ``ReportError`` `no-space`, `not-allowed`, `unreadable`.
    func write(_ bytes: [UInt8]) throws(ReportError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.flushByteCount { try flush() }
    }

    private func flush() throws(ReportError) {
        if descriptor < 0, let partialPath {
            descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw Self.failure(partialPath) }
        }
        guard Descriptor.write(buffer, to: descriptor) else {
            if errno == EPIPE, descriptor == STDOUT_FILENO { Glibc.exit(0) }
            throw Self.failure(path)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Brings everything onto the disk and gives the file its name.
    /// - Throws: ``ReportError`` `conflict` when another file took the name meanwhile, `no-space`.
    func finish() throws(ReportError) {
        guard let partialPath else { return try flush() }
        if descriptor < 0 { descriptor = open(partialPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666) }
        try flush()
        let status = Failpoint.exportSync.around { fsync(descriptor) }
        guard status == 0, Glibc.close(descriptor) == 0 else {
            throw Self.failure(partialPath)
        }
        descriptor = -1
        if !replaces {
            // A link fails when the name is taken; not every file system has links.
            guard Failpoint.exportName.around({ link(partialPath, path) }) != 0 else {
                unlink(partialPath)
                isDone = true
                return
            }
            if errno == EEXIST { throw Self.exists(path) }
        }
        guard Failpoint.exportName.around({ rename(partialPath, path) }) == 0 else {
            throw Self.failure(path)
        }
        isDone = true
    }

    private static func failure(_ path: String) -> ReportError {
        let reason = "\(path): \(String(cString: strerror(errno)))"
        return switch errno {
        case ENOSPC, EDQUOT: ReportError(.noSpace, reason)
        case EROFS, EACCES, EPERM: ReportError(.notAllowed, reason)
        case ENOENT, ENOTDIR: ReportError(.notFound, reason)
        default: ReportError(.internal, reason)
        }
    }

    deinit {
        guard let partialPath, !isDone else { return }
        if descriptor >= 0 { Glibc.close(descriptor) }
        unlink(partialPath)
    }
}

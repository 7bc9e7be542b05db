import Descriptors
import Failpoints
import Glibc
import ReportModel

extension InboxDisk {
    /// What became of a move.
    enum Move: Sendable {
        case moved
        /// The file at the old name is not the one that was meant.
        case changed
        case gone
        /// The new name is taken.
        case taken
    }

    /// Makes the outcome folders and removes what a crash left half written in them.
    func prepare() throws(FileFault) {
        try withFolder(.root) { (root) throws(FileFault) in
            for outcome in InboxOutcome.allCases {
                let name = Array(outcome.folderName.utf8)
                if mkdirat(root, name.cString, 0o775) != 0, errno != EEXIST {
                    throw fault("mkdir", outcome.folder)
                }
            }
            _ = Failpoint.inboxFolderSync.around { fsync(root) }
        }
        for outcome in InboxOutcome.allCases {
            let names = try names(in: outcome.folder)
            try withFolder(outcome.folder) { (folder) throws(FileFault) in
                for name in names where name.starts(with: FileName.temporaryBeginning) {
                    unlinkat(folder, name.cString, 0)
                }
            }
        }
    }

    /// The names in a folder, without order.
    func names(in path: InboxPath) throws(FileFault) -> [[UInt8]] {
        try withFolder(path) { (folder) throws(FileFault) in
            var names: [[UInt8]] = []
            try forEachName(in: folder, path) { names.append($0) }
            return names
        }
    }

    func forEachName(
        in folder: Int32,
        _ path: InboxPath,
        _ body: ([UInt8]) throws(FileFault) -> Void
    ) throws(FileFault) {
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let problem = fault("opendir", path)
            if copy >= 0 { close(copy) }
            throw problem
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw fault("readdir", path) }
                return
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name == [0x2E] || name == [0x2E, 0x2E] { continue }
            try body(name)
        }
    }

    /// Writes a file whole: a new file, flushed, renamed over the name, and the folder flushed.
    /// - Parameters:
    ///   - bytes: the content.
    ///   - path: the file.
    ///   - flushesFolder: false when ``flush(_:)`` follows.
    /// - Returns: the stamp of what was written.
    /// - Throws: ``FileFault``; the name then has its old content or none.
    @discardableResult
    func write(
        _ bytes: [UInt8],
        to path: InboxPath,
        flushesFolder: Bool = true
    ) throws(FileFault) -> FileStamp {
        try withFolder(creating: path.parent) { (folder) throws(FileFault) in
            let random = UInt64.random(in: .min ... .max)
            let temporary =
                FileName.temporaryBeginning + Array("\(String(random, radix: 16)).tmp".utf8)
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let file = openat(folder, temporary.cString, flags, 0o664)
            guard file >= 0 else { throw fault("create", path) }
            var isClosed = false
            do throws(FileFault) {
                guard Descriptor.write(bytes, to: file) else { throw fault("write", path) }
                guard Failpoint.inboxFileSync.around({ fsync(file) }) == 0 else {
                    throw fault("fsync", path)
                }
                var status = stat()
                guard fstat(file, &status) == 0 else { throw fault("stat", path) }
                isClosed = true
                guard close(file) == 0 else { throw fault("close", path) }
                let result = Failpoint.inboxFileRename.around {
                    renameat(folder, temporary.cString, folder, path.name.cString)
                }
                guard result == 0 else {
                    throw fault("rename", path)
                }
                if flushesFolder { try flush(folder, path.parent) }
                return FileStamp(status)
            } catch {
                if !isClosed { close(file) }
                unlinkat(folder, temporary.cString, 0)
                throw error
            }
        }
    }

    /// Opens an outcome folder, or the folder of a year in one, making it when it is not there.
    private func withFolder<T>(
        creating path: InboxPath,
        _ body: (Int32) throws(FileFault) -> T
    ) throws(FileFault) -> T {
        if (1...2).contains(path.depth), path.isInOutcomeFolder {
            try withFolder(path.parent) { (parent) throws(FileFault) in
                if mkdirat(parent, path.name.cString, 0o775) == 0 {
                    _ = Failpoint.inboxFolderSync.around { fsync(parent) }
                }
            }
        }
        return try withFolder(path, body)
    }

    /// Flushes the names in folders; one that is gone has none.
    func flush(_ folders: Set<InboxPath>) throws(FileFault) {
        for path in folders {
            do throws(FileFault) {
                try withFolder(path) { (folder) throws(FileFault) in try flush(folder, path) }
            } catch {
                guard error.isMissing else { throw error }
            }
        }
    }

    /// Flushes one folder; network shares that know no such thing write names through anyway.
    private func flush(_ folder: Int32, _ path: InboxPath) throws(FileFault) {
        guard Failpoint.inboxFolderSync.around({ fsync(folder) }) != 0 else { return }
        guard errno == EINVAL || errno == ENOTSUP || errno == ENOSYS else {
            throw fault("fsync", path)
        }
    }

    /// Moves a file; nothing is ever replaced, and ``flush(_:)`` has to follow.
    ///
    /// A file that was exchanged between the look and the move goes back to its name.
    func move(
        _ path: InboxPath,
        to target: InboxPath,
        expecting stamp: FileStamp
    ) throws(FileFault) -> Move {
        try withFolder(path.parent) { (from) throws(FileFault) in
            try withFolder(creating: target.parent) { (to) throws(FileFault) in
                switch try look(at: path, in: from) {
                case .gone: return .gone
                case .file(stamp): break
                case .file, .folder, .link, .special: return .changed
                }
                let number = Failpoint.inboxMove.around {
                    SystemCalls.renameWithoutReplacing(from, path.name, to, target.name)
                }
                switch number {
                case 0: break
                case EEXIST: return .taken
                case ENOENT: return .gone
                default: throw FileFault("rename", path.description, number: number)
                }
                guard try look(at: target, in: to) == .file(stamp) else {
                    _ = SystemCalls.renameWithoutReplacing(to, target.name, from, path.name)
                    return .changed
                }
                return .moved
            }
        }
    }

    /// Removes a file, and ``flush(_:)`` has to follow; a missing one is no fault.
    func remove(_ path: InboxPath) throws(FileFault) {
        do throws(FileFault) {
            try withFolder(path.parent) { (folder) throws(FileFault) in
                guard unlinkat(folder, path.name.cString, 0) == 0 || errno == ENOENT else {
                    throw fault("unlink", path)
                }
            }
        } catch {
            guard error.isMissing else { throw error }
        }
    }
}

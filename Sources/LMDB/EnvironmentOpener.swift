import CLMDB
import Failpoints
import Glibc

/// The steps that lead to an open environment handle; each leaves nothing behind when it fails.
enum EnvironmentOpener {
    /// Opens the directory, made first where that is asked for.
    ///
    /// The descriptor is held as long as the environment is open, so that the inode by which the
    /// registry knows the directory cannot be given to another.
    static func openDirectory(
        _ path: String,
        options: Environment.Options
    ) throws(LMDBError) -> Int32 {
        let length = path.utf8.count
        guard (1...Limits.maximumPathByteCount).contains(length), !path.utf8.contains(0) else {
            throw LMDBError(.invalidOption, "Environment.init")
        }
        if options.createsDirectory {
            try createDirectory(path)
        }
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "open")
        }
        return descriptor
    }

    /// Opens the environment in a directory.
    static func open(
        _ path: String,
        directory: Int32,
        options: Environment.Options
    ) throws(LMDBError) -> OpaquePointer {
        var mapByteCount = options.mapByteCount ?? defaultMapByteCount(directory)
        var attempt = 1
        while true {
            do throws(LMDBError) {
                let handle = try openOnce(path, mapByteCount: mapByteCount, options: options)
                if !options.readOnly {
                    // The names of the new files must be as durable as what is in them.
                    _ = Failpoint.environmentFolderSync.around { fsync(directory) }
                }
                return handle
            } catch {
                switch error.code {
                case .outOfMemory where options.mapByteCount == nil:
                    // Address space is limited here; a smaller map still works.
                    guard mapByteCount > Limits.minimumDefaultMapByteCount else { throw error }
                    mapByteCount = max(mapByteCount / 2, Limits.minimumDefaultMapByteCount)
                case .temporarilyUnavailable, .interrupted, .invalidArgument:
                    // Another process opens or closes the same files at this moment.
                    guard attempt < Limits.maximumOpenAttemptCount else { throw error }
                    attempt += 1
                    var pause = timespec(tv_sec: 0, tv_nsec: Limits.openRetryNanoseconds)
                    nanosleep(&pause, nil)
                default:
                    throw error
                }
            }
        }
    }

    /// Rounds a size up to whole pages.
    static func wholePages(_ byteCount: Int) -> Int {
        let page = sysconf(Int32(_SC_PAGESIZE))
        return (byteCount + page - 1) / page * page
    }

    private static func openOnce(
        _ path: String,
        mapByteCount: Int,
        options: Environment.Options
    ) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        try check(mdb_env_create(&created), "mdb_env_create")
        guard let handle = created else {
            throw LMDBError(.outOfMemory, "mdb_env_create")
        }
        do throws(LMDBError) {
            try check(
                mdb_env_set_mapsize(handle, wholePages(mapByteCount)),
                "mdb_env_set_mapsize"
            )
            try check(
                mdb_env_set_maxdbs(handle, options.maximumDatabaseCount),
                "mdb_env_set_maxdbs"
            )
            try check(
                mdb_env_set_maxreaders(handle, options.maximumReaderCount),
                "mdb_env_set_maxreaders"
            )
            try check(
                mdb_env_open(handle, path, options.flags, mode_t(options.fileMode)),
                "mdb_env_open"
            )
            var dead: Int32 = 0
            try check(mdb_reader_check(handle, &dead), "mdb_reader_check")
        } catch {
            // A handle must be closed even when opening it failed.
            mdb_env_close(handle)
            throw error
        }
        return handle
    }

    /// The whole size of the file system, within bounds.
    private static func defaultMapByteCount(_ directory: Int32) -> Int {
        var status = statvfs()
        var total = Limits.maximumDefaultMapByteCount
        if fstatvfs(directory, &status) == 0 {
            let (bytes, overflow) = UInt(status.f_blocks)
                .multipliedReportingOverflow(by: UInt(status.f_frsize))
            if !overflow && bytes < UInt(total) {
                total = Int(bytes)
            }
        }
        return max(total, Limits.minimumDefaultMapByteCount)
    }

    /// Puts the names in a directory on the disk.
    private static func sync(directory path: String) throws(LMDBError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "open")
        }
        defer { Glibc.close(descriptor) }
        guard Failpoint.newFolderSync.around({ fsync(descriptor) }) == 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "fsync")
        }
    }

    /// Makes a directory and its parents where they are absent.
    private static func createDirectory(_ path: String) throws(LMDBError) {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        if mkdir(path, 0o700) == 0 { return try sync(directory: parent) }
        if errno == ENOENT, parent.utf8.count < path.utf8.count, parent != "." {
            try createDirectory(parent)
            if mkdir(path, 0o700) == 0 { return try sync(directory: parent) }
        }
        guard errno == EEXIST else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "mkdir")
        }
    }
}

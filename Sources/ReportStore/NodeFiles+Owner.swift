import Glibc
import ReportModel

/// What a command of root does in the folder of a store whose node runs as another user.
///
/// That user may put a link in the place of any name there; root follows none.
/// Source: openat(2), O_NOFOLLOW and O_PATH.
extension NodeFiles {
    /// `O_PATH` and `AT_EMPTY_PATH`, which Glibc's module does not have; one value on x86-64 and arm64.
    private static let pathOnly: Int32 = 0o10_000_000
    private static let emptyPath: Int32 = 0x1000

    /// Gives files that root has made in a store to whom the store belongs: its node could not open them.
    ///
    /// What is not a file with one name, or a folder, of root's, stays as it is.
    /// - Parameter directory: folder of the store.
    static func handOver(_ directory: String) {
        guard geteuid() == 0 else { return }
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        var owner = stat()
        guard fstat(folder, &owner) == 0, owner.st_uid != 0 else { return }
        handOverFiles(in: folder, to: owner)
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let search = openat(folder, SearchDatabase.folderName, flags)
        guard search >= 0 else { return }
        defer { close(search) }
        var status = stat()
        // Another disk is mounted there by root, who has given it to whom it is for.
        guard fstat(search, &status) == 0, status.st_dev == owner.st_dev else { return }
        if status.st_uid == 0 { fchown(search, owner.st_uid, owner.st_gid) }
        guard status.st_uid == 0 || status.st_uid == owner.st_uid else { return }
        handOverFiles(in: search, to: owner)
    }

    /// - Parameters:
    ///   - folder: an open folder.
    ///   - owner: the status of the store's folder.
    private static func handOverFiles(in folder: Int32, to owner: stat) {
        // A descriptor of its own: what closes the stream closes it.
        guard let stream = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // Not opened for reading: to close that would give up LMDB's lock on the file.
            let file = openat(folder, name, pathOnly | O_NOFOLLOW | O_CLOEXEC)
            guard file >= 0 else { continue }
            defer { close(file) }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_uid == 0, status.st_dev == owner.st_dev,
                status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1
            else { continue }
            // One that stays root's is told by the doctor.
            fchownat(file, "", owner.st_uid, owner.st_gid, emptyPath)
        }
    }

    /// Refuses, for root, the data of a store in whose folder another user has put links.
    ///
    /// LMDB opens its files by path and follows links, so this keeps root from links that are there, not
    /// from an owner who exchanges a file in the moment between: commands of root that write are for
    /// machines whose service account is trusted that far.
    /// - Parameter directory: folder of the store.
    /// - Throws: ``ReportError`` `not-allowed` when a file of LMDB, or the folder of the search, is a
    ///   link or has a second name.
    static func refuseLinks(in directory: String) throws(ReportError) {
        var owner = stat()
        guard geteuid() == 0, stat(directory, &owner) == 0, owner.st_uid != 0 else { return }
        let search = directory + "/" + SearchDatabase.folderName
        let paths =
            [search]
            + [directory, search].flatMap { folder in
                ["data.mdb", "lock.mdb"].map { "\(folder)/\($0)" }
            }
        for path in paths {
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFDIR || kind == S_IFREG && status.st_nlink == 1 else {
                throw ReportError(
                    .notAllowed,
                    "\(path) is a link, which root does not follow",
                    hint: "look where it leads, and who has made it; run the command as the owner "
                        + "of the store"
                )
            }
        }
    }
}

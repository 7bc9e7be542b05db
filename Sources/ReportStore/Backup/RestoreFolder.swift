import Glibc
import ReportModel

/// The folder inside of a store's folder in which a restore does its work, and what a restore that did
/// not come to its end leaves.
///
/// The data file gets its name last: until then the folder is taken for no store, not even for a
/// new one.
final class RestoreFolder {
    private static let beginning = ".restore-"

    /// Where it is.
    let path: String
    private let lock: Int32

    /// Begins a restore into a folder that holds nothing, or only what an earlier one left.
    /// - Parameter target: folder of the store.
    /// - Throws: ``ReportError`` `conflict` when there is something else, or another restore is under
    ///   way.
    init(in target: String) throws(ReportError) {
        let names = Self.names(in: target)
        let left = names.filter { $0.hasPrefix(Self.beginning) }
        let others = names.filter { !$0.hasPrefix(Self.beginning) }
        guard others.isEmpty || !left.isEmpty && others == [NodeFiles.keyName] else {
            throw ReportError(
                .conflict,
                "\(target) is not empty",
                hint: "restore into a new folder; nothing is overwritten"
            )
        }
        try StoreFailure.mapped { try NodeFiles.makeDirectory(target) }
        for name in left {
            guard Self.removeDead(target + "/" + name) else {
                throw ReportError(.conflict, "another restore into \(target) is under way")
            }
        }
        path = target + "/" + Self.beginning + "\(getpid())"
        guard mkdir(path, 0o700) == 0 else { throw FileProblem.error("make", path) }
        lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw FileProblem.error("lock", path)
        }
    }

    deinit {
        FileProblem.removeFolder(path)
        close(lock)
    }

    /// Refuses a folder in which a restore did not come to its end, or is under way; removes what
    /// one left that did.
    static func clear(_ directory: String, isStore: Bool) throws(ReportError) {
        for name in names(in: directory) where name.hasPrefix(beginning) {
            guard isStore else {
                throw ReportError(
                    .conflict,
                    "a restore into \(directory) did not come to its end",
                    hint: "run reportctl restore BACKUP --store \(directory.shellWord) once more"
                )
            }
            _ = removeDead(directory + "/" + name)
        }
    }

    /// Removes the folder of a restore in which nobody works any more.
    ///
    /// A link or a file of that name is none; it is removed, and what it leads to stays.
    /// - Returns: whether nothing is in the way any more.
    private static func removeDead(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOTDIR || errno == ELOOP { unlink(path) }
            return access(path, F_OK) != 0 && errno == ENOENT
        }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        FileProblem.removeFolder(path)
        return true
    }

    private static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

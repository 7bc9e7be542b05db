import Glibc
import LMDB
public import ReportModel

/// What a program that keeps a store open for long does about pages that its disk cannot give.
public enum StoreFaults {
    /// Lets pages of stores that are opened from now on read as zeros when the disk cannot give them,
    /// instead of ending the process: what is read fails its checksum and is an error.
    /// - Throws: ``ReportError`` `internal`.
    public static func survivePageFaults() throws(ReportError) {
        try StoreFailure.mapped { try PageFaults.replaceWithZeros() }
    }

    /// Lets signals that end the process by a fault of its own append a line `signal N` to a file.
    /// - Parameter descriptor: open for appending from now on; -1: nothing is written any more.
    /// - Throws: ``ReportError`` `internal`.
    public static func noteEnds(to descriptor: Int32) throws(ReportError) {
        try StoreFailure.mapped { try PageFaults.noteEnds(to: descriptor) }
    }

    /// Waits until what was written to the data files of a store is on the disk.
    ///
    /// An error of writing is told once to each descriptor that was open then, or to the next that
    /// is opened when none was: who opens a store after this does not meet an error of the past.
    /// - Parameter directory: folder of the store, with or without data files.
    /// - Returns: the error number of the first that failed; nil when all is on the disk.
    ///
    /// Source: Linux, Documentation/core-api/errseq.rst; fsync(2).
    public static func syncDataFiles(directory: String) -> Int32? {
        var failure: Int32?
        for folder in [directory, directory + "/" + SearchDatabase.folderName] {
            let descriptor = Glibc.open(folder + "/data.mdb", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if fdatasync(descriptor) != 0, failure == nil { failure = errno }
            Glibc.close(descriptor)
        }
        return failure
    }

    /// Removes the search index of a store when its pages are damaged: it is made anew from the store.
    ///
    /// Only for who is about to open the store for writing, and nobody else has it open.
    /// - Parameter directory: folder of the store.
    /// - Returns: whether it was removed.
    @discardableResult
    public static func discardDamagedSearch(directory: String) -> Bool {
        let folder = directory + "/" + SearchDatabase.folderName
        guard access(folder + "/data.mdb", F_OK) == 0,
            (try? NodeFiles.refuseLinks(in: directory)) != nil
        else { return false }
        do throws(LMDBError) {
            var options = Environment.Options()
            options.readOnly = true
            let environment = try Environment(path: folder, options: options)
            defer { try? environment.close() }
            guard try !environment.checkPages().problems.isEmpty else { return false }
        } catch {
            guard error.code.isDamage else { return false }
        }
        SearchDatabase.remove(directory: directory)
        return true
    }
}

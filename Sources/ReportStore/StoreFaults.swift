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

    /// Removes the search index of a store when its pages are damaged: it is made anew from the store.
    ///
    /// Only for who is about to open the store for writing, and nobody else has it open.
    /// - Parameter directory: folder of the store.
    /// - Returns: whether it was removed.
    @discardableResult
    public static func discardDamagedSearch(directory: String) -> Bool {
        let folder = directory + "/" + SearchDatabase.folderName
        guard access(folder + "/data.mdb", F_OK) == 0 else { return false }
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

import CPageFault
import Glibc

/// Pages of data files that the disk cannot give.
///
/// Files are mapped, so such a page is SIGBUS wherever it is read. A program may ask that it reads
/// as zeros instead: values fail their checksum then and tables are `.corrupted`, which are
/// errors. A thread that writes ends the process all the same, so that zeros are never committed.
public enum PageFaults {
    /// Takes SIGBUS over for the rest of the process; environments open already are not watched.
    /// - Throws: ``LMDBError`` of the system.
    public static func replaceWithZeros() throws(LMDBError) {
        try check(cpagefault_install(), "sigaction")
    }

    /// Lets signals that end the process by a fault of its own append a line `signal N` to a file.
    /// - Parameter descriptor: open for appending from now on; -1: nothing is written any more.
    /// - Throws: ``LMDBError`` of the system.
    public static func noteEnds(to descriptor: Int32) throws(LMDBError) {
        try check(cpagefault_note_ends(descriptor), "sigaction")
    }
}

/// The watch over the map of one environment.
final class MapWatch: Sendable {
    private let watch = Locked<Int32>(-1)

    /// Pages of the map that read as zeros by now.
    var faultCount: Int { watch.withLock { Int(clamping: cpagefault_count($0)) } }

    /// Watches the map of the data file in a directory; to be called again after the map was replaced.
    func begin(_ path: String) {
        var status = stat()
        guard stat(path + "/data.mdb", &status) == 0 else { return }
        let inode = UInt64(status.st_ino)
        watch.withLock { watch in
            cpagefault_forget(watch)
            watch = cpagefault_watch(inode)
        }
    }

    /// Ends the watch before the map goes.
    func end() {
        watch.withLock { watch in
            cpagefault_forget(watch)
            watch = -1
        }
    }
}

import CReportd
import Glibc

/// How much memory of the process malloc keeps for itself when it is given back.
///
/// By itself glibc makes eight arenas a processor, and what is freed in one serves no other: a node that
/// lists all reports of a year on one thread after the other keeps the room of that in each of them.
/// Figures: docs/benchmarks.md, long runs.
public enum ProcessMemory {
    /// Most arenas: with two, the threads of a city that catches up waited for each other for a fourteenth of its
    /// time; each keeps what is given back to it, so there are not as many as glibc would make.
    static let arenaCount = 4
    /// Bytes from which on a piece is mapped by itself, and its pages come and go with it: batches of peers, which
    /// are made and given back many times a second, are less.
    static let mappedByteCount = 8 << 20
    /// Bytes that stay free at the end of an arena: those of a few batches.
    static let keptByteCount = 4 << 20

    /// Sets the bounds for the whole process; for the start of a program, before it has threads.
    ///
    /// Source: mallopt(3).
    /// - Returns: whether malloc took them; one that is put before that of the C library may not.
    @discardableResult
    public static func bound() -> Bool {
        reportd_bound_malloc(Int32(arenaCount), Int32(mappedByteCount), Int32(keptByteCount)) == 1
    }
}

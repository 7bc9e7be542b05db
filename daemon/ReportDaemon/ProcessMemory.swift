import CReportd
import Glibc

/// How much memory of the process malloc keeps for itself when it is given back.
///
/// By itself glibc makes eight arenas a processor, and what is freed in one serves no other: a node that
/// lists all reports of a year on one thread after the other keeps the room of that in each of them.
/// Figures: docs/benchmarks.md, long runs.
public enum ProcessMemory {
    /// Most arenas: one for each processor, two at least and four at most, so that threads wait for each
    /// other seldom.
    static let arenaCount = min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 2), 4)
    /// Bytes from which on a piece is mapped by itself: grown lists, bodies, what is read from sockets is less.
    static let mappedByteCount = 1 << 20
    /// Bytes that stay free at the end of an arena.
    static let keptByteCount = 1 << 20

    /// Sets the bounds for the whole process; for the start of a program, before it has threads.
    ///
    /// Source: mallopt(3).
    /// - Returns: whether malloc took them; one that is put before that of the C library may not.
    @discardableResult
    public static func bound() -> Bool {
        reportd_bound_malloc(Int32(arenaCount), Int32(mappedByteCount), Int32(keptByteCount)) == 1
    }
}

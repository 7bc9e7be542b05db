import Glibc
import ReportIntake
import ReportModel
import Synchronization

/// The roster that a node was configured with, read anew when a file changed.
final class RosterFile: Sendable {
    private struct Stamp: Equatable {
        var size: Int
        var seconds: Int
        var nanoseconds: Int
        var inode: UInt
    }

    private let path: String
    private let aliasPath: String?
    private let divisions: Divisions
    private let held = Mutex<(stamps: [Stamp], roster: Roster)?>(nil)

    /// Nil when no roster is configured.
    init?(_ configuration: NodeConfiguration, divisions: Divisions) {
        guard let path = configuration.roster else { return nil }
        self.path = path
        aliasPath = configuration.aliases
        self.divisions = divisions
    }

    /// The roster as the files have it now.
    /// - Throws: ``ReportError`` `usage` that names file and line, or says why a file cannot be read.
    func current() throws(ReportError) -> Roster {
        let paths = [path] + (aliasPath.map { [$0] } ?? [])
        var stamps: [Stamp] = []
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0 else { throw TableFile.unreadable(path) }
            stamps.append(
                Stamp(
                    size: status.st_size,
                    seconds: status.st_mtim.tv_sec,
                    nanoseconds: status.st_mtim.tv_nsec,
                    inode: status.st_ino
                )
            )
        }
        if let held = held.withLock({ $0 }), held.stamps == stamps { return held.roster }
        let aliases =
            try aliasPath.map { path throws(ReportError) in
                try UnitAliases(try TableFile.read(path), name: path)
            } ?? UnitAliases()
        let roster = try Roster(
            try TableFile.read(path),
            name: path,
            aliases: aliases,
            divisions: divisions
        )
        held.withLock { $0 = (stamps, roster) }
        return roster
    }
}

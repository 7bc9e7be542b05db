import ArgumentParser
import ReportIntake
import ReportModel

/// A roster that is read here.
struct RosterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("CSV file of those who are expected.", valueName: "file"))
    var roster: String?
    @Option(help: ArgumentHelp("CSV file with other names of units.", valueName: "file"))
    var aliases: String?

    /// Reads the files.
    /// - Returns: the roster; nil when none is named.
    /// - Throws: ``ReportError`` `usage` that names file and line, or when there are aliases alone.
    func read() throws(ReportError) -> Roster? {
        guard let roster else {
            guard aliases == nil else { throw ReportError(.usage, "--aliases needs --roster") }
            return nil
        }
        let names =
            try aliases.map { path throws(ReportError) in
                try UnitAliases(try TableFile.read(path), name: path)
            } ?? UnitAliases()
        return try Roster(try TableFile.read(roster), name: roster, aliases: names)
    }
}

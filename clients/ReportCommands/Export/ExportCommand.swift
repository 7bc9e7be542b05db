package import ArgumentParser
import ReportClient
package import ReportExport
import ReportIntake
package import ReportModel

/// What an export is written as.
package enum ExportFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case entries
    case jsonl
    case csv
    case xlsx
}

package struct ExportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write records, whole logs or the evidence of one record into a file.",
        discussion: """
            reportctl export 2023/湛江市 --format xlsx -o 湛江市.xlsx
            reportctl export 2023 --table amounts -o amounts.csv
            reportctl export --store DIR --format entries -o all.jsonl
            reportctl export --store DIR --evidence 2023/麻章区

            entries   whole logs without loss, for reportctl import; from --store only
            jsonl     one record a line, as get -o json prints it
            csv       one row a record, or the rows of --table
            xlsx      one sheet for each kind of table

            Names and telephone numbers stay out unless --people is given.
            docs/export.md lists tables and columns.
            """
    )

    @Argument(help: "A year and parts of a key; everything when nothing is said.")
    package var lookup: String?

    @OptionGroup package var service: ServiceOptions
    @OptionGroup package var filter: FilterOptions
    @OptionGroup package var moment: MomentOptions

    @Option(help: "entries, jsonl, csv or xlsx; by the file's ending when nothing is said.")
    package var format: ExportFormat?

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The file; - is standard output.", valueName: "file")
    )
    package var output: String?

    @Option(
        name: .customLong("table"),
        help: ArgumentHelp(
            "csv: " + ExportTable.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "table"
        )
    )
    package var tableName: String?

    @Flag(help: "csv: titles for people instead of the stable names of columns.")
    package var titles = false

    @Flag(help: "Every version instead of the current one.")
    package var allVersions = false

    @Flag(help: "Names and telephone numbers as well.")
    package var people = false

    @Flag(help: "entries: leave source files out.")
    package var noSources = false

    @Option(
        help: ArgumentHelp(
            "entries: only this log, after this entry; may be repeated.",
            valueName: "log:sequence"
        )
    )
    package var after: [String] = []

    @Option(help: ArgumentHelp("The whole evidence of one record, as a zip.", valueName: "key"))
    package var evidence: String?

    @Flag(help: "Replace a file that is there.")
    package var force = false

    @Flag(help: "Tell how far it is also where standard error is no terminal.")
    package var progress = false

    /// Makes the value.
    package init() {}

    /// Becomes the program that exports, with the same arguments.
    package func run() async throws {
        try ProgramLocation.export.become()
    }

    /// The format that was asked for, or that the file's ending names.
    package func chosenFormat() throws(ReportError) -> ExportFormat {
        if let format { return format }
        if tableName != nil { return .csv }
        let ending = output?.split(separator: ".").last.map { String($0) }
        guard let ending, let format = ExportFormat(rawValue: ending) else {
            throw ReportError(
                .usage,
                "the format is missing",
                hint: "give --format entries, jsonl, csv or xlsx"
            )
        }
        return format
    }

    /// The table of a csv.
    package func table() throws(ReportError) -> ExportTable {
        guard let tableName else { return .records }
        guard let table = ExportTable(rawValue: tableName) else {
            let words = ExportTable.allCases.map(\.rawValue).joined(separator: ", ")
            throw ReportError(.usage, "'\(tableName)' is no table", hint: "one of \(words)")
        }
        return table
    }

    /// The records that are exported.
    package func query() throws(ReportError) -> ListQuery {
        var arguments = filter.arguments(lookup: lookup)
        moment.write(to: &arguments)
        guard case .list(let query) = try StoreQuery(.list, arguments) else { return ListQuery() }
        return query
    }

    /// Whether not everything is exported.
    package func isSelective() throws(ReportError) -> Bool { try query() != ListQuery() }

    package func check(_ format: ExportFormat) throws(ReportError) {
        func refuse(_ isGiven: Bool, _ option: String, _ formats: ExportFormat...)
            throws(ReportError)
        {
            guard isGiven, !formats.contains(format) else { return }
            throw ReportError(.usage, "\(option) makes no sense with --format \(format.rawValue)")
        }
        try refuse(tableName != nil, "--table", .csv)
        try refuse(titles, "--titles", .csv)
        try refuse(noSources, "--no-sources", .entries)
        try refuse(!after.isEmpty, "--after", .entries)
        let table = try table()
        if people, format == .csv, table != .people {
            throw ReportError(.usage, "--people goes with --table people in csv")
        }
        if table == .people, !people {
            throw ReportError(
                .notAllowed,
                "names and telephone numbers stay out unless they are asked for",
                hint: "add --people"
            )
        }
        guard format == .entries else { return }
        guard try !isSelective(), !allVersions else {
            throw ReportError(
                .usage,
                "entries are exported by whole logs: a part of a log cannot be verified",
                hint: "use --format jsonl for a selection, or leave lookup and filters out"
            )
        }
    }
}

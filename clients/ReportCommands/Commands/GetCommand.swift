import ArgumentParser
import ReportModel

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show a record.",
        discussion: """
            reportctl get 2023/麻章区
            reportctl get 2023/湛江市/麻章区/总工会/整体支出@1 -o json
            reportctl get 2023/麻章区 --field amounts.0.value
            reportctl get 2023/麻章区 -o source > report.txt
            """
    )

    @Argument(help: "A year and parts of a key, and perhaps @N for a version.")
    var lookup: [String]

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, json, jsonl, source or extracted.")
    var output: OutputFormat = .text

    @OptionGroup var moment: MomentOptions

    @Option(
        help: ArgumentHelp("One field, with dots and indexes: amounts.0.value", valueName: "path")
    )
    var field: String?

    @Option(help: "Which source file, from 0.")
    var source = 0

    @Flag(help: "Print names and telephone numbers instead of the record.")
    var people = false

    func run() async throws {
        try await RecordQuestion(
            lookups: lookup,
            place: service.place,
            output: output,
            moment: try moment.moment(),
            field: field,
            source: source,
            people: people
        ).run()
    }
}

/// A path such as `amounts.0.value` into JSON.
enum FieldPath {
    static func text(of path: String, in json: JSONValue) throws(ReportError) -> String {
        var value = json
        for step in path.split(separator: ".", omittingEmptySubsequences: false) {
            var next: JSONValue?
            if case .array(let elements) = value {
                if let index = Int(step), elements.indices.contains(index) {
                    next = elements[index]
                }
            } else {
                next = value[String(step)]
            }
            guard let next else {
                let names = value.objectValue?.keys.sorted().joined(separator: ", ")
                throw ReportError(
                    .notFound,
                    "there is no field '\(path)' in this record",
                    hint: names.map { "one of " + $0 }
                        ?? value.arrayValue.map { "it has \($0.count) rows, the first is 0" }
                )
            }
            value = next
        }
        return value.stringValue ?? value.canonicalText
    }
}

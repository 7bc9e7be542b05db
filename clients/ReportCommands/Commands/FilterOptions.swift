import ArgumentParser
package import ReportModel

/// Which records a command is about.
package struct FilterOptions: ParsableArguments {
    @Option(help: "Evaluated year, or years: 2023, 2021..2023.")
    var year: String?
    @Option(
        help: ArgumentHelp(
            "Region at any level: a name, a path such as 湛江市/麻章区, or a code.",
            valueName: "name|code"
        )
    )
    var region: String?
    @Option(help: "Full name or code of a province.")
    var province: String?
    @Option(help: "City.")
    var city: String?
    @Option(help: "District.")
    var district: String?
    @Option(help: "Unit as in the key, or its printed name; ~TEXT for names that contain TEXT.")
    var unit: String?
    @Option(help: "Kind of the record or of one of its parts.")
    var kind: String?
    @Option(help: "submitted, approved, returned or retracted.")
    var status: String?
    @Option(
        help: ArgumentHelp(
            "Recorded at or after this time; a date is its beginning at +08:00.",
            valueName: "time"
        )
    )
    var since: String?
    @Option(
        help: ArgumentHelp(
            "Arrived at the node at or after this time, a date as with --since.",
            valueName: "time"
        )
    )
    var receivedSince: String?
    @Option(
        help: ArgumentHelp(
            "Has a finding of this severity or a graver one: high, medium, low, info.",
            valueName: "severity"
        )
    )
    var findings: String?
    @Option(help: ArgumentHelp("Score between: 80..90, 80.., ..90.", valueName: "range"))
    var score: String?
    @Option(
        help: ArgumentHelp("Rate in per cent: 95.., or ROLE:95.. .", valueName: "range")
    )
    var rate: [String] = []
    @Option(help: ArgumentHelp("Budget in 元: 10万元..50万元.", valueName: "range"))
    var budget: String?
    @Option(help: ArgumentHelp("Spent, in 元.", valueName: "range"))
    var executed: String?
    @Option(
        help: ArgumentHelp(
            "Amount of a role in 元: final-expenditure-total:12.5万元.. .",
            valueName: "role:range"
        )
    )
    var amount: [String] = []
    @Option(help: ArgumentHelp("Staff of a role: serving:1..20.", valueName: "role:range"))
    var staff: [String] = []

    /// Makes the value.
    package init() {}

    /// The options of a question.
    /// - Parameter lookup: the command's lookup.
    /// - Returns: the options.
    package func arguments(lookup: String?) -> QueryArguments {
        var arguments = QueryArguments()
        arguments.append(lookup)
        for (name, value) in [
            ("year", year), ("region", region), ("province", province), ("city", city),
            ("district", district), ("unit", unit), ("kind", kind), ("status", status),
            ("since", since), ("received-since", receivedSince), ("findings", findings),
            ("score", score), ("budget", budget), ("executed", executed),
        ] {
            arguments.set(name, value)
        }
        for (name, values) in [("rate", rate), ("amount", amount), ("staff", staff)] {
            arguments.set(name, list: values)
        }
        return arguments
    }
}

/// Which moment a command is about.
package struct MomentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Answer as of this time; a date is its end at +08:00.",
            valueName: "time"
        )
    )
    var asOf: String?

    @Option(help: ArgumentHelp("What had arrived here by this time.", valueName: "time"))
    var knownHere: String?

    /// Makes the value.
    package init() {}

    /// Adds the moment to the options of a question.
    /// - Parameter arguments: the options.
    package func write(to arguments: inout QueryArguments) {
        arguments.set("as-of", asOf)
        arguments.set("known-here", knownHere)
    }

    /// The moment.
    func moment() throws(ReportError) -> Moment {
        var arguments = QueryArguments()
        write(to: &arguments)
        return try arguments.moment()
    }
}

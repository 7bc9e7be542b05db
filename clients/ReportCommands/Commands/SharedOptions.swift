package import ArgumentParser
package import ReportClient
package import ReportModel

/// Where answers come from.
package struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A store on this disk.", valueName: "dir"))
    package var store: String?

    @Option(help: ArgumentHelp("A running reportd.", valueName: "host:port"))
    package var node: String?

    /// Makes the value.
    package init() {}

    @Option(
        help: ArgumentHelp(
            "Key and certificate for a node under TLS; else REPORTCTL_IDENTITY.",
            valueName: "dir"
        )
    )
    var identity: String?

    /// What the flags say.
    var place: ServicePlace { ServicePlace(store: store, node: node, identity: identity) }

    /// Opens the place that flags and environment name.
    /// - Parameters:
    ///   - forWriting: whether something will be handed in.
    ///   - readsPictures: whether a store on this disk reads pictures by tesseract.
    /// - Returns: the service; close it when done.
    /// - Throws: ``ReportError`` `usage`, `unreachable`, `not-found`, `conflict`.
    package func open(
        forWriting: Bool = false,
        readsPictures: Bool = false
    ) async throws(ReportError) -> any ReportService {
        try await place.open(forWriting: forWriting, readsPictures: readsPictures)
    }

    /// Opens the place for what a node takes at its own socket only, or from a key that is granted it: on the
    /// machine of a package, where nothing else is said, the store of its node.
    /// - Returns: the service; close it when done.
    /// - Throws: ``ReportError`` `usage`, `unreachable`, `timed-out`, `not-found`, `conflict`.
    func administer() async throws(ReportError) -> any ReportService {
        try await place.open(forWriting: true, administers: true)
    }
}

/// The place where answers come from, as flags name it; what they leave open the environment says.
struct ServicePlace: Equatable {
    var store: String?
    var node: String?
    var identity: String?

    func open(
        forWriting: Bool = false,
        readsPictures: Bool = false,
        administers: Bool = false
    ) async throws(ReportError) -> any ReportService {
        if store != nil, node != nil {
            throw ReportError(.usage, "give either --store or --node, not both")
        }
        return try await ReportServices.open(
            store: store,
            node: node,
            forWriting: forWriting,
            readsPictures: readsPictures,
            identity: identity,
            administers: administers
        )
    }
}

/// What a document lacks.
struct GivenOptions: ParsableArguments {
    @Option(help: "The evaluated year, when the document does not say.")
    var year: Int?

    @Option(help: ArgumentHelp("The region: a name, a path or a code.", valueName: "name|code"))
    var region: String?

    @Option(help: "The unit's name.")
    var unit: String?

    @Option(help: "The kind: 整体支出, 部门决算, 项目支出[/name], 三公经费, 基础数据, 其他.")
    var kind: String?

    @Flag(help: "Let what is given win over the document; it is recorded.")
    var force = false

    @Flag(help: "Read pictures and scanned documents by tesseract; not over TCP.")
    var ocr = false

    func facts() throws(ReportError) -> GivenFacts {
        if let kind, ReportKind(kind) == nil {
            throw ReportError(
                .usage,
                "'\(kind)' is no kind",
                hint: "one of " + ReportKind.reservedWords.joined(separator: " ")
            )
        }
        if let year, !(1949...2999).contains(year) {
            throw ReportError(.usage, "the year \(year) is out of range")
        }
        return GivenFacts(
            year: year,
            region: region,
            unit: unit,
            kind: kind,
            force: force,
            origin: "flags"
        )
    }
}

extension OutputFormat: ExpressibleByArgument {
    /// Each command names the formats that make sense for it.
    package static var allValueStrings: [String] { [] }
}

extension OutputFormat {
    /// Refuses formats that make no sense for a command.
    package func require(_ allowed: [OutputFormat]) throws(ReportError) -> OutputFormat {
        guard allowed.contains(self) else {
            let words = allowed.map(\.rawValue).joined(separator: ", ")
            throw ReportError(.usage, "-o \(rawValue) makes no sense here; use one of \(words)")
        }
        return self
    }
}

/// JSON that came from a node or worker.
enum Answer {
    static func json(_ bytes: [UInt8]) throws(ReportError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw ReportError(.internal, "the answer is not understood: \(error)")
        }
    }
}

import ReportModel
import ReportSync
import ReportWire

/// For which regions a request may be asked, and who asks it.
///
/// A key with some regions only asks about whole keys, or lookups that begin with a year and one of
/// its regions, written out. What a lookup finds is looked at once more: an answer that holds a key of
/// another region is not given.
///
/// Source: docs/protocol.md section 3.6.
struct RequestScope: Sendable {
    /// Region paths; nil: all.
    private let grant: Grant?
    private let node: NodeID?

    /// No limit.
    static let everywhere = RequestScope(grant: nil, node: nil)

    init(grant: Grant?, node: NodeID? = nil) {
        self.grant = grant
        self.node = node
    }

    /// Whether all regions are open.
    var isEverywhere: Bool { grant?.isEverywhere ?? true }

    /// Who writes, as it stands in the log; nil: the client may say so itself.
    var writer: String? {
        guard let node else { return nil }
        guard let name = grant?.name else { return node.description }
        return "\(name) (\(node.description.prefix(24)))"
    }

    private static let refusal = ReportError(
        .notAllowed,
        "the grant of this key does not cover that region",
        hint: "begin with a year and a region of the grant, written out: 2023/湛江市/麻章区"
    )

    static func needsEverywhere(_ request: Request) -> ReportError {
        ReportError(
            .notAllowed,
            "\(request.verb.rawValue) needs a grant for all regions",
            hint: "regions: [\"*\"]"
        )
    }

    /// Whether a key lies within the regions.
    func covers(_ key: ReportKey) -> Bool {
        guard let grant, !grant.isEverywhere else { return true }
        return grant.covers([key.city, key.district].compactMap { $0 }.joined(separator: "/"))
    }

    func check(_ key: ReportKey) throws(ReportError) {
        guard covers(key) else { throw Self.refusal }
    }

    /// A lookup must begin with a region of the grant.
    func check(lookup text: String?) throws(ReportError) {
        guard let grant, !isEverywhere else { return }
        guard let text else { throw Self.refusal }
        let parts = try Lookup(argument: text).parts.map { Array($0.utf8) }
        let isWithin = grant.regions.contains { region in
            let path = region.split(separator: "/").map { Array($0.utf8) }
            return !path.isEmpty && parts.starts(with: path)
        }
        guard isWithin else { throw Self.refusal }
    }

    /// What a command writes about must be whole keys of the regions, however the store reads them.
    func check(_ command: StoreCommand) throws(ReportError) {
        guard !isEverywhere else { return }
        guard let lookups = command.lookups else {
            throw ReportError(
                .notAllowed,
                "\(command.verb.rawValue) needs a grant for all regions",
                hint: "regions: [\"*\"]"
            )
        }
        for lookup in lookups {
            guard let key = lookup.key else {
                throw ReportError(.notAllowed, "a key with some regions only names whole keys here")
            }
            try check(key)
            // The store takes a province away and a joined name apart.
            for alternative in lookup.expanded() {
                if let key = alternative.key {
                    try check(key)
                } else {
                    try check(lookup: alternative.text)
                }
            }
        }
        if case .rekey(let command) = command { try check(command.key) }
    }

    /// The lookups that a question carries must begin with a region of the grant.
    func check(_ verb: StoreQuery.Verb, _ arguments: QueryArguments) throws(ReportError) {
        guard !isEverywhere else { return }
        switch verb {
        case .list, .history, .notes, .queue, .prove, .witnesses:
            try check(lookup: arguments.positional.first)
        case .search: try check(lookup: arguments.positional.dropFirst().first)
        case .diff:
            try check(lookup: arguments.positional.first)
            for text in arguments.positional.dropFirst() { try check(lookup: text) }
        case .audit, .diskUse, .stats, .trend, .missing:
            throw ReportError(
                .notAllowed,
                "\(verb.rawValue) needs a grant for all regions",
                hint: "regions: [\"*\"]"
            )
        }
    }

    /// An answer must not hold keys of other regions.
    ///
    /// Under `key` nothing but a key of the regions may stand. Under `from` and `to`, and in lists of texts,
    /// other texts may stand as well, as in the changes between two versions; there only what is a key is
    /// checked.
    func check(answer: JSONValue) throws(ReportError) {
        guard !isEverywhere else { return }
        switch answer {
        case .array(let elements):
            for element in elements {
                if let text = element.stringValue { try check(anyText: text) }
                try check(answer: element)
            }
        case .object(let members):
            for (name, value) in members {
                if let text = value.stringValue {
                    if name == "key" { try check(keyText: text) }
                    if name == "from" || name == "to" { try check(anyText: text) }
                } else {
                    try check(answer: value)
                }
            }
        default: break
        }
    }

    /// Leaves out of a command's answer the keys of other regions that have the same files.
    func withoutForeignKeys(_ answer: JSONValue) -> JSONValue {
        guard !isEverywhere, var members = answer.objectValue,
            let shared = members["sharedWith"]?.arrayValue
        else { return answer }
        members["sharedWith"] = .array(
            shared.filter { value in
                let key = value.stringValue.flatMap { try? Lookup(argument: $0).key }
                return key.map(covers) ?? false
            }
        )
        return .object(members)
    }

    /// What is a key, with or without a version, must lie within the regions.
    private func check(anyText text: String) throws(ReportError) {
        guard let key = try? Lookup(parsing: text).key else { return }
        try check(key)
    }

    /// Whether a key, written out, lies within the regions.
    func covers(keyText: String) -> Bool {
        guard !isEverywhere else { return true }
        return (try? ReportKey(parsing: keyText)).map(covers) ?? false
    }

    func check(keyText: String) throws(ReportError) {
        guard covers(keyText: keyText) else { throw Self.refusal }
    }

    /// What is to be written, within the regions and in the name of the key.
    /// - Parameters:
    ///   - verb: the verb.
    ///   - payload: what followed it.
    /// - Returns: the command.
    /// - Throws: ``ReportError`` `not-allowed`, or `usage` when it cannot be read.
    func command(
        _ verb: StoreCommand.Verb,
        _ payload: [UInt8]
    ) throws(ReportError) -> StoreCommand {
        guard var json = try? JSONValue(parsing: payload) else {
            throw ReportError(.usage, "what follows \(verb.rawValue) is no JSON")
        }
        if let writer, var members = json.objectValue {
            members[verb == .note ? "author" : "by"] = .string(writer)
            json = .object(members)
        }
        // What was understood is checked, not what was written.
        let command = try StoreCommand(verb, json: json)
        try check(command)
        return command
    }
}

extension StoreCommand {
    /// What it writes about; nil when that is no key: peers and bundles.
    fileprivate var lookups: [Lookup]? {
        switch self {
        case .note(let command): [command.lookup]
        case .review(let command): command.lookups
        case .retract(let command): [command.lookup]
        case .rekey(let command): [command.lookup]
        case .erase(let command): [command.lookup]
        case .reparse(let command): command.lookups
        case .peer, .bundle: nil
        }
    }
}

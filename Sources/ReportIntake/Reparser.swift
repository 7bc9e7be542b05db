public import ReportModel

/// Reads the stored files of versions anew with today's parser, and appends what differs.
///
/// Source: DESIGN section 3, entries of kind `reparse`.
public struct Reparser: Sendable {
    private let store: any ReportStoring
    private let workers: WorkerPool

    /// Makes a reparser.
    /// - Parameters:
    ///   - store: where the files are, and where readings go.
    ///   - workers: who parses.
    public init(store: any ReportStoring, workers: WorkerPool) {
        self.store = store
        self.workers = workers
    }

    /// Carries out a command.
    /// - Parameter command: which versions.
    /// - Returns: `{items}` in the order of the lookups, each
    ///   `{lookup, key, version, outcome, changes, parser, error}`; `outcome` is `same`, `reread`,
    ///   `skipped`, `other-key` or `failed`.
    public func perform(_ command: ReparseCommand) async -> JSONValue {
        var items: [JSONValue] = []
        for lookup in command.lookups {
            var members: [String: JSONValue] = [
                "lookup": .string(lookup.description), "key": .null, "version": .null,
                "outcome": "failed", "changes": [], "parser": .null, "error": .null,
            ]
            do throws(ReportError) {
                try await read(lookup, command, into: &members)
            } catch {
                members["error"] = error.json
            }
            items.append(.object(members))
        }
        return ["items": .array(items)]
    }

    private func read(
        _ lookup: Lookup,
        _ command: ReparseCommand,
        into members: inout [String: JSONValue]
    ) async throws(ReportError) {
        let answer = try await store.get(lookup, body: .record, at: .now)
        let version = answer.version
        members["key"] = .string(version.key)
        members["version"] = .string(version.id)
        guard let json = try? JSONValue(parsing: answer.bytes),
            var stored = json.objectValue, let old = try? Record(json: json)
        else { throw ReportError(.integrity, "the stored record is not understood") }
        stored["status"] = nil
        stored["version"] = nil
        members["parser"] = ["from": .string(old.parser), "to": .string(old.parser)]
        if let limit = command.olderThan, !Self.isOlder(old.parser, than: limit) {
            members["outcome"] = "skipped"
            return
        }
        let parsed = try await parse(version, old)
        var new = parsed.record
        // Names of files are those under which they were filed.
        for index in new.sources.indices where old.sources.indices.contains(index) {
            new.sources[index].name = old.sources[index].name
        }
        new.given = old.given["origin"] == "rekey" ? old.given : new.given
        members["parser"] = ["from": .string(old.parser), "to": .string(new.parser)]
        let changes = RecordChanges.lines(from: old, to: new)
        members["changes"] = .strings(changes)
        guard new.key == version.key else {
            // Another key is for people to decide: reportctl rekey.
            members["outcome"] = "other-key"
            members["otherKey"] = .optional(new.key)
            return
        }
        guard !changes.isEmpty else {
            members["outcome"] = "same"
            return
        }
        if !command.isRehearsal {
            let reading = Reading(
                of: version.hash,
                before: Hash256(hashing: JSONValue.object(stored).canonicalBytes),
                record: new,
                people: parsed.people,
                reason: command.reason,
                by: command.by
            )
            _ = try await store.append(reading)
        }
        members["outcome"] = "reread"
    }

    /// Parses the files of a version with the facts that were given with them.
    private func parse(_ version: VersionInfo, _ old: Record) async throws(ReportError)
        -> ParsedFile
    {
        guard let lookup = try? Lookup(parsing: "\(version.key)@\(version.id)") else {
            throw ReportError(.internal, "a stored key is no lookup")
        }
        var members: [FilingMember] = []
        for index in old.sources.indices {
            let source = try await store.get(lookup, body: .source(index), at: .now)
            members.append(FilingMember(name: old.sources[index].name, bytes: source.bytes))
        }
        guard let first = members.first else {
            throw ReportError(.notFound, "the version has no files")
        }
        let given = Self.given(old)
        if members.count == 1 {
            return try await workers.parse(name: first.name, bytes: first.bytes, given: given)
        }
        let zip = try await workers.pack(members)
        let parsed = try await workers.parse(name: "filing.zip", bytes: zip, given: given)
        guard parsed.record.sources.map(\.sha256) == old.sources.map(\.sha256) else {
            throw ReportError(
                .unsupported,
                "its files give another order when they are read as one filing",
                hint: "hand the files in once more instead"
            )
        }
        return parsed
    }

    /// The facts that were given with a filing, as its record says.
    static func given(_ record: Record) -> GivenFacts {
        let given = record.given
        return GivenFacts(
            year: given["year"]?.integerValue,
            region: given["region"]?.stringValue,
            unit: given["unit"]?.stringValue,
            kind: given["kind"]?.stringValue,
            force: given["overridden"]?.objectValue?.isEmpty == false,
            origin: given["origin"]?.stringValue ?? "flags"
        )
    }

    /// Whether a version of the parser comes before another: `0.9.2` before `0.10`.
    static func isOlder(_ version: String, than limit: String) -> Bool {
        func numbers(_ text: String) -> [Int] {
            text.split { !$0.isNumber }.map { Int($0) ?? .max }
        }
        return numbers(version).lexicographicallyPrecedes(numbers(limit))
    }
}

import LMDB
public import ReportModel

extension Store {
    /// Finds one version and returns the bytes asked for; see ``ReportStoring``.
    public func get(
        _ lookup: Lookup,
        body: BodySelector,
        at moment: Moment
    ) async throws(ReportError) -> GetAnswer {
        try getNow(lookup, body: body, at: moment)
    }

    /// The same without suspension: reads never wait.
    /// - Parameters:
    ///   - lookup: a year and parts, with or without a version.
    ///   - body: which bytes.
    ///   - moment: which moment.
    /// - Returns: the version with its bytes.
    /// - Throws: as ``get(_:body:at:)``.
    public func getNow(
        _ lookup: Lookup,
        body: BodySelector,
        at moment: Moment = .now
    ) throws(ReportError) -> GetAnswer {
        try read { (transaction: borrowing ReadTransaction) throws -> GetAnswer in
            let hit = try single(lookup, at: moment, transaction)
            let view = MomentView(tables: tables, moment: moment)
            let (place, version) = try chosen(lookup, hit, view, transaction)
            return try answer(body, place, version, transaction)
        }
    }

    /// The one key that a lookup means.
    func single<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        at moment: Moment,
        _ transaction: borrowing T
    ) throws -> Resolver.Hit {
        let resolver = Resolver(tables: tables, divisions: divisions)
        let view = MomentView(tables: tables, moment: moment)
        let found = try resolver.hits(lookup, transaction) { number in
            try view.hasVersion(number, transaction)
        }
        guard let found, let first = found.hits.first else {
            let near = try resolver.nearMisses(lookup, transaction)
            throw ReportError(
                .notFound,
                "no record matches \(lookup.text)",
                details: near.isEmpty ? [:] : ["near": .strings(near)]
            )
        }
        guard found.hits.count > 1 else { return first }
        var candidates: [JSONValue] = []
        for hit in found.hits.prefix(StoreLimits.maximumCandidateCount) {
            candidates.append(try listRow(hit.number, view, transaction))
        }
        throw ReportError(
            .ambiguous,
            "\(found.hits.count) records match \(lookup.text)",
            hint: "add more parts of the key",
            details: [
                "candidates": .array(candidates),
                "more": .integer(found.hits.count - candidates.count),
            ]
        )
    }

    /// The row that lists show of a key.
    func listRow<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ view: MomentView,
        _ transaction: borrowing T
    ) throws -> JSONValue {
        guard let row = try view.row(key, transaction), let json = try? JSONValue(parsing: row.row)
        else { throw Sealed.damaged("heads", RowKey.number(key)) }
        return json
    }

    /// The version that a lookup's selector names, or the winner.
    func chosen<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        _ hit: Resolver.Hit,
        _ view: MomentView,
        _ transaction: borrowing T
    ) throws -> (place: EntryPlace, version: VersionInfo) {
        guard let row = try view.row(hit.number, transaction), let winner = row.heads.first else {
            throw Sealed.damaged("heads", RowKey.number(hit.number))
        }
        let rows = HeadRows(tables: tables)
        let stored: StoredEntry
        if let selector = lookup.version {
            let number = UInt32(clamping: selector.number)
            let versions = try rows.versions(
                of: hit.number,
                from: number,
                through: number,
                transaction
            ).filter { version in
                view.includes(version)
                    && selector.hashPrefix.map { version.hash.shortHex == $0 } ?? true
            }
            guard let same = try Self.leading(versions, winner, rows, transaction) else {
                throw ReportError(
                    .notFound,
                    "\(hit.key.text) has no version \(selector)",
                    hint: "the current version is \(winner.number)"
                )
            }
            stored = same
        } else {
            stored = try EntryRows(tables: tables).required(at: winner.place, transaction)
        }
        var version = try rows.info(stored, key: hit.key.text, transaction)
        if stored.hash == winner.hash { version.conflict = row.conflict }
        return (stored.place, version)
    }

    /// The one of several versions with the same number that is meant; nil when there is none.
    ///
    /// The current one comes first; versions with the same files are one with several origins.
    private static func leading<T: ReadOperations & ~Copyable>(
        _ versions: [StoredEntry],
        _ winner: HeadRow.Head,
        _ rows: HeadRows,
        _ transaction: borrowing T
    ) throws -> StoredEntry? {
        if let current = versions.first(where: { $0.hash == winner.hash }) { return current }
        guard versions.count > 1 else { return versions.first }
        var digests: Set<Hash256> = []
        for version in versions {
            digests.insert(try rows.facts(of: version.place, transaction)?.sourceDigest ?? .zero)
        }
        guard digests.count == 1, !digests.contains(.zero) else {
            let ids = versions.map { "\($0.entry.number)-\($0.hash.shortHex)" }
            throw ReportError(
                .ambiguous,
                "there are several versions of this number",
                hint: "ask for one of " + ids.joined(separator: ", ")
            )
        }
        return versions.max {
            ($0.entry.recordedAt.milliseconds, $0.hash) < (
                $1.entry.recordedAt.milliseconds, $1.hash
            )
        }
    }

    private func answer<T: ReadOperations & ~Copyable>(
        _ body: BodySelector,
        _ place: EntryPlace,
        _ version: VersionInfo,
        _ transaction: borrowing T
    ) throws -> GetAnswer {
        let bodies = BodyRows(table: tables.bodies)
        let entry = try EntryRows(tables: tables).required(at: place, transaction).entry
        switch body {
        case .record:
            guard let record = try bodies.body(at: place, index: 0, transaction),
                record.kind == .record
            else {
                throw Self.withheld("the record")
            }
            let bytes = record.bytes.dropLast() + HeadRows.suffix(version)
            return GetAnswer(version: version, bytes: Array(bytes))
        case .people:
            guard let index = entry.bodies.firstIndex(where: { $0.kind == .people }) else {
                return GetAnswer(version: version, bytes: Array("[]\n".utf8))
            }
            guard let people = try bodies.body(at: place, index: index, transaction) else {
                throw Self.withheld("the list of people")
            }
            return GetAnswer(version: version, bytes: people.bytes + [UInt8(ascii: "\n")])
        case .source(let number):
            let sources = entry.bodies.indices.filter { entry.bodies[$0].kind == .source }
            guard sources.indices.contains(number) else {
                throw ReportError(.notFound, "this version has \(sources.count) source files")
            }
            guard let source = try bodies.body(at: place, index: sources[number], transaction)
            else { throw Self.withheld("the source file") }
            let names = try HeadRows(tables: tables).facts(of: place, transaction)?.sourceNames
            let name = names.flatMap { $0.indices.contains(number) ? $0[number] : nil }
            return GetAnswer(version: version, bytes: source.bytes, name: name)
        }
    }

    private static func withheld(_ what: String) -> ReportError {
        ReportError(
            .erased,
            "\(what) of this version is not here: it was erased, or never sent to this node"
        )
    }

    /// Current heads of a key, the winner first; see ``ReportStoring``.
    public func heads(of key: ReportKey) async throws(ReportError) -> [VersionInfo] {
        try read { (transaction: borrowing ReadTransaction) throws -> [VersionInfo] in
            guard let number = try KeyRows(tables: tables).number(of: key.text, transaction),
                let row = try HeadRows(tables: tables).row(number, transaction)
            else { return [] }
            var versions: [VersionInfo] = []
            for head in row.heads {
                let stored = try EntryRows(tables: tables).required(at: head.place, transaction)
                versions.append(
                    try HeadRows(tables: tables).info(stored, key: key.text, transaction)
                )
            }
            if !versions.isEmpty { versions[0].conflict = row.conflict }
            return versions
        }
    }
}

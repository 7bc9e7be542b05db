import LMDB
public import ReportModel

extension Store {
    /// Finds one version and returns the bytes asked for; see ``ReportStoring``.
    public func get(
        _ lookup: Lookup,
        body: BodySelector,
        at moment: Moment
    ) async throws(ReportError) -> GetAnswer {
        guard let files = tables.files, case .source = body else {
            return try getNow(lookup, body: body, at: moment)
        }
        return try await files.reading { () throws(ReportError) in
            try self.getNow(lookup, body: body, at: moment)
        }
    }

    /// The same without suspension: reads never wait, but for files that an engine keeps which is
    /// shared.
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
            do {
                return try answer(body, place, version, view, transaction)
            } catch let error as ReportError where error.code == .integrity {
                throw damaged(version, body, error)
            }
        }
    }

    /// Names the version that cannot be served, whatever row of it is damaged.
    private func damaged(
        _ version: VersionInfo,
        _ body: BodySelector,
        _ cause: ReportError
    ) -> ReportError {
        guard cause.details[SharedFile.lossMark] == nil else {
            var loss = cause
            loss.message = "\(version.key)@\(version.number): \(cause.message)"
            loss.details["key"] = .string(version.key)
            loss.details["version"] = .integer(version.number)
            return loss
        }
        let part =
            switch body {
            case .source: "file"
            default: "record"
            }
        let name = "\(version.key)@\(version.number)"
        return ReportError(
            .integrity,
            "\(name): its \(part) is damaged on the disk of this node; "
                + "reportctl repair there gets it from a peer or a backup",
            details: [
                "key": .string(version.key), "version": .integer(version.number),
                "part": .string(part), "cause": .string(cause.message),
                DamagedValue.placeMember: cause.details[DamagedValue.placeMember]
                    ?? .string("\(name), \(part)"),
            ]
        )
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
            if let later = try later(lookup, than: view, resolver, transaction) { throw later }
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

    /// The error of a lookup that nothing matched at a moment, though something does now: from when
    /// on; nil when nothing does now either.
    private func later<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        than view: MomentView,
        _ resolver: Resolver,
        _ transaction: borrowing T
    ) throws -> ReportError? {
        guard view.moment != .now,
            let hits = try resolver.hits(lookup, transaction, isThere: { _ in true })?.hits
        else { return nil }
        var first: (time: Timestamp, key: String)?
        for hit in hits.prefix(StoreLimits.maximumCandidateCount) {
            for stored in try HeadRows(tables: tables).versions(of: hit.number, transaction) {
                let time = view.time(of: stored)
                if first.map({ time < $0.time }) ?? true { first = (time, hit.key.text) }
            }
        }
        guard let first else { return nil }
        let happened = if case .knownHere = view.moment { "arrived here" } else { "was recorded" }
        return ReportError(
            .notFound,
            "no record matched \(lookup.text) at that time",
            hint: "the first version of \(first.key) \(happened) at \(first.time.zonedOfficeText)"
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
        var version = try rows.info(stored, key: hit.key.text, at: view.moment, transaction)
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
        _ view: MomentView,
        _ transaction: borrowing T
    ) throws -> GetAnswer {
        let bodies = BodyRows(tables)
        let stored = try EntryRows(tables: tables).required(at: place, transaction)
        switch body {
        case .record:
            let read = try reading(of: stored, view, transaction)
            guard let record = try bodies.body(at: read.place, index: 0, transaction),
                record.kind == .record
            else { throw try withheld("the record", stored, index: 0, transaction) }
            let bytes = record.bytes.dropLast() + HeadRows.suffix(version)
            return GetAnswer(version: version, bytes: Array(bytes))
        case .people:
            let read = try reading(of: stored, view, transaction)
            guard let index = read.entry.bodies.firstIndex(where: { $0.kind == .people }) else {
                return GetAnswer(version: version, bytes: Array("[]\n".utf8))
            }
            guard let people = try bodies.body(at: read.place, index: index, transaction) else {
                throw try withheld("the list of people", read, index: index, transaction)
            }
            return GetAnswer(version: version, bytes: people.bytes + [UInt8(ascii: "\n")])
        case .source(let number):
            let entry = stored.entry
            let sources = entry.bodies.indices.filter { entry.bodies[$0].kind == .source }
            guard sources.indices.contains(number) else {
                throw try noSource(number, sources.count, at: place, transaction)
            }
            let index = sources[number]
            guard let source = try bodies.body(at: place, index: index, transaction) else {
                throw try withheld("the source file", stored, index: index, transaction)
            }
            let names = try HeadRows(tables: tables).facts(of: place, transaction)?.sourceNames
            let name = names.flatMap { $0.indices.contains(number) ? $0[number] : nil }
            return GetAnswer(version: version, bytes: source.bytes, name: name)
        }
    }

    /// The error for a source file that a version does not have, or has in name only.
    private func noSource<T: ReadOperations & ~Copyable>(
        _ number: Int,
        _ count: Int,
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> ReportError {
        let names = try HeadRows(tables: tables).facts(of: place, transaction)?.sourceNames ?? []
        guard count == 0, names.indices.contains(number) else {
            return ReportError(.notFound, "this version has \(count) source files")
        }
        return ReportError(
            .notFound,
            "the record of this version came without its files",
            hint: "they are where the record was made; it lists name and SHA-256 of each"
        )
    }

    /// The entry with a version's record at a moment: its newest reading, or the version itself.
    private func reading<T: ReadOperations & ~Copyable>(
        of stored: StoredEntry,
        _ view: MomentView,
        _ transaction: borrowing T
    ) throws -> StoredEntry {
        let judgements = JudgementRows(tables: tables)
        let state = try judgements.state(
            of: stored.hash,
            keyHash: stored.entry.keyHash,
            at: view.moment,
            transaction
        )
        guard let place = try judgements.reading(state, transaction) else { return stored }
        return try EntryRows(tables: tables).required(at: place, transaction)
    }

    /// The error for a body that is not here, with who erased it when somebody did.
    func withheld<T: ReadOperations & ~Copyable>(
        _ what: String,
        _ stored: StoredEntry,
        index: Int,
        _ transaction: borrowing T
    ) throws -> ReportError {
        let erased = try Erasures(tables: tables)
            .erased(stored.entry, hash: stored.hash, transaction)
        guard let place = erased[index] else {
            if try BodyRows(tables).isElsewhere(stored.place, index: index, transaction) {
                return SharedFile.lost
            }
            return ReportError(.erased, "\(what) of this version was never sent to this node")
        }
        let erasure = try EntryRows(tables: tables).required(at: place, transaction)
        let log = try LogRows(tables: tables).row(place.log, transaction)
        let detail = try JudgementRows(tables: tables).detail(at: place, transaction)
        let law = detail?["authority"]?.stringValue.map { ": \($0)" } ?? ""
        return ReportError(
            .erased,
            "\(what) of this version was erased by law at \(erasure.entry.recordedAt.zonedOfficeText)\(law)",
            details: [
                "erasedAt": .string(erasure.entry.recordedAt.description),
                "erasedBy": detail?["by"] ?? .null,
                "reason": detail?["reason"] ?? .null,
                "authority": detail?["authority"] ?? .null,
                "node": .string(log.descriptor.name),
                "entry": .string(erasure.hash.hex),
            ]
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

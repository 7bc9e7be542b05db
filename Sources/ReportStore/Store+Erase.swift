import LMDB
public import ReportModel

extension Store {
    /// Drops bodies by law; see ``WorkflowStoring``.
    public func erase(_ command: EraseCommand) async throws(ReportError) -> JSONValue {
        let result = try await self.command { [self] transaction in
            try erase(command, transaction)
        }
        guard !result.touched.isEmpty else { return result.answer }
        var members = result.answer.objectValue ?? [:]
        let isForgotten = await forgetInSearch(result.touched)
        members["overwritten"] = .bool(try await scrub() && isForgotten)
        return .object(members)
    }

    /// Drops what was erased from the search index, when there is one.
    ///
    /// What fails here is done by the indexer of the running node when it comes to the erasure.
    private func forgetInSearch(_ entries: [Hash256]) async -> Bool {
        do {
            guard try searchBox.withReadable({ $0 != nil }) else { return true }
            try await SearchIndexer(self).forget(entries)
            return true
        } catch {
            return false
        }
    }

    private struct Erased: Sendable {
        var answer: JSONValue
        var touched: [Hash256] = []
    }

    private func erase(
        _ command: EraseCommand,
        _ transaction: borrowing WriteTransaction
    ) throws -> Erased {
        let hit = try single(command.lookup, at: .now, transaction)
        let versions = try versions(command, hit, transaction)
        let bodies = try bodyTargets(command, versions, transaction)
        try checkMayJudge(bodies.map(\.stored), transaction)
        // What an office above wrote is for that office to drop.
        let words = try wordTargets(hit, versions, transaction)
        let dropped =
            command.parts.contains(.notes)
            ? try words.filter { try mayJudge($0.stored, transaction) } : []
        let targets = bodies + dropped
        if targets.isEmpty, command.parts.contains(.notes), !words.isEmpty { throw Self.noReviewer }
        let subjects = targets.flatMap(\.erased)
        guard !subjects.isEmpty else {
            throw ReportError(.conflict, "nothing of \(hit.key.text) is left to be erased")
        }
        guard Set(subjects.map(\.entry)).count <= Entry.maximumSubjectCount else {
            throw ReportError(
                .tooLarge,
                "an erasure names at most \(Entry.maximumSubjectCount) entries",
                hint: "erase one version after the other: KEY@N"
            )
        }
        let droppedIDs = Set(dropped.map(\.id))
        let kept = words.map(\.id).filter { !droppedIDs.contains($0) }
        var members: [String: JSONValue] = [
            "key": .string(hit.key.text), "rehearsal": .bool(command.isRehearsal),
            "entry": .null, "recordedAt": .null, "overwritten": .null,
            "erased": .array(targets.map { .string($0.id) }),
            "parts": .strings(command.parts.map(\.rawValue).sorted()),
            "sharedWith": .strings(try sharing(targets.map(\.stored), command, transaction)),
            "kept": .strings(kept),
        ]
        if command.isRehearsal { return Erased(answer: .object(members)) }
        let detail: JSONValue = [
            "reason": .string(command.reason),
            "authority": .string(command.authority), "by": .optional(command.by),
            "parts": .strings(command.parts.map(\.rawValue).sorted()),
        ]
        let named = Entry.erasing(subjects)
        let appended = try append(
            Statement(
                kind: .erase,
                keyHash: Entry.keyHash(of: hit.key.text),
                subjects: named.subjects,
                bodies: [Self.detail(detail, about: hit.key)],
                trailer: named.trailer,
                referred: targets.map(\.stored.entry.recordedAt)
            ),
            transaction
        )
        if !appended.touched.isEmpty { try rememberScrub(transaction) }
        members["entry"] = .string(appended.hash.hex)
        members["recordedAt"] = .string(appended.entry.recordedAt.description)
        return Erased(answer: .object(members), touched: appended.touched)
    }

    private struct ErasureTarget {
        var stored: StoredEntry
        var erased: [ErasedSubject]
        /// Number and hash of a version; kind and hash of an entry with words.
        var id: String
    }

    /// Versions that a command names.
    private func versions(
        _ command: EraseCommand,
        _ hit: Resolver.Hit,
        _ transaction: borrowing WriteTransaction
    ) throws -> [StoredEntry] {
        let versions = try HeadRows(tables: tables).versions(of: hit.number, transaction)
        guard command.lookup.version != nil else { return versions }
        let view = MomentView(tables: tables, moment: .now)
        let (place, _) = try chosen(command.lookup, hit, view, transaction)
        return versions.filter { $0.place == place }
    }

    /// Versions whose bodies a command drops, without those that are erased already.
    private func bodyTargets(
        _ command: EraseCommand,
        _ versions: [StoredEntry],
        _ transaction: borrowing WriteTransaction
    ) throws -> [ErasureTarget] {
        var kinds: [BodyKind] = []
        if command.parts.contains(.record) { kinds.append(.record) }
        if command.parts.contains(.people) { kinds.append(.people) }
        if command.parts.contains(.sources) { kinds.append(.source) }
        var targets: [ErasureTarget] = []
        for version in versions {
            let erased = try kinds.filter { kind in
                try !isErased(kind, of: version, transaction)
            }.map { ErasedSubject(entry: version.hash, selection: .kind($0)) }
            guard !erased.isEmpty else { continue }
            let id = "\(version.entry.number)-\(version.hash.shortHex)"
            targets.append(ErasureTarget(stored: version, erased: erased, id: id))
        }
        return targets
    }

    /// Entries whose words about some versions are held: notes, and the comments and reasons of judgements.
    ///
    /// An erasure keeps its own words: who dropped what by which law.
    private func wordTargets(
        _ hit: Resolver.Hit,
        _ versions: [StoredEntry],
        _ transaction: borrowing WriteTransaction
    ) throws -> [ErasureTarget] {
        let hashes = Set(versions.map(\.hash))
        var targets: [ErasureTarget] = []
        for place in try places(ofKey: hit.number, transaction) {
            let stored = try EntryRows(tables: tables).required(at: place, transaction)
            let entry = stored.entry
            guard Self.wordKinds.contains(entry.kind), !hashes.isDisjoint(with: entry.subjects),
                entry.bodies.contains(where: { $0.kind == .detail }),
                try !isErased(.detail, of: stored, transaction)
            else { continue }
            let erased = ErasedSubject(entry: stored.hash, selection: .kind(.detail))
            let id = "\(entry.kind.name)-\(stored.hash.shortHex)"
            targets.append(ErasureTarget(stored: stored, erased: [erased], id: id))
        }
        return targets
    }

    private static let wordKinds: Set<EntryKind> = [.note, .review, .retract, .reparse, .rekey]

    /// Whether an erasure names all bodies of a kind of an entry, those that may come included.
    private func isErased(
        _ kind: BodyKind,
        of stored: StoredEntry,
        _ transaction: borrowing WriteTransaction
    ) throws -> Bool {
        try Erasures(tables: tables)
            .naming(stored.hash, keyHash: stored.entry.keyHash, transaction)
            .contains { $0.selection == .all || $0.selection == .kind(kind) }
    }

    /// Other versions that keep one of the files: the same bytes are still held for them.
    private func sharing(
        _ erased: [StoredEntry],
        _ command: EraseCommand,
        _ transaction: borrowing WriteTransaction
    ) throws -> [String] {
        guard command.parts.contains(.sources) else { return [] }
        let places = Set(erased.map(\.place))
        var ids: Set<String> = []
        for stored in erased where stored.entry.kind == .submit {
            let facts = try HeadRows(tables: tables).facts(of: stored.place, transaction)
            for hash in Set(facts?.sourceHashes ?? []) {
                var rows: [[UInt8]] = []
                _ = try transaction.forEach(
                    in: tables.sourceHashes,
                    prefix: hash.bytes,
                    limit: StoreLimits.maximumCandidateCount
                ) { (key: RawSpan, _: RawSpan) throws -> ScanStep in
                    rows.append(key.withUnsafeBytes { Array($0.dropFirst(Hash256.byteCount)) })
                    return .continue
                }
                for row in rows {
                    var reader = ByteReader(row[...])
                    guard let key = reader.integer(UInt64.self),
                        let bytes = reader.take(EntryPlace.byteCount),
                        let place = EntryPlace(bytes), !places.contains(place)
                    else { continue }
                    let other = try EntryRows(tables: tables).required(at: place, transaction)
                    let text = try KeyRows(tables: tables).text(of: key, transaction) ?? "?"
                    ids.insert("\(text)@\(other.entry.number)-\(other.hash.shortHex)")
                }
            }
        }
        return ids.sorted()
    }
}

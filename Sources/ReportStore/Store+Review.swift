import LMDB
public import ReportModel

extension Store {
    /// Key of the journal under which it stands that this node's reviews are taken nowhere.
    static let reviewRule = Array("reportd/reviews".utf8)

    /// Says whether this node may judge; kept, so that commands given while the node is stopped obey.
    ///
    /// A review in the log of a node that is no reviewer would be refused by its upstream, and
    /// everything after it in the log as well.
    /// - Parameter allowed: whether reviews are taken.
    /// - Throws: ``ReportError`` of the writer.
    public func setMayReview(_ allowed: Bool) async throws(ReportError) {
        let isAllowed = try journalValue(Self.reviewRule) == nil
        guard allowed != isAllowed else { return }
        try await writeJournal([
            allowed
                ? .delete(key: Self.reviewRule)
                : .put(key: Self.reviewRule, value: Array("no".utf8))
        ])
    }

    private func checkMayReview() throws(ReportError) {
        guard try journalValue(Self.reviewRule) != nil else { return }
        throw Self.noReviewer
    }

    static var noReviewer: ReportError {
        ReportError(
            .notAllowed,
            "this node reports to another one and its key is not among its reviewers",
            hint: "its key, which reportctl status shows, must stand under reviewers: in the "
                + "configuration of this node and of the one above"
        )
    }

    /// Refuses to speak of what other nodes filed where reviews are refused, for the same reason.
    func checkMayJudge<T: ReadOperations & ~Copyable>(
        _ subjects: [StoredEntry],
        _ transaction: borrowing T
    ) throws {
        for subject in subjects where try !mayJudge(subject, transaction) {
            throw Self.noReviewer
        }
    }

    /// Refuses to speak of what the node above cannot know to be this node's own, where it would refuse the log.
    func checkIsTaken<T: ReadOperations & ~Copyable>(
        _ subject: StoredEntry,
        _ transaction: borrowing T
    ) throws {
        guard try transaction.contains(Self.reviewRule, in: tables.journal),
            try isUntaken(subject.place, transaction)
        else { return }
        throw Self.untaken
    }

    /// Whether this node may judge an entry: one of its own, or any where no rule forbids it.
    func mayJudge<T: ReadOperations & ~Copyable>(
        _ subject: StoredEntry,
        _ transaction: borrowing T
    ) throws -> Bool {
        guard try transaction.contains(Self.reviewRule, in: tables.journal) else { return true }
        return try LogRows(tables: tables).row(subject.place.log, transaction).descriptor.node
            == node
    }

    /// Judges versions in one commit; see ``WorkflowStoring``.
    public func review(_ command: ReviewCommand) async throws(ReportError) -> JSONValue {
        try checkMayReview()
        let detail = command.detail
        let items = try await writer().perform(
            byteCount: command.lookups.count * detail.canonicalBytes.count
        ) { [self] transaction in
            var items: [JSONValue] = []
            for lookup in command.lookups {
                do {
                    let target = try target(lookup, transaction)
                    try Self.check(command.verdict, target.state)
                    let judged = try judge(
                        target,
                        .review,
                        detail: detail,
                        trailer: [command.verdict.rawValue],
                        transaction
                    )
                    items.append(judged.json)
                } catch let error as ReportError where error.code != .integrity {
                    // Refused before anything was written: the others go on.
                    items.append([
                        "lookup": .string(lookup.description), "error": error.json,
                    ])
                }
            }
            return items
        }
        return ["items": .array(items)]
    }

    private static func check(_ verdict: Verdict, _ state: VersionState) throws(ReportError) {
        if state.judgement?.kind == .rekey {
            throw ReportError(.conflict, "this version was moved to another key")
        }
        switch verdict {
        case .undo:
            guard state.judgement == nil else { return }
            throw ReportError(.conflict, "no judgement of this version stands")
        case .approve, .returned:
            guard state.status == .retracted else { return }
            throw ReportError(
                .conflict,
                "this version was taken back by its unit",
                hint: "with --undo it stands again"
            )
        }
    }

    /// Takes a version back; see ``WorkflowStoring``.
    public func retract(_ command: RetractCommand) async throws(ReportError) -> JudgedVersion {
        try await self.command { [self] transaction in
            let target = try target(command.lookup, transaction)
            try checkMayJudge([target.stored], transaction)
            try checkIsTaken(target.stored, transaction)
            guard target.state.status != .retracted else {
                throw ReportError(.conflict, "this version was taken back already")
            }
            return try judge(target, .retract, detail: command.detail, transaction)
        }
    }

    /// Appends a new reading of a version; see ``WorkflowStoring``.
    public func append(_ reading: Reading) async throws(ReportError) -> JudgedVersion {
        guard let text = reading.record.key, let key = try? ReportKey(parsing: text) else {
            throw ReportError(.conflict, "the new reading has no key")
        }
        let record = Body(kind: .record, bytes: reading.record.canonicalBytes)
        guard record.bytes.count <= StoreLimits.maximumRecordByteCount else {
            throw ReportError(.tooLarge, "the record has more than 64 MiB")
        }
        var bodies = [record]
        if !reading.people.isEmpty {
            let people = JSONValue.array(reading.people.map(\.json))
            bodies.append(Body(kind: .people, bytes: people.canonicalBytes))
        }
        let made = bodies
        return try await command(byteCount: record.bytes.count) { [self] transaction in
            try append(reading, made, key: key, transaction)
        }
    }

    private func append(
        _ reading: Reading,
        _ bodies: [Body],
        key: ReportKey,
        _ transaction: borrowing WriteTransaction
    ) throws -> JudgedVersion {
        guard let place = try EntryRows(tables: tables).place(of: reading.version, transaction)
        else { throw ReportError(.notFound, "the version is not here") }
        let stored = try EntryRows(tables: tables).required(at: place, transaction)
        guard stored.entry.kind == .submit, stored.entry.keyHash == Entry.keyHash(of: key.text)
        else { throw ReportError(.conflict, "the new reading has another key") }
        try checkMayJudge([stored], transaction)
        try checkIsTaken(stored, transaction)
        let judgements = JudgementRows(tables: tables)
        let state = try judgements.state(
            of: stored.hash,
            keyHash: stored.entry.keyHash,
            at: .now,
            transaction
        )
        let current = try judgements.reading(state, transaction) ?? place
        guard let old = try BodyRows(tables).body(at: current, index: 0, transaction)
        else { throw try withheld("the record", stored, index: 0, transaction) }
        guard Hash256(hashing: old.bytes) == reading.before else {
            throw ReportError(.conflict, "the version was read anew meanwhile", hint: "try again")
        }
        let before = try? JSONValue(parsing: old.bytes)
        let detail: JSONValue = [
            "by": .optional(reading.by), "reason": .optional(reading.reason),
            "parser": [
                "from": before?["parser"] ?? .null, "to": .string(reading.record.parser),
            ],
            "rules": ["from": before?["rules"] ?? .null, "to": .string(reading.record.rules)],
        ]
        let log = try ownRow(transaction).descriptor.id
        let version = try HeadRows(tables: tables).info(stored, key: key.text, transaction)
        let target = Target(key: key, number: 0, stored: stored, version: version, state: state)
        let appended = try append(
            Statement(
                kind: .reparse,
                keyHash: stored.entry.keyHash,
                subjects: [stored.hash],
                bodies: bodies + [Self.detail(detail, about: key)],
                referred: target.referred(own: log)
            ),
            transaction
        )
        return try judged(stored, key, appended.entry, appended.hash, transaction)
    }
}

extension ReportStoring {
    /// Answers a question.
    /// - Parameters:
    ///   - query: the question.
    ///   - roster: who is expected to file, for `MISSING` and `QUEUE`.
    /// - Returns: one object; its form is in docs/protocol.md.
    /// - Throws: ``ReportError`` as the method for the question does; `usage` for `MISSING`, and for
    ///   `QUEUE` in the order of deadlines, without a roster.
    public func answer(
        _ query: StoreQuery,
        roster: Roster? = nil
    ) async throws(ReportError) -> JSONValue {
        switch query {
        case .list(let query): try await list(query.filter, at: query.moment).json
        case .diff(let query): try await diff(query).json
        case .stats(let query): try await stats(query).json
        case .trend(let query): try await trend(query).json
        case .missing(let query): try await missing(query, roster)
        case .history(let query):
            ["items": .array(try await history(query.key).map(\.json))]
        case .notes(let query):
            ["items": .array(try await notes(query.key).map(\.json))]
        case .queue(let query): try await queue(query, roster: roster)
        case .audit(let query): try await audit(query)
        case .prove(let query):
            try await prove(query.key, since: query.since).json
        case .search(let query):
            try await search(query).json
        case .diskUse:
            try await diskUse().json
        case .witnesses(let query):
            try await witnesses(query.key).json
        }
    }

    private func missing(
        _ query: MissingQuery,
        _ roster: Roster?
    ) async throws(ReportError) -> JSONValue {
        guard let roster else {
            throw Roster.missing
        }
        return try await query.answer(roster) { page throws(ReportError) in
            try await list(page.filter, at: page.moment).json
        }
    }

    /// Carries out a command; returns after the disk has it.
    /// - Parameter command: the command.
    /// - Returns: one object; its form is in docs/protocol.md.
    /// - Throws: ``ReportError`` as the method for the command does.
    public func perform(_ command: StoreCommand) async throws(ReportError) -> JSONValue {
        switch command {
        case .note(let command):
            try await append(command.note, about: command.lookup).json
        case .review(let command): try await review(command)
        case .retract(let command): try await retract(command).json
        case .rekey(let command): try await rekey(command)
        case .erase(let command): try await erase(command)
        case .peer(let command): try await perform(command)
        case .bundle(let command):
            try await importBundle(command.path, rules: command.rules)
        case .reparse:
            throw ReportError(.unsupported, "a store alone reads no files anew")
        }
    }
}

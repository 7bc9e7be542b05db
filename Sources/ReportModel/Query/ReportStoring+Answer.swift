extension ReportStoring {
    /// Answers a question.
    /// - Parameter query: the question.
    /// - Returns: one object; its form is in docs/protocol.md.
    /// - Throws: ``ReportError`` as the method for the question does.
    public func answer(_ query: StoreQuery) async throws(ReportError) -> JSONValue {
        switch query {
        case .history(let query):
            ["items": .array(try await history(query.key).map(\.json))]
        case .notes(let query):
            ["items": .array(try await notes(query.key).map(\.json))]
        case .queue(let query): try await queue(query)
        case .audit(let query): try await audit(query)
        case .prove(let query):
            try await prove(query.key, since: query.since).json
        case .search(let query):
            try await search(query).json
        case .diskUse:
            try await diskUse().json
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
        case .reparse:
            throw ReportError(.unsupported, "a store alone reads no files anew")
        }
    }
}

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
        case .prove(let query):
            try await prove(query.key, since: query.since).json
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
        }
    }
}

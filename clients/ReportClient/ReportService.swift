public import ReportModel

/// Everything a client can ask, the same for a node over TCP and a store on this disk.
///
/// Answers are the JSON that both print, byte for byte. Every method may be called from any task.
public protocol ReportService: Sendable {
    /// Gets one version.
    /// - Parameters:
    ///   - lookup: a lookup as typed, with or without `@N`.
    ///   - body: which bytes.
    ///   - moment: which moment.
    /// - Returns: the bytes asked for, and the file's name for a source.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous` with `candidates`, `erased`.
    func get(
        _ lookup: String,
        body: BodySelector,
        at moment: Moment
    ) async throws(ReportError) -> GetReply

    /// Answers a question.
    /// - Parameter query: the question.
    /// - Returns: one object; its form is in docs/protocol.md.
    /// - Throws: ``ReportError``; `not-found` and `ambiguous` with their details.
    func answer(_ query: StoreQuery) async throws(ReportError) -> JSONValue

    /// Carries out a command; returns after the disk of the store has it.
    /// - Parameter command: the command.
    /// - Returns: one object; its form is in docs/protocol.md.
    /// - Throws: ``ReportError`` `not-allowed` at a node's port: it takes commands at its socket only.
    func perform(_ command: StoreCommand) async throws(ReportError) -> JSONValue

    /// Hands in one file.
    /// - Parameters:
    ///   - name: file name.
    ///   - bytes: the file.
    ///   - given: what the document lacks.
    ///   - ifVersion: version that must be the current one.
    /// - Returns: the outcome object of DESIGN section 7.
    /// - Throws: ``ReportError`` when this or that machine has a fault; faults of the document
    ///   are an outcome.
    func submit(
        name: String,
        bytes: [UInt8],
        given: GivenFacts,
        ifVersion: Int?
    ) async throws(ReportError) -> JSONValue

    /// Figures of the node or the store.
    /// - Returns: an object.
    /// - Throws: ``ReportError``.
    func status() async throws(ReportError) -> JSONValue

    /// Checks everything that is stored.
    /// - Parameter progress: told now and then how many entries of how many were checked.
    /// - Returns: the object of ``VerifyReport``.
    /// - Throws: ``ReportError``.
    func verify(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> JSONValue

    /// Tells every entry as it arrives, until the task is cancelled or `onItem` returns false.
    /// - Parameters:
    ///   - lookup: only entries about keys that it matches; nil for all.
    ///   - position: continue after this position; nil for what comes from now on.
    ///   - onItem: called with each item in order; returning false ends the watch.
    /// - Throws: ``ReportError`` `unreachable` when the node goes away.
    func watch(
        _ lookup: String?,
        from position: UInt64?,
        onItem: @escaping @Sendable (JSONValue) -> Bool
    ) async throws(ReportError)

    /// Ends connections; nothing may be asked afterwards.
    func close() async
}

/// Bytes that a `get` returned.
public struct GetReply: Sendable {
    /// The bytes as they are printed.
    public var bytes: [UInt8]
    /// File name, for a source.
    public var name: String?

    /// Makes a reply.
    /// - Parameters:
    ///   - bytes: the bytes as they are printed.
    ///   - name: file name.
    public init(bytes: [UInt8], name: String? = nil) {
        self.bytes = bytes
        self.name = name
    }
}

extension ReportService {
    /// One page of records.
    /// - Parameter query: conditions.
    /// - Returns: the object `{rows, next}`.
    /// - Throws: ``ReportError``.
    public func list(_ query: ListQuery) async throws(ReportError) -> JSONValue {
        try await answer(.list(query))
    }

    /// Every entry about one key, oldest first.
    /// - Parameter lookup: must name one key.
    /// - Returns: an array of objects.
    /// - Throws: ``ReportError``.
    public func history(_ lookup: String) async throws(ReportError) -> JSONValue {
        let query = StoreQuery.history(KeyQuery(try Lookup(argument: lookup)))
        return try await answer(query)["items"] ?? []
    }

    /// Notes about one key, oldest first.
    /// - Parameter lookup: must name one key.
    /// - Returns: all of them, those that no longer hold as well.
    /// - Throws: ``ReportError``.
    public func notes(_ lookup: String) async throws(ReportError) -> [NoteItem] {
        let query = StoreQuery.notes(KeyQuery(try Lookup(argument: lookup)))
        let items = try await answer(query)["items"]?.arrayValue ?? []
        return items.compactMap { try? NoteItem(json: $0) }
    }
}

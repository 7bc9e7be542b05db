public import ReportIntake
public import ReportModel

/// Answers from a store in this process.
public struct LocalService: ReportService {
    /// Where answers come from.
    public let store: any ReportStoring
    private let workers: WorkerPool?

    /// Makes a service.
    /// - Parameters:
    ///   - store: where answers come from.
    ///   - workers: who parses files that are handed in; nil when nothing may be handed in.
    public init(store: any ReportStoring, workers: WorkerPool?) {
        self.store = store
        self.workers = workers
    }

    /// Gets one version; see ``ReportService``.
    public func get(
        _ lookup: String,
        body: BodySelector,
        at moment: Moment
    ) async throws(ReportError) -> GetReply {
        let answer = try await store.get(try Lookup(argument: lookup), body: body, at: moment)
        return GetReply(bytes: answer.bytes, name: answer.name)
    }

    /// Answers a question; see ``ReportService``.
    public func answer(_ query: StoreQuery) async throws(ReportError) -> JSONValue {
        try await store.answer(query)
    }

    /// Carries out a command; see ``ReportService``.
    public func perform(_ command: StoreCommand) async throws(ReportError) -> JSONValue {
        guard case .reparse(let command) = command else { return try await store.perform(command) }
        guard let workers else {
            throw ReportError(.readOnly, "this store was opened for reading")
        }
        return await Reparser(store: store, workers: workers).perform(command)
    }

    /// Hands in one file; see ``ReportService``.
    public func submit(
        name: String,
        bytes: [UInt8],
        given: GivenFacts,
        ifVersion: Int?
    ) async throws(ReportError) -> JSONValue {
        guard let workers else {
            throw ReportError(.readOnly, "this store was opened for reading")
        }
        let intake = Intake(store: store, workers: workers)
        let outcome = try await intake.submit(
            name: name,
            bytes: bytes,
            given: given,
            ifVersion: ifVersion
        )
        return outcome.json
    }

    /// Figures of the store; see ``ReportService``.
    public func status() async throws(ReportError) -> JSONValue {
        try await store.status().json
    }

    /// Checks everything that is stored; see ``ReportService``.
    public func verify(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> JSONValue {
        try await store.verify(progress: progress).json
    }

    /// Tells every entry as it arrives; see ``ReportService``.
    public func watch(
        _ lookup: String?,
        from position: UInt64?,
        onItem: @escaping @Sendable (JSONValue) -> Bool
    ) async throws(ReportError) {
        let filter = try lookup.map { text throws(ReportError) in try Lookup(argument: text) }
        let newest = try await store.status().arrival
        var seen = position ?? newest
        guard seen <= newest else {
            throw ReportError(
                .conflict,
                "this store has positions up to \(newest) only: it was made anew or restored"
            )
        }
        while !Task.isCancelled {
            let page = try await store.changes(after: seen, matching: filter, limit: 100)
            for item in page.items {
                guard onItem(item.json) else { return }
            }
            if page.upTo > seen {
                seen = page.upTo
            } else {
                do {
                    try await Task.sleep(for: .milliseconds(200))
                } catch {
                    return
                }
            }
        }
    }

    /// Stops the workers.
    public func close() async { await workers?.stop() }
}

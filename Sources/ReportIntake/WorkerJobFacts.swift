public import ReportModel

/// One request that a worker had.
public struct WorkerJobFacts: Hashable, Sendable {
    /// What was asked.
    public var operation: WorkerOperation
    /// From the request to the reply, without the wait for a worker.
    public var duration: Duration
    /// Why it failed; nil when it did not.
    public var failure: ReportError.Code?

    init(
        _ operation: WorkerOperation,
        _ duration: Duration,
        _ answer: Result<[UInt8], ReportError>
    ) {
        self.operation = operation
        self.duration = duration
        if case .failure(let error) = answer { failure = error.code }
    }
}

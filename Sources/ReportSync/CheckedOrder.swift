import ReportModel

/// Puts batches that were checked side by side back into the order in which they came.
struct CheckedOrder<Checked: Sendable>: Sendable {
    /// What may be taken at once.
    enum Run: Sendable {
        /// Batches that follow each other, with their logs.
        case checked([LogID], [Checked])
        /// One that did not verify.
        case failed(LogID, ReportError)
    }

    private var given = 0
    private var taken = 0
    private var isTaking = false
    private var ready: [Int: (log: LogID, result: Result<Checked, ReportError>)] = [:]

    /// The number of the batch that came last.
    mutating func number() -> Int {
        given += 1
        return given
    }

    /// Tells how the check of a batch ended.
    mutating func put(_ number: Int, of log: LogID, _ result: Result<Checked, ReportError>) {
        ready[number] = (log, result)
    }

    /// Begins to take what is ready, by ``next()`` until that ends.
    /// - Returns: false when somebody is at it already, who takes this as well.
    mutating func begin() -> Bool {
        defer { isTaking = true }
        return !isTaking
    }

    /// The next batches without a gap before them; nil, which ends the taking, when the next one is not
    /// checked yet.
    mutating func next() -> Run? {
        var logs: [LogID] = []
        var batches: [Checked] = []
        while let (log, result) = ready[taken + 1] {
            switch result {
            case .success(let batch):
                logs.append(log)
                batches.append(batch)
            case .failure(let error):
                guard batches.isEmpty else { return .checked(logs, batches) }
                take()
                return .failed(log, error)
            }
            take()
        }
        if batches.isEmpty { isTaking = false }
        return batches.isEmpty ? nil : .checked(logs, batches)
    }

    private mutating func take() {
        taken += 1
        ready[taken] = nil
    }
}

public import ReportModel

extension ReportService {
    /// Gets several versions with several requests under way at once, and gives them in order.
    /// - Parameters:
    ///   - lookups: lookups as typed.
    ///   - body: which bytes.
    ///   - moment: which moment.
    ///   - window: most requests under way; 1 where replies are large.
    ///   - onReply: called with each lookup and its reply or error, in the order of the lookups.
    public func get(
        _ lookups: [String],
        body: BodySelector,
        at moment: Moment,
        window: Int = 16,
        onReply: (String, Result<GetReply, ReportError>) async -> Void
    ) async {
        var pending: [Task<Result<GetReply, ReportError>, Never>] = []
        var next = 0
        for (index, lookup) in lookups.enumerated() {
            while next < lookups.count, next - index < max(1, window) {
                let wanted = lookups[next]
                pending.append(
                    Task {
                        do throws(ReportError) {
                            return .success(try await get(wanted, body: body, at: moment))
                        } catch {
                            return .failure(error)
                        }
                    }
                )
                next += 1
            }
            await onReply(lookup, await pending.removeFirst().value)
        }
    }
}

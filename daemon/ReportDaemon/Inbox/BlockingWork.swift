import Dispatch

/// Runs calls that block on threads of their own, so that a slow share holds up nobody else.
///
/// The number of threads is bounded by the callers: files in work, one scan, one receipt.
struct BlockingWork: Sendable {
    /// Whether everything runs where it is called: for a simulator, which has one thread.
    var isInline = false
    private let queue = DispatchQueue(label: "reportd.inbox.disk", attributes: .concurrent)

    /// Runs a body elsewhere and returns what it returned or threw.
    func run<T: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> T
    ) async throws(E) -> T {
        if isInline { return try body() }
        let result: Result<T, E> = await withCheckedContinuation { continuation in
            queue.async {
                let result: Result<T, E>
                do throws(E) {
                    result = .success(try body())
                } catch {
                    result = .failure(error)
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}

import NIOCore
import ReportModel
import ReportWire

/// The requests that have several replies.
extension RequestAnswerer {
    /// Sends the replies of a `WATCH` until the task is cancelled.
    /// - Parameters:
    ///   - lookup: only entries about keys that it matches.
    ///   - position: continue after this position; nil: from now on.
    ///   - isEnding: whether the client closed its sending side: then only what there is now.
    ///   - send: writes one reply and waits until the client reads.
    /// - Throws: ``ReportError`` of the store or the lookup, or what `send` throws.
    func watch(
        _ lookup: String?,
        from position: UInt64?,
        isEnding: @Sendable () -> Bool,
        send: @Sendable (Reply) async throws -> Void
    ) async throws {
        let filter = try lookup.map { text throws(ReportError) in try Self.lookup(text) }
        var commits = await store.waitForCommit(after: .max)
        var seen: UInt64
        if let position {
            seen = position
        } else {
            seen = try await store.status().arrival
        }
        var isFirst = true
        while !Task.isCancelled {
            let page = try await store.changes(after: seen, matching: filter, limit: 200)
            for item in page.items { try await send(.json(item.json)) }
            let moved = page.upTo > seen
            seen = max(seen, page.upTo)
            if moved { continue }
            if isFirst || isEnding() { try await send(mark(seen)) }
            isFirst = false
            if isEnding() { return }
            let known = commits
            let next = await withTimeout(WireLimits.watchKeepAliveInterval) {
                await store.waitForCommit(after: known)
            }
            if let next {
                commits = next
            } else if !Task.isCancelled {
                try await send(mark(seen))
            }
        }
    }

    private func mark(_ position: UInt64) -> Reply {
        .json(["position": .integer(Int(clamping: position))])
    }

    /// Sends progress and the report of a `VERIFY`.
    /// - Parameter send: writes one reply.
    func verify(send: @escaping @Sendable (Reply) -> Void) async {
        do throws(ReportError) {
            let report = try await store.verify { done, total in
                send(.json(["done": .integer(done), "total": .integer(total)]))
            }
            send(.json(report.json))
        } catch {
            send(.error(error))
        }
    }
}

/// Runs an operation that heeds cancellation for at most a time; nil when the time is over.
func withTimeout<T: Sendable>(
    _ limit: Duration,
    _ operation: @escaping @Sendable () async -> T
) async -> T? {
    await withTaskGroup(of: T?.self) { group in
        group.addTask { await operation() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
}

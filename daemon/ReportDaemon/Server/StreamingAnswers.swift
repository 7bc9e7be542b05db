import NIOCore
import ReportModel
import ReportWire

/// The requests that have several replies.
extension RequestAnswerer {
    /// Sends the replies of a `WATCH` until the task is cancelled.
    /// - Parameters:
    ///   - lookup: only entries about keys that it matches.
    ///   - position: continue after this position; nil: from now on.
    ///   - ending: set when the client closed its sending side: then only what there is now.
    ///   - scope: for which regions.
    ///   - send: writes one reply and waits until the client reads.
    /// - Throws: ``ReportError`` of the store or the lookup, or what `send` throws.
    func watch(
        _ lookup: String?,
        from position: UInt64?,
        ending: EndSignal,
        scope: RequestScope,
        send: @Sendable (Reply) async throws -> Void
    ) async throws {
        let filter = try lookup.map { text throws(ReportError) in try Lookup(argument: text) }
        var commits = await store.waitForCommit(after: .max)
        let newest = try await store.status().arrival
        var seen = position ?? newest
        guard seen <= newest else {
            throw ReportError(
                .conflict,
                "this node has positions up to \(newest) only: it was made anew or restored"
            )
        }
        var isFirst = true
        while !Task.isCancelled {
            let page = try await store.changes(after: seen, matching: filter, limit: 200)
            for item in page.items {
                let json = item.json
                if scope.covers(keyText: json["key"]?.stringValue ?? "") {
                    try await send(.json(json))
                }
            }
            let moved = page.upTo > seen
            seen = max(seen, page.upTo)
            if moved { continue }
            // Asked once: an end that comes now must not be taken for looked at.
            let isEnding = ending.isSet
            if isFirst || isEnding { try await send(mark(seen)) }
            isFirst = false
            if isEnding { return }
            switch await nextEvent(after: commits, ending) {
            case .commit(let number): commits = number
            case .end: break
            case .silence: if !Task.isCancelled { try await send(mark(seen)) }
            }
        }
    }

    private func mark(_ position: UInt64) -> Reply {
        .json(["position": .integer(Int(clamping: position))])
    }

    /// Sends progress and the report of a `VERIFY`.
    /// - Parameter send: writes one reply.
    func verify(send: @escaping @Sendable (Reply) -> Void) async {
        guard verifyTurn.take() else {
            return send(
                .error(
                    ReportError(.conflict, "a check is running", hint: "ask again when it is over")
                )
            )
        }
        defer { verifyTurn.end() }
        do throws(ReportError) {
            let report = try await verifyStore { done, total in
                send(.json(["done": .integer(done), "total": .integer(total)]))
            }
            send(.json(report.json))
        } catch {
            send(.error(error))
        }
    }
}

/// What ends the wait of a watch.
private enum WatchEvent: Sendable {
    case commit(UInt64)
    case end
    case silence
}

extension RequestAnswerer {
    /// Waits for a commit, the client's end, or the time of a heartbeat.
    private func nextEvent(after known: UInt64, _ ending: EndSignal) async -> WatchEvent {
        await withTaskGroup(of: WatchEvent.self) { group in
            group.addTask { .commit(await store.waitForCommit(after: known)) }
            group.addTask {
                await ending.wait()
                return .end
            }
            group.addTask {
                try? await Task.sleep(for: WireLimits.watchKeepAliveInterval)
                return .silence
            }
            let first = await group.next() ?? .silence
            group.cancelAll()
            return first
        }
    }
}

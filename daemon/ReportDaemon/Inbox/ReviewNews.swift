import Logging
import ReportModel
import ReportStore

/// Tells inboxes what became of the versions that were filed through them.
///
/// Goes through the changes of the store, own and replicated, and remembers how far it came.
struct ReviewNews: Sendable {
    private static let position = Array("reportd/review-news".utf8)

    let store: Store
    let inboxes: [Inbox]
    let logger: Logger

    /// Runs until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let seen = store.commitCount
            do throws(ReportError) {
                while try await step() {}
            } catch {
                logger.error("receipts of reviewed reports could not be completed: \(error)")
            }
            if Task.isCancelled { return }
            _ = await store.waitForCommit(after: seen)
        }
    }

    /// Looks at some changes; false when there are no more.
    private func step() async throws(ReportError) -> Bool {
        let bytes = try store.journalValue(Self.position)
        guard let after = bytes.flatMap({ UInt64(String(decoding: $0, as: UTF8.self)) }) else {
            // Nothing was told before this program could tell it.
            try await remember(try await store.status().arrival)
            return true
        }
        let page = try await store.changes(
            after: after,
            matching: nil,
            limit: InboxLimits.journalPageCount
        )
        guard page.upTo > after else { return false }
        var isNews = false
        for item in page.items where [.review, .retract, .rekey].contains(item.kind) {
            isNews = true
            await tell(item)
        }
        // A few filings are looked at again; a judgement is not told twice.
        if isNews || page.items.count == InboxLimits.journalPageCount {
            try await remember(page.upTo)
            return true
        }
        return false
    }

    private func remember(_ position: UInt64) async throws(ReportError) {
        try await store.writeJournal([
            .put(key: Self.position, value: Array(String(position).utf8))
        ])
    }

    private func tell(_ item: HistoryItem) async {
        guard let about = item.about.first, !item.version.key.isEmpty,
            let lookup = try? Lookup(parsing: "\(item.version.key)@\(about)"),
            let versions = try? await store.history(lookup),
            let version = versions.first(where: { $0.kind == .submit && $0.version.id == about })
        else { return }
        let isUndo = item.kind == .review && item.detail?["verdict"] == "undo"
        for inbox in inboxes {
            await inbox.judged(
                isUndo ? version.version.status : item.version.status,
                log: version.version.log,
                sequence: version.version.sequence,
                at: item.version.recordedAt,
                by: item.detail?["by"]?.stringValue ?? item.version.node,
                comment: item.version.comment
            )
        }
    }
}

package import ReportModel

/// An inbox one attempt at a time, on the thread of whoever asks.
///
/// For a simulator, which brings its own time, its own chance and its own ends of the process. The daemon's
/// inboxes run by themselves: see ``Inbox``.
package struct InboxAttempts: Sendable {
    /// What came of an attempt.
    package enum Result: Hashable, Sendable {
        /// The file has its outcome, and lies in this folder.
        case finished(folder: String)
        /// There is no such file any more, and nothing is noted of it.
        case gone
        /// Another attempt must follow.
        case again
    }

    private let filer: InboxFiler

    /// Makes an inbox for the life of one process.
    /// - Parameters:
    ///   - configuration: the folder and what is known about its files.
    ///   - journal: what survives a crash.
    ///   - submit: takes a file to the store.
    ///   - now: the wall clock of receipts and notes.
    ///   - failpoint: called between all steps; what it throws ends the attempt there, as a crash does.
    package init(
        configuration: InboxConfiguration,
        journal: any InboxJournal,
        submit: @escaping Inbox.Submit,
        now: @escaping @Sendable () -> Timestamp,
        failpoint: @escaping @Sendable (InboxFailpoint) throws -> Void
    ) {
        filer = InboxFiler(
            configuration: configuration,
            disk: InboxDisk(root: Array(configuration.path.utf8)),
            work: BlockingWork(isInline: true),
            journal: journal,
            submit: submit,
            prove: { _, _ in nil },
            now: now,
            failpoint: failpoint
        )
    }

    /// Makes the outcome folders, and reserves the names that files in work are to get.
    /// - Throws: ``ReportModel/ReportError`` of the folder or the journal.
    package func prepare() async throws(ReportError) {
        do throws(FileFault) { try filer.disk.prepare() } catch { throw error.reportError }
        for row in try await filer.journal.rows(filer.keys.notes) {
            guard let target = FileNote(bytes: row.value)?.decision?.target else { continue }
            filer.reservations.insert(target)
        }
    }

    /// Makes one attempt at a file.
    /// - Parameter name: its name in the folder.
    /// - Returns: what came of it.
    package func attempt(_ name: String) async -> Result {
        let path = InboxPath([Array(name.utf8)])
        switch await filer.process(FileJob(path: path, stamp: nil, isYoung: false)) {
        case .finished(let file, _): return .finished(folder: file.outcome.folderName)
        case .gone: return .gone
        case .unchanged, .changed, .incomplete, .skipped, .problem: return .again
        }
    }
}

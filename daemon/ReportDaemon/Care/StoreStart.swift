import Glibc
import Logging
import ReportModel
import ReportPostgres
import ReportStore

/// Opens the store of a node: for writing, unless the last run left reason to check its pages and the
/// check finds damage.
///
/// Source: docs/decisions/0020-damaged-pages.md.
struct StoreStart {
    /// The store.
    var store: Store
    /// The same store where its logs are those of a database; nil as well while it is only read.
    var shared: SharedStore?
    /// Why it is open for reading only; nil when it is open for writing.
    var trouble: StoreTrouble?
    /// Keeps others from writing a store that this node does not write.
    var lock: StoreLock?
    /// Takes notes of how this run ends.
    var guardian: NodeGuard

    /// Signals since everything was sound after which a sound store is not written any more.
    private static let maximumSignalCount = 3

    /// Opens the store.
    /// - Parameters:
    ///   - configuration: names the folder.
    ///   - logger: told what was found.
    ///   - open: opens it for writing.
    /// - Returns: the store, and why it is not written when that is so.
    /// - Throws: ``ReportError`` when it cannot be opened for reading either.
    static func open(
        _ configuration: NodeConfiguration,
        _ logger: Logger,
        _ open: () async throws(ReportError) -> (store: Store, shared: SharedStore?)
    ) async throws(ReportError) -> StoreStart {
        try StoreFaults.survivePageFaults()
        let guardian = NodeGuard(directory: configuration.store)
        let past = guardian.past
        if past.asksForCheck {
            // A large store on a slow disk takes longer than a start usually does.
            ServiceManager().extend(by: DaemonLimits.migrationTime)
            logger.warning(
                "the last run met damage or ended by a fault: the pages of the store are checked first",
                metadata: ["signals": "\(past.signals)"]
            )
            if let trouble = try await trouble(configuration.store, past) {
                return try readOnly(configuration, guardian, trouble, logger)
            }
            logger.info("the pages of the store are sound")
            if StoreFaults.discardDamagedSearch(directory: configuration.store) {
                logger.warning("the search index was damaged: it is made anew")
            }
            if past.isMarked { guardian.clear(restarts: past.restartCount) }
        }
        // A fault of writing that nobody was told of: nothing was acknowledged after it, and the first
        // commit would take it for its own.
        if let number = StoreFaults.syncDataFiles(directory: configuration.store) {
            logger.warning(
                "writes of the last run did not reach the disk",
                metadata: ["reason": "\(String(cString: strerror(number)))"]
            )
        }
        do throws(ReportError) {
            let (store, shared) = try await open()
            guardian.begin()
            // A commit whose last write failed may be seen all the same, and must be on the disk before
            // anything is answered from it: this one puts everything before it there. A full disk takes
            // none, and no answers that would have to wait for it.
            let time = Array(Timestamp.now.description.utf8)
            _ = try? await store.writeJournal([.put(key: Array("started".utf8), value: time)])
            store.lookForFault()
            if let refusal = store.writeRefusal {
                if let shared { shared.close() } else { store.close() }
                let trouble = StoreTrouble(.writeFault, refusal.message)
                return try readOnly(configuration, guardian, trouble, logger)
            }
            return StoreStart(store: store, shared: shared, guardian: guardian)
        } catch {
            guard error.code == .integrity,
                let report = try? await VerifyProcess.run(check(configuration.store)),
                report.hasDamagedPages
            else {
                guardian.end(isSound: !past.isUnclean)
                throw error
            }
            return try readOnly(configuration, guardian, StoreTrouble(pages: report), logger)
        }
    }

    /// The command that checks the pages in a child of this program.
    static func check(_ directory: String) -> VerifyProcess.Command {
        VerifyProcess.Command(arguments: [VerifyWord.text, directory, VerifyWord.onlyPages])
    }

    private static func trouble(
        _ directory: String,
        _ past: NodeGuard.Past
    ) async throws(ReportError) -> StoreTrouble? {
        let report: VerifyReport
        do throws(ReportError) {
            report = try await VerifyProcess.run(check(directory))
        } catch {
            // No store yet: whatever ended the run was before it.
            guard error.code == .notFound else { throw error }
            return nil
        }
        if report.hasDamagedPages { return StoreTrouble(pages: report) }
        guard past.signals.count >= maximumSignalCount else { return nil }
        return StoreTrouble(
            .crashes,
            "it ended \(past.signals.count) times by a fault of its own (signals \(past.signals))"
        )
    }

    private static func readOnly(
        _ configuration: NodeConfiguration,
        _ guardian: NodeGuard,
        _ trouble: StoreTrouble,
        _ logger: Logger
    ) throws(ReportError) -> StoreStart {
        guardian.mark()
        logger.critical(
            "READ ONLY: \(trouble.message)",
            metadata: ["reason": "\(trouble.reason.rawValue)", "what to do": "\(trouble.hint)"]
        )
        let lock = try StoreLock(directory: configuration.store, holder: configuration.holder)
        do throws(ReportError) {
            let store = try Store.openReadOnly(directory: configuration.store, loadsKey: true)
            store.refuseWrites(trouble.refusal)
            return StoreStart(store: store, trouble: trouble, lock: lock, guardian: guardian)
        } catch {
            throw ReportError(
                .integrity,
                "\(error.message); \(trouble.message)",
                hint: trouble.hint
            )
        }
    }
}

import Logging
import ReportIntake
import ReportModel
import ReportStore

/// The inboxes of a node, and what they are told of the city.
extension Daemon {
    /// The inboxes of the configuration; nothing runs yet.
    func makeInboxes(
        store: Store,
        intake: Intake,
        _ telemetry: Telemetry
    ) -> [Inbox] {
        let journal = StoreJournal(store: store)
        return configuration.inboxes.map { folder in
            Inbox(
                configuration: InboxConfiguration(
                    path: folder.path,
                    year: folder.year,
                    region: folder.region,
                    unit: folder.unit,
                    divisions: divisions
                ),
                journal: journal,
                submit: { name, bytes, given, check throws(ReportError) in
                    try await intake.submit(name: name, bytes: bytes, given: given, check: check)
                },
                prove: { log, sequence in
                    try? await store.prove(log: log, sequence: sequence).json
                },
                log: { [logger] event in
                    if case .finished(let file) = event.kind { telemetry.finished(file) }
                    event.write(to: logger)
                }
            )
        }
    }

    /// Completes receipts by what upstreams have signed, after a bundle brought it.
    static func tellOfUpstreams(
        _ configuration: NodeConfiguration,
        _ inboxes: [Inbox],
        _ store: Store,
        _ logger: Logger
    ) async {
        guard let states = try? await store.logStates() else { return }
        for state in states where state.descriptor.node == store.node {
            for upstream in configuration.upstreamKeys {
                let log = state.descriptor.id
                if let signed = try? await store.acknowledgement(log: log, from: upstream) {
                    tell(inboxes, signed, configuration, store, logger)
                }
            }
        }
    }

    /// Completes receipts when a peer has signed for entries of this node's own log.
    static func tell(
        _ inboxes: [Inbox],
        _ acknowledgement: Acknowledgement,
        _ configuration: NodeConfiguration,
        _ store: Store,
        _ logger: Logger
    ) {
        Task {
            do throws(ReportError) {
                let logs = try await store.logStates()
                let name = logs.last { $0.descriptor.node == acknowledgement.node }
                for inbox in inboxes {
                    await inbox.acknowledged(
                        log: acknowledgement.position.log,
                        upTo: acknowledgement.position.sequence,
                        at: acknowledgement.receivedAt,
                        by: name?.descriptor.name
                            ?? configuration.upstreamNames[acknowledgement.node]
                            ?? acknowledgement.node.description
                    )
                }
            } catch {
                logger.error("a receipt could not be completed: \(error)")
            }
        }
    }

    /// Keeps the page for the clerk in each inbox.
    func pageKeepers(
        _ store: Store,
        _ roster: RosterFile?,
        _ watched: [Inbox]
    ) -> [YearPageKeeper] {
        zip(configuration.inboxes, watched).map { inbox, watched in
            let facts = YearFacts(
                store: store,
                inbox: inbox,
                name: configuration.name,
                upstreams: configuration.signers,
                roster: { () throws(ReportError) in try roster?.current() },
                waiting: { await watched.status.waiting }
            )
            return YearPageKeeper(facts, logger: logger)
        }
    }

    /// Notes what bundles may hold for whom, so that `reportctl bundle export` goes by it.
    static func noteGrants(
        _ access: Access,
        _ configuration: NodeConfiguration,
        in store: Store,
        _ logger: Logger
    ) async {
        do throws(ReportError) {
            try await store.noteBundleGrants(configuration.bundleGrants(access.grants))
        } catch {
            logger.error("bundles are made by older grants: these could not be noted: \(error)")
        }
    }

    /// Notes where the inboxes are, so that `reportctl inbox --store` finds them while the node is stopped.
    func noteInboxes(in store: Store) async {
        let note = InboxList.bytes(configuration.inboxes.map(\.path))
        do throws(ReportError) {
            guard try store.journalValue(InboxList.journalKey) != note else { return }
            try await store.writeJournal([.put(key: InboxList.journalKey, value: note)])
        } catch {
            // Without room it is noted at the next start.
            logger.warning("the places of the inboxes could not be noted: \(error)")
        }
    }
}

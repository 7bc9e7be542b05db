import Logging
import ReportModel
import ReportStore

/// Everything that looks after a running node's store: damage, verification, room, backups.
struct NodeCare: Sendable {
    private let damage: DamageWatch
    /// The verification in the background.
    let watch: StoreWatch
    /// The scheduled backups; nil when there are none.
    let backups: BackupKeeper?
    private let start: StoreStart

    /// Makes what the configuration asks for; nothing runs yet.
    init(_ configuration: NodeConfiguration, _ start: StoreStart, _ logger: Logger) {
        self.start = start
        damage = DamageWatch(start, directory: configuration.store, logger: logger)
        watch = StoreWatch(
            store: start.store,
            directory: configuration.store,
            interval: configuration.verificationInterval,
            isDue: start.guardian.past.isUnclean,
            logger: logger
        )
        backups = configuration.backup.map { settings in
            BackupKeeper(
                store: start.store,
                directory: configuration.store,
                settings: settings,
                isShared: configuration.database != nil,
                logger: logger
            )
        }
    }

    /// Whether the store was opened for writing.
    var isWriting: Bool { start.trouble == nil }

    /// Members of `STATUS`.
    var status: [String: JSONValue] {
        watch.status.merging(damage.status) { _, new in new }
            .merging(backups?.status ?? ["backup": .null]) { _, new in new }
    }

    /// What runs as long as the node does.
    var work: [@Sendable () async -> Void] {
        let (damage, watch, backups) = (damage, watch, backups)
        var work: [@Sendable () async -> Void] = [{ await damage.run() }]
        guard isWriting else { return work }
        work.append { await watch.watchRoom() }
        work.append { await watch.watchStamps() }
        work.append { await watch.verifyRegularly { damage.notice($0) } }
        work.append { await watch.watchReads() }
        if let backups { work.append { await backups.run() } }
        return work
    }

    /// Verifies the store in a child because somebody asked.
    /// - Parameter progress: told how many entries of how many were checked.
    /// - Returns: the report.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    func verify(
        _ progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws(ReportError) -> VerifyReport {
        let report = try await watch.verifyNow(progress)
        damage.notice(report)
        return report
    }

    /// Whether the program is to be started anew when it has ended.
    var isRestartWanted: Bool { damage.isRestartWanted }

    /// To be called when the store is closed.
    /// - Returns: whether the program is to be started anew.
    func end() -> Bool {
        // Somebody who ends a node with a fault has looked at it.
        if !isRestartWanted { start.guardian.forgetRestarts() }
        start.guardian.end(isSound: damage.trouble == nil)
        return isRestartWanted
    }
}

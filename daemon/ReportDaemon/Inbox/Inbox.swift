public import ReportIntake
public import ReportModel

/// One folder that staff drop files into: every file ends in exactly one outcome folder.
///
/// The kernel's hints make it quick, rescans make it certain. ``run()`` works until its task is
/// cancelled; everything else may be called from any task at any time.
///
/// Source: DESIGN section 7, Inbox.
public actor Inbox {
    /// Takes a file to the store: name, content, what is known about it, and what throws when it may not be
    /// filed under its key.
    ///
    /// A fault of the document is an outcome `rejected`; whatever is thrown is tried again.
    public typealias Submit =
        @Sendable (
            _ name: String, _ bytes: [UInt8], _ given: GivenFacts,
            _ check: @Sendable (ReportKey) throws(ReportError) -> Void
        ) async throws(ReportError) -> SubmitOutcome

    /// Proves an entry: the object of ``Proof``, nil while that cannot be.
    public typealias Prove = @Sendable (_ log: LogID, _ sequence: UInt64) async -> JSONValue?

    /// What the inbox was made with.
    public nonisolated let configuration: InboxConfiguration

    nonisolated let filer: InboxFiler
    nonisolated let wake = WakeSignal()
    private let log: @Sendable (InboxEvent) -> Void

    var mode = InboxStatus.Mode.stopped
    var watcher: InboxWatcher?
    var identity: [UInt64]?
    var nextScan: ContinuousClock.Instant?
    var lastScan: Timestamp?
    var isPartialScan = false
    var isIdle = false
    var isDead = false

    var tracked: [InboxPath: TrackedFile] = [:]
    var deadlines = DeadlineHeap()
    var ready: [InboxPath] = []
    var readyStart = 0
    var working: [InboxPath: Task<Void, Never>] = [:]
    /// Entries that are only listed, by scan or because an attempt found out.
    var listed: [InboxPath: WaitingFile.Reason] = [:]
    var skipped: [InboxPath: FileStamp] = [:]
    /// Files in 待处理 as they were when they were last tried.
    var pendingSeen: [InboxPath: LookStamp] = [:]
    /// Owners of the forms in 待处理.
    var formOwners: [[UInt8]: InboxPath] = [:]

    var backoff = Backoff()
    var lastFault: ReportError?
    var finished: [InboxOutcome: Int] = [:]
    var cityMarks: [LogID: CityMark] = [:]

    /// Makes an inbox; nothing happens before ``run()``.
    /// - Parameters:
    ///   - configuration: the folder and what is known about its files.
    ///   - journal: what survives a crash; may be shared by several inboxes.
    ///   - submit: takes a file to the store.
    ///   - prove: proves an entry for its receipt; by default nothing is proven.
    ///   - now: the wall clock of receipts and notes.
    ///   - log: told each event, from any thread, in order.
    public init(
        configuration: InboxConfiguration,
        journal: any InboxJournal,
        submit: @escaping Submit,
        prove: @escaping Prove = { _, _ in nil },
        now: @escaping @Sendable () -> Timestamp = { .now },
        log: @escaping @Sendable (InboxEvent) -> Void
    ) {
        self.init(
            configuration: configuration,
            journal: journal,
            submit: submit,
            prove: prove,
            now: now,
            log: log,
            failpoint: { _ in }
        )
    }

    /// Makes an inbox that dies where `failpoint` throws, as if the machine lost power.
    package init(
        configuration: InboxConfiguration,
        journal: any InboxJournal,
        submit: @escaping Submit,
        prove: @escaping Prove = { _, _ in nil },
        now: @escaping @Sendable () -> Timestamp,
        log: @escaping @Sendable (InboxEvent) -> Void,
        failpoint: @escaping @Sendable (InboxFailpoint) throws -> Void
    ) {
        self.configuration = configuration
        self.log = log
        var root = Array(configuration.path.utf8)
        while root.count > 1, root.last == 0x2F { root.removeLast() }
        filer = InboxFiler(
            configuration: configuration,
            disk: InboxDisk(root: root),
            journal: journal,
            submit: submit,
            prove: prove,
            now: now,
            failpoint: failpoint
        )
    }

    func tell(_ kind: InboxEvent.Kind) {
        log(InboxEvent(inbox: FileName.display(filer.disk.root), kind: kind))
    }

    /// How the inbox stands.
    public var status: InboxStatus {
        let stuck = listed.map { path, reason in
            WaitingFile(file: path.description, reason: reason, message: nil, attempts: 0)
        }
        let limit = InboxLimits.maximumListedFileCount
        var waiting = Array(stuck.sorted { $0.file < $1.file }.prefix(limit))
        for state in [TrackedFile.State.waiting, .working, .ready, .settling] {
            for (path, file) in tracked where waiting.count < limit && file.state == state {
                waiting.append(Self.waiting(path, file))
            }
        }
        return InboxStatus(
            path: FileName.display(filer.disk.root),
            mode: mode,
            finished: finished,
            pendingCount: pendingSeen.count,
            workingCount: working.count,
            queuedCount: ready.count - readyStart,
            waiting: waiting,
            more: stuck.count + tracked.count - waiting.count,
            fault: lastFault,
            lastScan: lastScan
        )
    }

    private static func waiting(_ path: InboxPath, _ file: TrackedFile) -> WaitingFile {
        let reason: WaitingFile.Reason =
            switch file.state {
            case .settling: .settling
            case .ready: .queued
            case .working: .working
            case .waiting: file.waiting?.reason ?? .fault
            }
        return WaitingFile(
            file: path.description,
            reason: reason,
            message: file.state == .waiting ? file.waiting?.message : nil,
            attempts: file.attempts
        )
    }
}

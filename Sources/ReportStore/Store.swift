import Glibc
import LMDB
public import ReportModel
import Synchronization

/// The append-only store of versioned reports on LMDB.
///
/// One process writes, any number of processes read. Reads see a snapshot and never wait for the
/// writer. Nothing stored is ever changed; every answer of an append comes after its fsync.
///
/// Source: docs/format.md; DESIGN sections 3 to 5.
public final class Store: Sendable {
    /// How a store is opened.
    public struct Options: Sendable {
        /// Name of the node, for a store that is made or that begins a new log.
        public var nodeName: String
        /// Who holds the writer's lock, for others to read: an address; nil: the process id.
        public var holder: String?
        /// Whether a store is made when there is none.
        public var creates: Bool
        /// Size of the map; nil: as large as the file system.
        public var mapByteCount: Int?
        /// The divisions that lookups are understood by, with local names.
        public var divisions: Divisions
        /// From how much room on a warning is given, and writes are refused.
        public var disk = DiskThresholds()
        /// Told before the store is brought from an older format to the next: a moment to say that
        /// there should be a backup.
        public var onMigration: @Sendable (_ from: Int, _ to: Int) -> Void = { _, _ in }
        /// Where every commit must be durable before it counts here; nil: this store is all there is.
        package var sink: (any CommitSink)?
        /// Told of each commit, on the thread of the writer, which waits for it.
        public var onCommit: @Sendable (CommitFacts) -> Void = { _ in }
        /// The formats that are known; another one only in tests.
        package var format = StoreFormat.current
        /// The clock.
        public var clock: @Sendable () -> Timestamp

        /// Makes options.
        /// - Parameters:
        ///   - nodeName: name of the node.
        ///   - holder: who holds the writer's lock.
        ///   - creates: whether a store is made when there is none.
        ///   - mapByteCount: size of the map.
        ///   - divisions: the divisions, with local names.
        ///   - clock: the clock.
        public init(
            nodeName: String = "local",
            holder: String? = nil,
            creates: Bool = true,
            mapByteCount: Int? = nil,
            divisions: Divisions = .standard,
            clock: @escaping @Sendable () -> Timestamp = { .now }
        ) {
            self.nodeName = nodeName
            self.holder = holder
            self.creates = creates
            self.mapByteCount = mapByteCount
            self.divisions = divisions
            self.clock = clock
        }
    }

    /// Name of the socket in the store's folder where the node that writes it takes administrators.
    public static let socketName = "node.sock"

    let environment: Environment
    let tables: Tables
    let clock: @Sendable () -> Timestamp
    let commits = CommitSignal()
    let stateCache = LogStateCache()
    let scrubber = Scrubber()
    let key: NodeKey?
    let nodeName: String
    let divisions: Divisions
    let searchBox: SearchBox
    let diskGuard: DiskGuard
    private let lock: Int32?
    private let isReleased = Atomic(false)
    private let isRebuilding = Atomic(false)
    private let writerBox: WriterBox
    private let refusal = Mutex<ReportError?>(nil)
    private let damageCount = Atomic(0)
    private let damagedValues = DamagedValues()

    /// The node whose store this is.
    public let node: NodeID

    private init(
        environment: Environment,
        tables: Tables,
        options: Options,
        key: NodeKey?,
        identity: StoreIdentity,
        lock: Int32?
    ) {
        self.environment = environment
        self.tables = tables
        self.key = key
        self.lock = lock
        clock = options.clock
        node = identity.node
        nodeName = identity.name
        divisions = options.divisions
        writerBox = WriterBox()
        diskGuard = DiskGuard(path: environment.path, thresholds: options.disk)
        searchBox = SearchBox(
            directory: environment.path,
            mapByteCount: options.mapByteCount,
            isOwner: lock != nil
        )
    }

    /// Opens a store for writing, and makes it when there is none and `creates` is set.
    ///
    /// Makes the node's key at the first start, and a new log when the store is new or was copied
    /// from another machine.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - options: how it is opened.
    /// - Returns: the store; ``close()`` ends it.
    /// - Throws: ``ReportError`` `conflict` with details `holder` when another process writes it,
    ///   `not-found` when there is none, `unsupported` when it has a newer format.
    public static func open(
        directory: String,
        options: Options = Options()
    ) throws(ReportError) -> Store {
        try StoreFailure.mapped {
            let isThere = access(directory + "/data.mdb", F_OK) == 0
            guard isThere || options.creates && !directory.contains("://") else {
                throw StoreIdentity.missing(directory)
            }
            try RestoreFolder.clear(directory, isStore: isThere)
            try NodeFiles.makeDirectory(directory)
            let lock = try NodeFiles.lock(
                directory: directory,
                holder: options.holder ?? "process \(getpid())"
            )
            do {
                return try openLocked(directory, options, lock)
            } catch {
                NodeFiles.unlock(lock)
                throw error
            }
        }
    }

    private static func openLocked(
        _ directory: String,
        _ options: Options,
        _ lock: Int32
    ) throws -> Store {
        var settings = Environment.Options()
        settings.mapByteCount = options.mapByteCount
        try NodeFiles.refuseLinks(in: directory)
        let environment = try Environment(path: directory, options: settings)
        do {
            try StoreIdentity.refuseNewerFormat(environment, than: options.format.number)
            // What refuses the opening comes before anything is changed.
            let key = try NodeFiles.loadOrCreateKey(in: directory)
            try options.format.migrate(environment) { from, to in
                options.onMigration(Int(from), Int(to))
            }
            let tables = try Tables(
                in: environment,
                creates: true,
                sink: options.sink
            )
            let identity = try environment.write {
                (transaction: borrowing WriteTransaction) throws -> StoreIdentity in
                try StoreIdentity.prepare(tables, key: key, options: options, transaction)
            }
            try finishRebuild(environment, tables)
            let store = Store(
                environment: environment,
                tables: tables,
                options: options,
                key: key,
                identity: identity,
                lock: lock
            )
            store.startWriter(onCommit: options.onCommit, sink: options.sink)
            store.scrubLater()
            return store
        } catch {
            try? environment.close()
            throw error
        }
    }

    /// Opens a store for reading only; a writer may be at work in another process.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - loadsKey: whether the node's key is read, for a node that serves what can still be read.
    /// - Returns: the store; ``close()`` ends it.
    /// - Throws: ``ReportError`` `not-found` when there is none, `conflict` while another process makes
    ///   its derived tables anew.
    public static func openReadOnly(
        directory: String,
        loadsKey: Bool = false
    ) throws(ReportError) -> Store {
        try StoreFailure.mapped {
            guard access(directory + "/data.mdb", F_OK) == 0 else {
                throw StoreIdentity.missing(directory)
            }
            try NodeFiles.refuseLinks(in: directory)
            var settings = Environment.Options()
            settings.readOnly = true
            let environment = try Environment(path: directory, options: settings)
            do {
                try StoreIdentity.refuseNewerFormat(environment, than: Metadata.format)
                try StoreIdentity.refuseOlderFormat(environment)
                let tables = try Tables(in: environment, creates: false)
                let identity = try environment.read {
                    (transaction: borrowing ReadTransaction) throws -> StoreIdentity in
                    guard try !DerivedTables.isUnderWay(tables, transaction) else {
                        throw DerivedTables.refusal
                    }
                    return try StoreIdentity.read(tables, transaction)
                }
                return Store(
                    environment: environment,
                    tables: tables,
                    options: Options(),
                    key: loadsKey ? try NodeFiles.loadKey(in: directory) : nil,
                    identity: identity,
                    lock: nil
                )
            } catch {
                try? environment.close()
                throw error
            }
        }
    }

    /// Number of the newest commit, also of another process; what was read under the same number is as it was.
    package var commitNumber: Int? { try? environment.information.lastTransactionID }

    /// The node's private key, for sessions with peers; nil in a store opened for reading.
    public var nodeKey: NodeKey? { key }

    private func startWriter(
        onCommit: @escaping @Sendable (CommitFacts) -> Void,
        sink: (any CommitSink)?
    ) {
        writerBox.writer = Writer(environment: environment) { [diskGuard] in
            diskGuard.refusal
        } beginBatch: { [memory = tables.writerMemory] in
            memory.begin()
        } finishBatch: { [unowned self] transaction in
            try signHead(transaction)
            try putKept(transaction)
            try HashTail.merge(tables, transaction)
            try share(sink, transaction)
        } endBatch: { [memory = tables.writerMemory] in
            memory.end()
        } onCommit: { [commits] facts in
            onCommit(facts)
            commits.advance()
        } onAbort: { [tables] in
            tables.tails.resetWriter()
            tables.pending?.reset()
        } onAnswered: { [environment] in
            environment.layOutAhead { Self.roomAhead($0, path: environment.path) }
        }
    }

    /// Room to lay out ahead in a data file of some bytes; 0 while it is small or the disk is nearly full.
    private static func roomAhead(_ used: Int, path: String) -> Int {
        guard let room = DiskRoom(of: path) else { return 0 }
        let wanted = min(StoreLimits.laidOutByteCount, used / 4, room.freeByteCount / 32)
        return wanted >= 1 << 20 ? wanted : 0
    }

    /// Writes what the writer's transaction has kept in memory.
    private func putKept(_ transaction: borrowing WriteTransaction) throws {
        let kept = tables.writerMemory.end()
        for (name, value) in kept.counters {
            try Metadata(tables).put(name, RowKey.number(value), transaction)
        }
        for row in kept.logs { try LogRows(tables: tables).write(row, transaction) }
    }

    /// Makes durable elsewhere what the transaction adds, before it is committed here.
    private func share(
        _ sink: (any CommitSink)?,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let sink, let pending = tables.pending else { return }
        let logs = LogRows(tables: tables)
        let merkle = MerkleRows(tables: tables)
        let commit = try pending.take(cutByteCount: sink.cutByteCount) { ref throws in
            try logs.row(ref, transaction)
        } proof: { row, last throws in
            try merkle.proof(of: row, from: last, transaction)
        }
        guard !commit.isEmpty else { return }
        let bodies = BodyRows(tables)
        try sink.commit(commit) { file throws in
            let body = try bodies.sendable(
                at: file.origin,
                index: file.originIndex,
                transaction
            )
            return body?.reference == file.reference ? body : nil
        }
    }

    /// The writer of this store.
    /// - Throws: ``ReportError`` `read-only` when the store was opened for reading, `conflict` while
    ///   its derived tables are made anew.
    func writer() throws(ReportError) -> Writer {
        guard !isRebuilding.load(ordering: .acquiring) else { throw DerivedTables.refusal }
        if let refusal = refusal.withLock({ $0 }) { throw refusal }
        guard let writer = writerBox.writer else {
            throw ReportError(.readOnly, "this store was opened for reading")
        }
        return writer
    }

    /// Refuses every write from now on, until the store is opened anew; what is read goes on.
    /// - Parameter error: what writers are told; the first one stays.
    public func refuseWrites(_ error: ReportError) {
        refusal.withLock { refusal in
            if refusal == nil { refusal = error }
        }
        writerBox.writer?.refuseAll(error)
    }

    /// Why nothing is written any more; nil while writes are taken.
    public var writeRefusal: ReportError? {
        refusal.withLock { $0 } ?? writerBox.writer?.refusalOfAll
    }

    /// Begins a read, so that a fault that ends all work until the store is opened anew is known before
    /// somebody asks; ``writeRefusal`` tells it.
    public func lookForFault() {
        try? read { (_: borrowing ReadTransaction) in }
    }

    /// Pages that the disk could not give since the store was opened.
    public var pageFaultCount: Int { environment.pageFaultCount }

    /// How the writer stands; nil in a store that was opened for reading.
    public var writerCondition: WriterCondition? { writerBox.writer?.condition }

    /// Waits for writes under way, closes the environment and gives up the lock; what root has made belongs to
    /// the owner of the folder then.
    ///
    /// Nothing may be asked afterwards; a second call does nothing.
    public func close() {
        writerBox.writer?.close()
        scrubber.close()
        searchBox.close()
        try? environment.close()
        NodeFiles.handOver(environment.path)
        releaseLock()
    }

    private func releaseLock() {
        guard let lock, !isReleased.exchange(true, ordering: .acquiringAndReleasing) else {
            return
        }
        NodeFiles.unlock(lock)
    }

    deinit { releaseLock() }

    /// Runs reads in one snapshot.
    func read<R>(
        _ body: (borrowing ReadTransaction) throws -> R
    ) throws(ReportError) -> R {
        do {
            return try snapshot(body)
        } catch {
            if let code = (error as? LMDBError)?.code, code.isDamage {
                damageCount.add(1, ordering: .relaxed)
                if code == .panic || code == .poisoned {
                    refuseWrites(StoreFailure.givenUp(error))
                }
            } else if let error = error as? ReportError {
                damagedValues.note(error)
            }
            throw StoreFailure.reportError(error)
        }
    }

    /// Reads that met a damaged page since the store was opened.
    public var damagedReadCount: Int { damageCount.load(ordering: .relaxed) }

    /// Hands over the values that reads found damaged since this was asked last.
    /// - Returns: each place once, of many the first ones.
    public func takeDamagedValues() -> [DamagedValue] { damagedValues.take() }

    /// The same with the body's errors as they are.
    func snapshot<R>(_ body: (borrowing ReadTransaction) throws -> R) throws -> R {
        guard !isRebuilding.load(ordering: .relaxed) else { throw DerivedTables.refusal }
        return try environment.read { (transaction: borrowing ReadTransaction) throws in
            // Another process may make the tables anew.
            if lock == nil, try DerivedTables.isUnderWay(tables, transaction) {
                throw DerivedTables.refusal
            }
            return try body(transaction)
        }
    }

    /// Lets nobody else read or write; false when somebody did so already.
    func beginsRebuilding() -> Bool {
        !isRebuilding.exchange(true, ordering: .acquiringAndReleasing)
    }

    /// Whether nobody else reads or writes at present.
    var isBeingRebuilt: Bool { isRebuilding.load(ordering: .acquiring) }

    /// Lets everybody in again.
    func endRebuilding() { isRebuilding.store(false, ordering: .releasing) }
}

/// Holds the writer, which needs the store that needs it.
private final class WriterBox: @unchecked Sendable {
    // Set once before the store is handed out, never changed afterwards.
    var writer: Writer?
}

extension Store: ReportStoring {}

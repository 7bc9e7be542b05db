import CLMDB
import Glibc
import Synchronization

/// An LMDB environment: one directory with a data file and a lock file.
///
/// One environment holds named tables that change together. Any number of threads and processes
/// read at once, each from its own snapshot, and one writes; writers wait for each other.
/// Transactions are lent to synchronous closures and cannot leave them.
///
/// A process opens a directory once at a time. After `fork` a child must not use an environment
/// of its parent, not even to close it; it may open its own after `exec`. The files must lie on
/// a local file system. Source: the caveats of lmdb.h.
public final class Environment: Sendable {
    /// The path as it was given.
    public let path: String
    /// The options as they were given.
    public let options: Options
    /// Tells this opening from every other in the process, so that tables are not mixed up.
    let id: UInt64
    let gate: TransactionGate
    let tables = Locked<[String?: Database]>([:])
    let openingTables = Locked<Void>(())
    let mapWatch = MapWatch()
    /// End of the room that was laid out in the data file by this process.
    let laidOut = Locked(0)
    private let identity: EnvironmentRegistry.Identity
    private let directory: Int32

    private static let nextID = Atomic<UInt64>(1)

    /// Opens an environment and clears the reader slots of dead processes.
    ///
    /// Whatever fails, nothing stays open.
    /// - Parameters:
    ///   - path: a directory.
    ///   - options: sizes, modes and durability.
    /// - Throws: ``LMDBError`` `.alreadyOpen` when this process has the directory open by any
    ///   path; `.noSuchFile`; `.invalidOption`; `.invalidFile` or `.versionMismatch` when the
    ///   files are of another kind; an error of the system.
    /// Source: `mdb_env_create`, `mdb_env_open`, `mdb_reader_check`.
    public init(path: String, options: Options = Options()) throws(LMDBError) {
        try options.validate()
        let directory = try EnvironmentOpener.openDirectory(path, options: options)
        var identity: EnvironmentRegistry.Identity?
        do throws(LMDBError) {
            let claimed = try EnvironmentRegistry.claim(directory: directory)
            identity = claimed
            let handle = try EnvironmentOpener.open(path, directory: directory, options: options)
            do throws(LMDBError) {
                self.gate = try TransactionGate(
                    environment: handle,
                    maximumReaderCount: options.maximumReaderCount
                )
            } catch {
                mdb_env_close(handle)
                throw error
            }
            self.identity = claimed
        } catch {
            if let identity {
                EnvironmentRegistry.release(identity)
            }
            Glibc.close(directory)
            throw error
        }
        self.path = path
        self.options = options
        self.directory = directory
        self.id = Self.nextID.wrappingAdd(1, ordering: .relaxed).oldValue
        mapWatch.begin(path)
    }

    deinit {
        // No transaction lives: each one holds a reference to its environment while it runs.
        if let handle = gate.takeEnvironmentLocked() {
            closeFiles(handle)
        }
    }

    /// Whether ``close(waitingAtMost:)`` has succeeded.
    public var isClosed: Bool { gate.isClosed }

    /// Waits for the live transactions, lets no new one in meanwhile, and closes the files.
    ///
    /// A second call does nothing. When the wait is too long the environment stays open and
    /// usable. An environment that is not closed closes when its last reference goes.
    /// - Parameter limit: the longest wait.
    /// - Throws: ``LMDBError`` `.transactionsLive` when called inside a transaction, or when the
    ///   others do not end in time.
    /// Source: `mdb_env_close`.
    public func close(waitingAtMost limit: Duration = .seconds(30)) throws(LMDBError) {
        guard !gate.isClosed else { return }
        do throws(LMDBError) {
            try gate.exclusively("Environment.close", waitingAtMost: limit) { _ in
                if let handle = gate.takeEnvironmentLocked() {
                    closeFiles(handle)
                }
            }
        } catch  where error.code == .closed {
            // Another thread closed it first.
            return
        }
    }

    private func closeFiles(_ handle: OpaquePointer) {
        mapWatch.end()
        mdb_env_close(handle)
        EnvironmentRegistry.release(identity)
        Glibc.close(directory)
    }
}

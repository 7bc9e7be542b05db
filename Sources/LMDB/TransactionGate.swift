import CLMDB
import Glibc

/// Counts the live transactions of one environment and lets nobody in while the map changes.
///
/// LMDB does not check that no transaction lives when its map is replaced or closed; the gate
/// does. A thread that already holds a transaction is never made to wait here, because the one
/// who waits for an empty house may be waiting for it. The count of each thread lives in a
/// thread-specific value, so no begin allocates.
///
/// `@unchecked Sendable`: every stored variable is read and written only between `lock` and
/// `unlock` of `mutex`; the pointers and the thread key never change.
final class TransactionGate: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private let threadKey: pthread_key_t
    private var environment: OpaquePointer?
    private var liveCount = 0
    private var exclusiveWaiterCount = 0
    private var idleReaders: [OpaquePointer] = []
    private let idleReaderLimit: Int
    private var isPoisoned = false

    /// Added to the value of a thread while it holds the write transaction.
    private static let writerBit: UInt = 1 << 32

    /// Opens the gate of an environment.
    init(environment: OpaquePointer, maximumReaderCount: UInt32) throws(LMDBError) {
        var key = pthread_key_t()
        try check(pthread_key_create(&key, nil), "pthread_key_create")
        threadKey = key
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
        self.environment = environment
        idleReaderLimit = min(Limits.maximumIdleReaderCount, Int(maximumReaderCount) / 2)
        idleReaders.reserveCapacity(idleReaderLimit)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        pthread_key_delete(threadKey)
    }

    /// Whether the calling thread holds a transaction of this environment.
    var isHeldByThisThread: Bool { threadValue != 0 }

    /// Whether the calling thread holds the write transaction of this environment.
    var isWriterThisThread: Bool { threadValue & Self.writerBit != 0 }

    /// Whether the environment was closed.
    var isClosed: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return environment == nil
    }

    /// Counts one more live user and returns the environment.
    func enter(_ operation: String) throws(LMDBError) -> OpaquePointer {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try enterLocked(operation)
    }

    /// Counts one more reader and returns the environment and, where there is one, a reset
    /// transaction to renew.
    func enterReader(
        _ operation: String
    ) throws(LMDBError) -> (environment: OpaquePointer, idle: OpaquePointer?) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let environment = try enterLocked(operation)
        return (environment, idleReaders.popLast())
    }

    /// Counts one live user less.
    func leave() {
        pthread_mutex_lock(mutex)
        leaveLocked()
        pthread_mutex_unlock(mutex)
    }

    /// Counts one reader less and keeps its reset transaction for the next, or ends it.
    func leaveReader(keeping reset: OpaquePointer) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if idleReaders.count < idleReaderLimit && exclusiveWaiterCount == 0 {
            idleReaders.append(reset)
        } else {
            mdb_txn_abort(reset)
        }
        leaveLocked()
    }

    /// Marks the calling thread as the one that holds the write transaction, or no longer.
    func setWriter(_ holds: Bool) {
        setThreadValue(holds ? threadValue | Self.writerBit : threadValue & ~Self.writerBit)
    }

    /// Runs a body while no transaction of this process lives and none can begin.
    ///
    /// - Throws: `.transactionsLive` when this thread holds a transaction or the others do not end
    ///   in time; `.closed`; what the body throws.
    func exclusively(
        _ operation: String,
        waitingAtMost limit: Duration,
        _ body: (OpaquePointer) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        guard !isHeldByThisThread else {
            throw LMDBError(.transactionsLive, operation)
        }
        var deadline = Self.deadline(after: limit)
        pthread_mutex_lock(mutex)
        exclusiveWaiterCount += 1
        defer {
            exclusiveWaiterCount -= 1
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        while liveCount > 0 {
            let status = pthread_cond_timedwait(condition, mutex, &deadline)
            guard status == 0 || liveCount == 0 else {
                throw LMDBError(.transactionsLive, operation)
            }
        }
        guard let environment else {
            throw LMDBError(.closed, operation)
        }
        try body(environment)
    }

    /// Marks the environment as unusable; to be called inside ``exclusively(_:waitingAtMost:_:)``.
    func poisonLocked() {
        isPoisoned = true
    }

    /// Ends the idle transactions and takes the environment out; to be called inside
    /// ``exclusively(_:waitingAtMost:_:)``.
    func takeEnvironmentLocked() -> OpaquePointer? {
        idleReaders.forEach { mdb_txn_abort($0) }
        idleReaders.removeAll()
        return environment.take()
    }

    private func enterLocked(_ operation: String) throws(LMDBError) -> OpaquePointer {
        let value = threadValue
        while value == 0 && exclusiveWaiterCount > 0 {
            pthread_cond_wait(condition, mutex)
        }
        guard let environment else {
            throw LMDBError(.closed, operation)
        }
        guard !isPoisoned else {
            throw LMDBError(.poisoned, operation)
        }
        liveCount += 1
        setThreadValue(value + 1)
        return environment
    }

    private func leaveLocked() {
        liveCount -= 1
        setThreadValue(threadValue - 1)
        if liveCount == 0 && exclusiveWaiterCount > 0 {
            pthread_cond_broadcast(condition)
        }
    }

    private var threadValue: UInt { UInt(bitPattern: pthread_getspecific(threadKey)) }

    private func setThreadValue(_ value: UInt) {
        pthread_setspecific(threadKey, UnsafeRawPointer(bitPattern: value))
    }

    private static func deadline(after limit: Duration) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let bounded = min(max(limit, .zero), .seconds(86_400 * 365))
        let parts = bounded.components
        let nanoseconds = now.tv_nsec + Int(parts.attoseconds / 1_000_000_000)
        return timespec(
            tv_sec: now.tv_sec + Int(parts.seconds) + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000
        )
    }
}

import Glibc
import LMDB
import ReportModel
import Synchronization

/// The environment of the search of one opened store, opened when it is first needed.
final class SearchBox: Sendable {
    private struct State {
        var database: SearchDatabase?
        var isWritable = false
        var isDamaged = false
        /// Whether liblmdb does nothing any more until the environment is opened anew: a commit of it
        /// could not be ended, which says nothing about what it holds.
        var isGivenUp = false
        /// Whether the environment that is open was opened anew for that.
        var isReopened = false
        var isClosed = false
    }

    private let directory: String
    private let mapByteCount: Int?
    private let isOwner: Bool
    private let state = Mutex(State())

    /// Makes a box.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - mapByteCount: size of the map.
    ///   - isOwner: whether this process holds the lock of the store's writer, and so may remove
    ///     files that cannot be used.
    init(directory: String, mapByteCount: Int?, isOwner: Bool) {
        self.directory = directory
        self.mapByteCount = mapByteCount
        self.isOwner = isOwner
    }

    /// Runs a read; damage is remembered, so that the next work at the index begins it anew.
    /// - Parameter body: gets nil while there is no index.
    /// - Returns: what the body returns.
    /// - Throws: ``ReportError`` `integrity` for damage; what the body throws.
    func withReadable<R>(_ body: (SearchDatabase?) throws -> R) throws -> R {
        do {
            return try body(try readable())
        } catch let error where Self.isDamage(error) {
            note(error)
            throw ReportError(
                .integrity,
                "the search index is damaged",
                hint: "a running node makes it anew by itself; or run reportctl reindex"
            )
        }
    }

    /// Runs work at the index, made or made anew where that is needed.
    func withWritable<R>(_ body: (SearchDatabase) throws -> R) throws -> R {
        do {
            let result = try body(try writable())
            state.withLock { $0.isReopened = false }
            return result
        } catch let error where Self.isDamage(error) {
            note(error)
            return try body(try writable())
        }
    }

    /// Takes note of damage; an environment that only gave up is opened anew first.
    private func note(_ error: any Error) {
        let code = (error as? LMDBError)?.code
        state.withLock { state in
            if code == .panic || code == .poisoned, !state.isReopened {
                state.isGivenUp = true
            } else {
                state.isDamaged = true
            }
        }
    }

    /// Lets the next work begin the index anew.
    func markDamaged() { state.withLock { $0.isDamaged = true } }

    /// Closes the environment; nothing is opened afterwards.
    func close() {
        state.withLock { state in
            state.isClosed = true
            try? state.database?.environment.close()
            state.database = nil
        }
    }

    private func readable() throws -> SearchDatabase? {
        try state.withLock { state in
            if let database = state.database { return database }
            guard !state.isClosed else { throw Self.closed }
            state.database = try openForReading()
            state.isWritable = isOwner
            return state.database
        }
    }

    /// Opens what is there; nil when there is nothing.
    private func openForReading() throws(LMDBError) -> SearchDatabase? {
        do throws(LMDBError) {
            return try SearchDatabase(
                directory: directory,
                mapByteCount: mapByteCount,
                writes: isOwner
            )
        } catch {
            guard error.code == .noSuchFile || error.code == .notFound else { throw error }
            return nil
        }
    }

    private func writable() throws -> SearchDatabase {
        try state.withLock { state in
            guard !state.isClosed else { throw Self.closed }
            if !state.isWritable || state.isDamaged || state.isGivenUp {
                try? state.database?.environment.close()
                state.database = nil
            }
            if let database = state.database { return database }
            if state.isDamaged { try discard() }
            let database: SearchDatabase
            do {
                database = try open()
            } catch let error where Self.isDamage(error) && isOwner {
                SearchDatabase.remove(directory: directory)
                database = try open()
            }
            state.database = database
            state.isWritable = true
            state.isDamaged = false
            state.isReopened = state.isGivenUp
            state.isGivenUp = false
            return database
        }
    }

    /// Drops a damaged index: its files where nobody else can have them for writing, else its rows.
    private func discard() throws {
        if isOwner { return SearchDatabase.remove(directory: directory) }
        let database = try open()
        try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            try database.empty(transaction)
        }
        try database.environment.close()
    }

    private func open() throws(LMDBError) -> SearchDatabase {
        try SearchDatabase(directory: directory, mapByteCount: mapByteCount, writes: true)
    }

    private static let closed = ReportError(.internal, "the store is closed")

    private static func isDamage(_ error: any Error) -> Bool {
        if error is SearchDamage { return true }
        guard let error = error as? LMDBError else { return false }
        return [
            .corrupted, .pageNotFound, .panic, .invalidFile, .versionMismatch, .incompatible,
            .poisoned,
        ].contains(error.code)
    }
}

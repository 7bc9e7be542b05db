import Dispatch
import Glibc
import ReportModel
import Synchronization

/// A connection that is made anew when it is lost, for one thread at a time.
final class PostgresSession: Sendable {
    private struct State {
        var connection: PostgresConnection?
        /// Until when nobody tries to connect, on the clock that never jumps.
        var restsUntil = 0.0
        var lastFault: PostgresFault?
    }

    private let address: String
    private let library: String
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "reportd.postgres")

    /// Names a database; nothing is opened yet.
    init(_ address: PostgresAddress) {
        self.address = address.text
        library = address.library
    }

    /// Seconds on a clock that never jumps.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Runs a body with the connection; a fault closes it, so that the next call begins anew.
    ///
    /// Blocks the thread.
    /// - Throws: what the body throws; ``PostgresFault`` when no server answers.
    func once<R>(_ body: (PostgresConnection) throws -> R) throws -> R {
        try state.withLock { state throws in
            if let fault = state.lastFault, state.restsUntil > Self.now { throw fault }
            do {
                let connection =
                    try state.connection ?? PostgresConnection(address, library: library)
                state.connection = connection
                state.lastFault = nil
                return try body(connection)
            } catch let fault as PostgresFault {
                if fault.kind == .away || fault.isLost || state.connection?.isInTransaction ?? false
                {
                    state.connection = nil
                }
                throw fault
            }
        }
    }

    /// Lets nobody try for a moment: callers are told at once that the database is away.
    func rest(after fault: PostgresFault) {
        state.withLock { state in
            state.lastFault = fault
            state.restsUntil = Self.now + PostgresLimits.restSeconds
        }
    }

    /// The database has answered elsewhere: the next caller tries again.
    func wake() { state.withLock { $0.lastFault = nil } }

    /// Runs a body that only reads, again for a while when the connection was lost.
    ///
    /// Blocks the thread.
    /// - Throws: ``ReportError``.
    func read<R>(_ body: (PostgresConnection) throws -> R) throws(ReportError) -> R {
        var attempts = 0
        while true {
            do {
                return try once(body)
            } catch let fault as PostgresFault {
                attempts += 1
                guard attempts < 3, fault.kind == .away || fault.kind == .conflict else {
                    throw fault.reportError
                }
            } catch {
                throw error as? ReportError ?? ReportError(.internal, "\(error)")
            }
        }
    }

    /// The same on a thread of its own.
    func reading<R: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> R
    ) async throws(ReportError) -> R {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<R, ReportError>, Never>) in
            queue.async {
                continuation.resume(
                    returning: Result { () throws(ReportError) in try self.read(body) }
                )
            }
        }
        return try result.get()
    }

    /// Closes the connection; the next call makes another.
    func close() { state.withLock { $0.connection = nil } }
}

/// Where a database is, and how it is spoken to.
public struct PostgresAddress: Hashable, Sendable {
    /// The URL as libpq takes it; may hold a password, so it is never printed.
    let text: String
    /// Name or path of libpq, or of the client library that an engine comes with.
    let library: String

    /// Takes the URL of a database; nil for anything else, such as the path of a folder.
    /// - Parameter text: `postgresql://…` or `postgres://…`.
    public init?(_ text: String) {
        guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else { return nil }
        self.text = text
        library =
            getenv("REPORTD_LIBPQ").map { String(cString: $0) } ?? PostgresLibrary.standardName
    }

    /// The URL without what stands before the host: user and password.
    public var shown: String {
        guard let slashes = text.range(ofFirst: "://") else { return "postgresql://" }
        // A password may hold any of the marks: what stands before the last @ is never shown.
        var rest = text[slashes...]
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        return "postgresql://" + rest.prefix { $0 != "?" }
    }
}

extension String {
    /// The index behind the first occurrence of a text.
    fileprivate func range(ofFirst mark: String) -> Index? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(mark) { return index(start, offsetBy: mark.count) }
            start = index(after: start)
        }
        return nil
    }
}

import Dispatch
import Glibc
import ReportModel
import Synchronization

/// A connection that is made anew when it is lost, for one thread at a time.
final class PostgresSession: Sendable {
    private struct State {
        /// Until when nobody tries to connect, on the clock that never jumps.
        var restsUntil = 0.0
        var lastFault: PostgresFault?
        /// Seconds of silence after which the server counts as gone; less in tests.
        var silence = PostgresLimits.silenceSeconds
    }

    private let address: String
    private let library: String
    /// Held while the connection is in use, which may be long.
    private let connection = Mutex<PostgresConnection?>(nil)
    /// Held for moments.
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

    /// Seconds of silence after which the server counts as gone.
    var silence: Double {
        get { state.withLock { $0.silence } }
        set { state.withLock { $0.silence = newValue } }
    }

    /// Runs a body with the connection; a fault closes it, so that the next call begins anew.
    ///
    /// Blocks the thread.
    /// - Parameters:
    ///   - seconds: of silence after which the server counts as gone, when less than ``silence``.
    ///   - body: what is run.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``PostgresFault`` when no server answers.
    func once<R>(
        within seconds: Double? = nil,
        _ body: (PostgresConnection) throws -> R
    ) throws -> R {
        try connection.withLock { held throws in
            if let fault = resting { throw fault }
            do {
                let connection = try held ?? PostgresConnection(address, library: library)
                held = connection
                connection.silence = min(silence, seconds ?? silence)
                state.withLock { $0.lastFault = nil }
                return try body(connection)
            } catch {
                let isGone = (error as? PostgresFault)?.isOfConnection ?? false
                if isGone || held?.isInTransaction ?? false { held = nil }
                throw error
            }
        }
    }

    /// Why nobody is to try at this moment.
    private var resting: PostgresFault? {
        state.withLock { $0.restsUntil > Self.now ? $0.lastFault : nil }
    }

    /// Lets nobody try for a moment: callers are told at once that the database is away.
    func rest(after fault: PostgresFault) {
        state.withLock { state in
            // Who was told to wait makes nobody wait longer.
            guard state.lastFault == nil || state.restsUntil <= Self.now else { return }
            state.lastFault = fault
            state.restsUntil = Self.now + PostgresLimits.restSeconds
        }
    }

    /// The database has answered elsewhere: the next caller tries again.
    func wake() { state.withLock { $0.lastFault = nil } }

    /// Runs a body that only reads, again for a while when the connection was lost.
    ///
    /// Blocks the thread.
    /// - Parameters:
    ///   - deadline: when it ends at the latest, on the clock of ``now``; nil: after some attempts.
    ///   - body: what is run.
    /// - Returns: what the body returns.
    /// - Throws: ``ReportError``.
    func read<R>(
        until deadline: Double? = nil,
        _ body: (PostgresConnection) throws -> R
    ) throws(ReportError) -> R {
        var attempts = 0
        while true {
            let rest = deadline.map { max(0, $0 - Self.now) }
            do {
                return try once(within: rest, body)
            } catch let fault as PostgresFault {
                attempts += 1
                let most: Int
                switch fault.kind {
                case .conflict: most = PostgresLimits.maximumConflictCount
                case .away, .readOnly: most = 3
                default: most = 0
                }
                guard attempts < most, deadline.map({ Self.now < $0 }) ?? true else {
                    if deadline != nil { self.rest(after: fault) }
                    throw fault.reportError
                }
                usleep(UInt32.random(in: 1...10_000))
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
    func close() { connection.withLock { $0 = nil } }
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
        guard let slashes = text.firstRange(of: "://") else { return "postgresql://" }
        let rest = text[slashes.upperBound...]
        let query = rest.firstRange(of: /\?[a-z_]+=/)?.lowerBound
        // A password may hold any of the marks: what stands before the last @ is never shown.
        let place = rest[..<(query ?? rest.endIndex)]
        if let at = place.lastIndex(of: "@") {
            return "postgresql://" + place[place.index(after: at)...].prefix { $0 != "?" }
        }
        // Nor is what may be one that an odd mark cut in two.
        guard
            query == nil || !rest[(query ?? rest.endIndex)...].contains("@")
                || place.firstMatch(of: /:[^\/]*[^0-9\/,:\]]/) == nil
        else { return "postgresql://" }
        return "postgresql://" + place.prefix { $0 != "?" }
    }
}

import Glibc
import ReportModel

/// Sending and waiting with an end: libpq itself would wait for a silent server for ever.
///
/// Source: libpq manual, section 34.4.
extension PostgresConnection {
    /// The last result of what was handed over, as `PQexec` gives it.
    /// - Parameters:
    ///   - sent: what libpq answered when it took the statement: 1 for success.
    ///   - expects: the status of the result; nil: a command or rows.
    /// - Returns: the result, to be cleared.
    /// - Throws: ``PostgresFault``.
    func outcome(of sent: CInt, expects: CInt? = nil) throws(PostgresFault) -> OpaquePointer {
        guard sent == 1 else { throw lost() }
        try flush()
        var last: OpaquePointer?
        do throws(PostgresFault) {
            while let result = try next() {
                if let last { library.clear(last) }
                last = result
                // COPY that waits for rows is told again and again.
                if library.resultStatus(result) == 4 { break }
            }
        } catch {
            if let last { library.clear(last) }
            throw error
        }
        return try checked(last, expects: expects)
    }

    /// The next result; nil when the statement has no more.
    private func next() throws(PostgresFault) -> OpaquePointer? {
        var end = PostgresSession.now + silence
        while library.isBusy(handle) != 0 {
            // TLS may hold bytes that have left the socket: these are asked for now and then.
            let slice = min(end, PostgresSession.now + PostgresLimits.sliceSeconds)
            if try pause(POLLIN, until: slice) != 0 {
                end = PostgresSession.now + silence
            } else if PostgresSession.now >= end {
                throw silent
            }
            guard library.consumeInput(handle) == 1 else { throw lost() }
        }
        return library.nextResult(handle)
    }

    /// Sends what libpq holds.
    func flush() throws(PostgresFault) {
        while true {
            switch library.flush(handle) {
            case 0: return
            case 1:
                // A server that cannot get rid of what it says takes nothing either.
                let end = PostgresSession.now + silence
                let events = try pause(POLLIN | POLLOUT, until: end)
                if events == 0 { throw silent }
                if events & POLLIN != 0 {
                    guard library.consumeInput(handle) == 1 else { throw lost() }
                }
            default: throw lost()
            }
        }
    }

    /// Waits until the socket is ready; tells for what, 0 when it is not in time.
    private func pause(_ events: CInt, until end: Double) throws(PostgresFault) -> CInt {
        var place = pollfd(fd: library.socket(handle), events: Int16(events), revents: 0)
        guard place.fd >= 0 else { throw lost() }
        while true {
            let rest = min(max(0, end - PostgresSession.now), 3600)
            let count = poll(&place, 1, CInt((rest * 1000).rounded(.up)))
            if count > 0 { return CInt(place.revents) }
            if count < 0, errno == EINTR { continue }
            return 0
        }
    }

    private var silent: PostgresFault {
        let seconds = Int(silence.rounded(.up))
        return PostgresFault(
            state: "",
            message: "the server was silent for \(seconds) s",
            isLost: true
        )
    }
}

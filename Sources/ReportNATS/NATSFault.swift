import CNATS
import ReportModel

/// Answers of libnats as errors.
///
/// Source: `nats_GetLastError`, `natsStatus` and `jsErrCode` of libnats 3.4.
enum NATSFault {
    /// Throws what a call answered, unless it went well.
    /// - Parameters:
    ///   - status: what the call returned.
    ///   - what: what could not be done.
    ///   - code: what JetStream said, where it was asked.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out`, `not-allowed`, `not-found`, `no-space`, `internal`.
    static func check(
        _ status: natsStatus,
        _ what: @autoclosure () -> String,
        code: jsErrCode = jsErrCode(rawValue: 0)
    ) throws(ReportError) {
        guard status != NATS_OK else { return }
        let last = nats_GetLastError(nil).map { String(cString: $0) } ?? ""
        let words = String(cString: natsStatus_GetText(status))
        // libnats begins with the place in its own source: (conn.c:2088): …
        let said = last.firstRange(of: "): ").map { String(last[$0.upperBound...]) } ?? last
        let reason = said.isEmpty ? words : said
        throw ReportError(Self.code(status, code), "\(what()): \(reason)")
    }

    private static func code(_ status: natsStatus, _ code: jsErrCode) -> ReportError.Code {
        switch code {
        case JSStreamNotFoundErr, JSConsumerNotFoundErr: return .notFound
        case JSInsufficientResourcesErr, JSMemoryResourcesExceededErr, JSStreamStoreFailedErr,
            JSStorageResourcesExceededErr, JSAccountResourcesExceededErr,
            JSStreamMaxStreamBytesExceededErr:
            return .noSpace
        default: break
        }
        return switch status {
        case NATS_TIMEOUT: .timedOut
        case NATS_NOT_FOUND: .notFound
        case NATS_CONNECTION_AUTH_FAILED, NATS_NOT_PERMITTED, NATS_SSL_ERROR,
            NATS_SECURE_CONNECTION_WANTED, NATS_SECURE_CONNECTION_REQUIRED:
            .notAllowed
        case NATS_NO_SERVER, NATS_IO_ERROR, NATS_CONNECTION_CLOSED,
            NATS_CONNECTION_DISCONNECTED, NATS_STALE_CONNECTION, NATS_NO_RESPONDERS:
            .unreachable
        case NATS_ADDRESS_MISSING, NATS_INVALID_ARG: .usage
        default: .internal
        }
    }
}

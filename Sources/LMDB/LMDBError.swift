import CLMDB

/// A failure of LMDB, of the operating system under it, or of a rule of this wrapper.
///
/// An absent key is no error: lookups answer `nil` or `false`. The description holds the code and
/// the operation, never a key or a value.
public struct LMDBError: Error, Equatable, Sendable {
    /// What went wrong; compare it with the constants of ``Code``.
    public let code: Code
    /// The explanation of the code, in English.
    public let message: String
    /// The C function or the operation of this module that failed.
    public let operation: String

    /// The code as liblmdb returned it, an `errno`, or a code of this module (-31000 and below).
    public var rawCode: Int32 { code.rawValue }

    /// Whether the failed call changed nothing and may succeed when repeated as it is, at once or
    /// after the environment was helped (room made, the map grown, another holder gone).
    public var isRetrySafe: Bool {
        switch code {
        case .mapFull, .mapResized, .readersFull, .temporarilyUnavailable, .interrupted,
            .noSpace, .outOfMemory, .tooManyOpenFiles, .transactionsLive, .alreadyOpen:
            return true
        default:
            return false
        }
    }

    /// Makes an error out of a code this module knows by itself.
    init(_ code: Code, _ operation: String) {
        self.code = code
        self.operation = operation
        if let own = code.ownMessage {
            self.message = own
        } else {
            self.message = mdb_strerror(code.rawValue).map { String(cString: $0) } ?? "unknown"
        }
    }
}

extension LMDBError: CustomStringConvertible {
    /// The message, the operation and the code on one line.
    public var description: String { "\(message) (\(operation), code \(code.rawValue))" }
}

/// Turns a status of liblmdb or an `errno` into an error unless it is zero.
@inline(__always)
func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(LMDBError) {
    guard status == 0 else {
        throw LMDBError(LMDBError.Code(rawValue: status), operation())
    }
}

import Glibc
import ReportModel

/// A system call on a file that failed.
struct FileFault: Error, Sendable {
    /// The name of the call.
    var call: String
    /// The number of the error.
    var number: Int32
    /// The file, for people.
    var file: String

    init(_ call: String, _ file: String, number: Int32 = errno) {
        self.call = call
        self.number = number
        self.file = file
    }

    var isMissing: Bool { number == ENOENT || number == ENOTDIR }
    var isPermission: Bool { number == EACCES || number == EPERM }

    /// Whether other files of the inbox will meet the same fault.
    var isGeneral: Bool { !isPermission && number != ENAMETOOLONG && number != EIO }

    /// The fault as the daemon's other parts know it.
    var reportError: ReportError {
        let code: ReportError.Code =
            switch number {
            case ENOSPC, EDQUOT: .noSpace
            case EROFS: .readOnly
            case EACCES, EPERM: .notAllowed
            default: .internal
            }
        return ReportError(code, "\(call) \(file): \(String(cString: strerror(number)))")
    }
}

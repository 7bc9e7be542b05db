import CLMDB
import Glibc

extension LMDBError {
    /// What went wrong; unknown codes keep their number.
    public struct Code: Hashable, Sendable {
        /// The number liblmdb returned, an `errno`, or a code of this module.
        public let rawValue: Int32

        /// Takes a number as it is.
        init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}

// Codes of liblmdb. Source: the return codes of lmdb.h.
extension LMDBError.Code {
    /// The key, with `noOverwrite`, or the pair, with `noDuplicate`, is already there.
    public static let keyExists = Self(rawValue: MDB_KEYEXIST)
    /// A named table is absent and was not to be created.
    public static let notFound = Self(rawValue: MDB_NOTFOUND)
    /// A page that the tree names is absent: the file is damaged.
    public static let pageNotFound = Self(rawValue: MDB_PAGE_NOTFOUND)
    /// A page has the wrong type: the file is damaged.
    public static let corrupted = Self(rawValue: MDB_CORRUPTED)
    /// A fatal error happened earlier; the environment must be closed.
    public static let panic = Self(rawValue: MDB_PANIC)
    /// The file was made by another version of the format.
    public static let versionMismatch = Self(rawValue: MDB_VERSION_MISMATCH)
    /// The file is not an LMDB file.
    public static let invalidFile = Self(rawValue: MDB_INVALID)
    /// The map has no room left; see `Environment.grow(to:)`.
    public static let mapFull = Self(rawValue: MDB_MAP_FULL)
    /// More named tables than `Environment.Options.maximumDatabaseCount`.
    public static let databasesFull = Self(rawValue: MDB_DBS_FULL)
    /// More readers than `Environment.Options.maximumReaderCount`.
    public static let readersFull = Self(rawValue: MDB_READERS_FULL)
    /// The transaction changed more pages than LMDB can track.
    public static let transactionFull = Self(rawValue: MDB_TXN_FULL)
    /// The cursor stack is too deep: the file is damaged.
    public static let cursorFull = Self(rawValue: MDB_CURSOR_FULL)
    /// A page has no room for an entry: an internal error of liblmdb.
    public static let pageFull = Self(rawValue: MDB_PAGE_FULL)
    /// Another process grew the map and this thread holds a transaction that keeps it from
    /// adopting the new size.
    public static let mapResized = Self(rawValue: MDB_MAP_RESIZED)
    /// The operation does not fit the table, or the table was made with other options.
    public static let incompatible = Self(rawValue: MDB_INCOMPATIBLE)
    /// A reader slot was used twice.
    public static let badReaderSlot = Self(rawValue: MDB_BAD_RSLOT)
    /// The transaction failed earlier or has a live child: it can only be given up.
    public static let badTransaction = Self(rawValue: MDB_BAD_TXN)
    /// liblmdb refused the size of a key or value.
    public static let badValueSize = Self(rawValue: MDB_BAD_VALSIZE)
    /// The table handle is unknown to the transaction, which may be older than the handle.
    public static let badDatabase = Self(rawValue: MDB_BAD_DBI)
}

// Codes of the operating system that callers act upon. Source: errno(3).
extension LMDBError.Code {
    /// The directory does not exist (`ENOENT`).
    public static let noSuchFile = Self(rawValue: ENOENT)
    /// The files may not be used by this user (`EACCES`).
    public static let permissionDenied = Self(rawValue: EACCES)
    /// A descriptor is not open for what it is used for (`EBADF`).
    public static let badFileDescriptor = Self(rawValue: EBADF)
    /// The target of a copy exists already (`EEXIST`).
    public static let fileExists = Self(rawValue: EEXIST)
    /// The path names something that is not a directory (`ENOTDIR`).
    public static let notADirectory = Self(rawValue: ENOTDIR)
    /// An argument does not fit, or the table handle is younger than the transaction (`EINVAL`).
    public static let invalidArgument = Self(rawValue: EINVAL)
    /// The device is full (`ENOSPC`).
    public static let noSpace = Self(rawValue: ENOSPC)
    /// The device failed (`EIO`); what reached the disk is unknown.
    public static let inputOutput = Self(rawValue: EIO)
    /// A file passed the limit on file sizes (`EFBIG`).
    public static let fileTooLarge = Self(rawValue: EFBIG)
    /// Memory or address space is used up (`ENOMEM`).
    public static let outOfMemory = Self(rawValue: ENOMEM)
    /// Another process holds the lock for a moment (`EAGAIN`).
    public static let temporarilyUnavailable = Self(rawValue: EAGAIN)
    /// A signal came in between (`EINTR`).
    public static let interrupted = Self(rawValue: EINTR)
    /// The process has too many open files (`EMFILE`).
    public static let tooManyOpenFiles = Self(rawValue: EMFILE)
}

// Codes of this module.
extension LMDBError.Code {
    /// The directory is open in this process already, by this or another path.
    public static let alreadyOpen = Self(rawValue: -31_001)
    /// The environment is closed, or is being closed.
    public static let closed = Self(rawValue: -31_002)
    /// This thread already holds the write transaction of the environment.
    public static let nestedWrite = Self(rawValue: -31_003)
    /// Transactions are live where none may be: this thread holds one, or waiting took too long.
    public static let transactionsLive = Self(rawValue: -31_004)
    /// A key is empty or longer than 511 bytes.
    public static let badKeySize = Self(rawValue: -31_005)
    /// An update while a value of the same transaction is lent.
    public static let valueLent = Self(rawValue: -31_006)
    /// A path, name or option is out of its range.
    public static let invalidOption = Self(rawValue: -31_007)
    /// A map could not be replaced; the environment must be closed.
    public static let poisoned = Self(rawValue: -31_008)
    /// An update of a read-only environment or in a read transaction.
    public static let readOnly = Self(rawValue: -31_009)
    /// The table belongs to another environment, or to an earlier opening of this one.
    public static let foreignDatabase = Self(rawValue: -31_010)
    /// A relative cursor move after a failed search.
    public static let noPosition = Self(rawValue: -31_011)

    /// The explanation of a code of this module, or nil for one of liblmdb or the system.
    var ownMessage: String? {
        switch self {
        case .alreadyOpen: "the environment is already open in this process"
        case .closed: "the environment is closed"
        case .nestedWrite: "this thread already holds the write transaction"
        case .transactionsLive: "transactions are live where none may be"
        case .badKeySize: "a key must have 1 to 511 bytes"
        case .valueLent: "an update is not allowed while a value is lent"
        case .invalidOption: "an option, path or name is out of its range"
        case .poisoned: "the memory map was lost, the environment must be closed"
        case .readOnly: "an update needs a write transaction"
        case .foreignDatabase: "the table belongs to another opening of an environment"
        case .noPosition: "the cursor has no position after a failed search"
        default: nil
        }
    }
}

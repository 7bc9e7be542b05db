import Failpoints
import Glibc
public import ReportModel

/// What is known of the scheduled backups of a node: the file `backups.json` of the backup folder.
///
/// It is replaced whole after each attempt, so that watchers may read it at any time.
///
/// Source: docs/format.md section 7.
public struct BackupState: Hashable, Sendable {
    /// Name of the file.
    public static let fileName = "backups.json"
    /// Name and version of the form.
    public static let format = "reportd.backups/1"

    /// A backup that was written, verified and named.
    public struct Success: Hashable, Sendable {
        /// When it was begun.
        public var at: Timestamp
        /// Its name in the folder.
        public var name: String
        /// Bytes of its data.
        public var byteCount: Int
        /// Entries of all logs in it.
        public var entryCount: Int
        /// How long it took, with its verification.
        public var milliseconds: Int
        /// Whether it was read back and verified.
        public var isVerified: Bool

        /// Makes an account of a backup.
        public init(
            at: Timestamp,
            name: String,
            byteCount: Int,
            entryCount: Int,
            milliseconds: Int,
            isVerified: Bool
        ) {
            self.at = at
            self.name = name
            self.byteCount = byteCount
            self.entryCount = entryCount
            self.milliseconds = milliseconds
            self.isVerified = isVerified
        }
    }

    /// An attempt that came to nothing.
    public struct Failure: Hashable, Sendable {
        /// When it was begun.
        public var at: Timestamp
        /// Code of the error.
        public var code: String
        /// What went wrong.
        public var message: String
        /// What to do.
        public var hint: String?

        /// Makes an account of a failure.
        public init(at: Timestamp, code: String, message: String, hint: String? = nil) {
            self.at = at
            self.code = code
            self.message = message
            self.hint = hint
        }
    }

    /// Identifier of the store: 32 hexadecimal digits; empty before the first attempt.
    public var store = ""
    /// The last backup that succeeded.
    public var lastSuccess: Success?
    /// The last attempt that failed; kept when a later one succeeds.
    public var lastFailure: Failure?
    /// Attempts that failed since the last success.
    public var failureCount = 0

    /// Makes the state before any attempt.
    public init() {}

    /// The state as an object.
    public var json: JSONValue {
        [
            "format": .string(Self.format), "store": .string(store),
            "lastSuccess": lastSuccess.map { success in
                [
                    "at": .string(success.at.description), "name": .string(success.name),
                    "bytes": .integer(success.byteCount), "entries": .integer(success.entryCount),
                    "milliseconds": .integer(success.milliseconds),
                    "verified": .bool(success.isVerified),
                ]
            } ?? .null,
            "lastFailure": lastFailure.map { failure in
                [
                    "at": .string(failure.at.description), "code": .string(failure.code),
                    "message": .string(failure.message), "hint": .optional(failure.hint),
                ]
            } ?? .null,
            "failures": .integer(failureCount),
        ]
    }

    /// Reads what ``json`` writes; an empty file is the state before any attempt.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `unreadable`.
    public init(json: JSONValue) throws(ReportError) {
        guard json["format"]?.stringValue == Self.format, let store = json["store"]?.stringValue
        else { throw ReportError(.unreadable, "\(Self.fileName) is not understood") }
        self.store = store
        failureCount = json["failures"]?.integerValue ?? 0
        func time(_ value: JSONValue) -> Timestamp? {
            (value["at"]?.stringValue).flatMap { Timestamp(parsing: $0) }
        }
        if let row = json["lastSuccess"], let at = time(row), let name = row["name"]?.stringValue {
            lastSuccess = Success(
                at: at,
                name: name,
                byteCount: row["bytes"]?.integerValue ?? 0,
                entryCount: row["entries"]?.integerValue ?? 0,
                milliseconds: row["milliseconds"]?.integerValue ?? 0,
                isVerified: row["verified"]?.boolValue ?? false
            )
        }
        if let row = json["lastFailure"], let at = time(row) {
            lastFailure = Failure(
                at: at,
                code: row["code"]?.stringValue ?? "",
                message: row["message"]?.stringValue ?? "",
                hint: row["hint"]?.stringValue
            )
        }
    }

    /// Reads the state of a backup folder.
    /// - Parameter folder: the folder of `backup.folder` in the configuration.
    /// - Returns: the state; nil when the folder, or the file in it, is not there.
    /// - Throws: ``ReportError`` `unreadable`, `not-allowed`, and faults of the disk.
    public static func read(folder: String) throws(ReportError) -> BackupState? {
        let path = folder + "/" + fileName
        guard access(path, F_OK) == 0 else { return nil }
        let reader = try BackupReader(path)
        guard reader.byteCount > 0 else { return BackupState() }
        guard reader.byteCount <= StoreLimits.maximumManifestByteCount,
            let json = try? JSONValue(parsing: try reader.read(reader.byteCount))
        else { throw ReportError(.unreadable, "\(path) is not understood") }
        return try BackupState(json: json)
    }

    /// Replaces the file whole and puts it on the disk.
    func write(folder: String) throws(ReportError) {
        let path = folder + "/" + Self.fileName
        let partial = path + ".new"
        unlink(partial)
        let file = try BackupFile(creating: partial)
        try file.write(json.canonicalBytes + [0x0A])
        try file.finish()
        // Watchers that run as somebody else read it: it says nothing that is secret.
        chmod(partial, 0o644)
        guard Failpoint.backupStateRename.around({ rename(partial, path) }) == 0 else {
            throw FileProblem.error("name", path)
        }
        try FileProblem.syncParent(of: path)
    }
}

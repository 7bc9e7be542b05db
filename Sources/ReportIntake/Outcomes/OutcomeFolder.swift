import Glibc
public import ReportModel

/// One of the four folders of an inbox where files with an outcome lie.
///
/// Source: DESIGN section 7, Inbox.
public enum OutcomeFolder: String, Sendable, CaseIterable {
    case accepted
    case duplicate
    case rejected
    case pending

    /// Its name inside the inbox.
    public var name: String {
        switch self {
        case .accepted: "已接收"
        case .duplicate: "重复"
        case .rejected: "未接收"
        case .pending: "待处理"
        }
    }
}

/// A file in an outcome folder.
public struct OutcomeFile: Sendable {
    /// Where it lies.
    public var folder: OutcomeFolder
    /// Its name, safe to be shown.
    public var name: String
    /// When its outcome was known; for a file without a receipt, when it was last changed.
    public var time: Timestamp
    /// What its receipt says; nil when that is missing or is none.
    public var receipt: JSONValue?
}

/// Reads what the outcome folders of an inbox hold; never writes, never follows a link.
///
/// Works whether a node runs or not, and while clerks move files about.
public struct OutcomeReader: Sendable {
    /// Names of one folder that are looked at; of more the rest is left out.
    public static let maximumNameCount = 200_000
    /// The longest receipt that is read.
    public static let maximumReceiptByteCount = 256 * 1024

    private let inbox: String

    /// Makes a reader.
    /// - Parameter inbox: path of the inbox.
    public init(inbox: String) { self.inbox = inbox }

    /// The files of one folder, the newest first.
    /// - Parameters:
    ///   - folder: which folder.
    ///   - limit: most files whose receipts are read; older ones are left out.
    ///   - filter: whether a file of this name is wanted.
    /// - Returns: the files, and how many others there are that were wanted.
    /// - Throws: ``ReportError`` `not-found`, `not-allowed` when the inbox cannot be read; a missing
    ///   outcome folder has no files.
    public func files(
        _ folder: OutcomeFolder,
        limit: Int = OutcomeReader.maximumNameCount,
        where filter: (_ name: String) -> Bool = { _ in true }
    ) throws(ReportError) -> (files: [OutcomeFile], more: Int) {
        let root = open(inbox, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw Self.fault(inbox) }
        defer { close(root) }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let descriptor = openat(root, folder.name, flags)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw Self.fault(inbox + "/" + folder.name) }
            return ([], 0)
        }
        defer { close(descriptor) }
        var found = try Self.entries(descriptor, inbox + "/" + folder.name) { filter($0) }
        found.sort { ($0.changedAt, $1.shown) > ($1.changedAt, $0.shown) }
        let more = max(0, found.count - limit)
        var files: [OutcomeFile] = []
        for entry in found.prefix(limit) {
            let receipt = Self.receipt(descriptor, ReceiptName.json(of: entry.name))
            let time = receipt?["processedAt"]?.stringValue.flatMap { Timestamp(parsing: $0) }
            files.append(
                OutcomeFile(
                    folder: folder,
                    name: entry.shown,
                    time: time ?? entry.changedAt,
                    receipt: receipt
                )
            )
        }
        return (files, more)
    }

    private struct Entry {
        var name: [UInt8]
        var shown: String
        var changedAt: Timestamp
    }

    private static func entries(
        _ folder: Int32,
        _ path: String,
        where filter: (String) -> Bool
    ) throws(ReportError) -> [Entry] {
        let copy = dup(folder)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let problem = fault(path)
            if copy >= 0 { close(copy) }
            throw problem
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        var count = 0
        while let entry = readdir(stream), count < maximumNameCount {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard name.first != 0x2E, !ReceiptName.isReceipt(name) else { continue }
            count += 1
            let shown = SafeText.name(name)
            var status = stat()
            guard filter(shown),
                fstatat(folder, cString(name), &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else { continue }
            // A rename into the folder changes this time and not that of the content.
            let time = status.st_ctim
            let milliseconds = max(0, time.tv_sec) * 1000 + time.tv_nsec / 1_000_000
            entries.append(
                Entry(
                    name: name,
                    shown: shown,
                    changedAt: Timestamp(milliseconds: UInt64(clamping: milliseconds))
                )
            )
        }
        return entries
    }

    /// A receipt for programs; nil when it is missing, too long or none.
    private static func receipt(_ folder: Int32, _ name: [UInt8]) -> JSONValue? {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let file = openat(folder, cString(name), flags)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            (1...maximumReceiptByteCount).contains(Int(status.st_size))
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        guard count == bytes.count, let json = try? JSONValue(parsing: bytes),
            json["schema"]?.stringValue == "reportd.receipt/1"
        else { return nil }
        return json
    }

    private static func cString(_ bytes: [UInt8]) -> [CChar] {
        bytes.map { CChar(bitPattern: $0) } + [0]
    }

    private static func fault(_ path: String) -> ReportError {
        let number = errno
        let code: ReportError.Code =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM: .notAllowed
            default: .internal
            }
        return ReportError(
            code,
            "the inbox \(SafeText.clean(path, limit: 1024)) cannot be read: \(String(cString: strerror(number)))",
            hint: code == .notAllowed ? "ask as the node's user, or as root" : nil
        )
    }
}

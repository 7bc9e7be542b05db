import Glibc
public import ReportModel
import ReportStore

/// What is done to a store's files as a whole, on the machine where they lie.
public enum StoreCare {
    /// Arguments of a program that call ``serveVerification(directory:isBackground:)``.
    public static let verificationWord = "verify-store"

    /// Verifies a store for another process, which reads lines of JSON; see `VerifyProcess`.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - isBackground: whether others come first.
    /// - Returns: the exit status.
    public static func serveVerification(directory: String, isBackground: Bool) -> Int32 {
        VerifyProcess.serve(directory: directory, isBackground: isBackground)
    }

    /// Verifies a store in a child process, so that a damaged page is told and ends nothing here.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - progress: told how many entries of how many were checked.
    /// - Returns: the object of ``VerifyReport``.
    /// - Throws: ``ReportError`` when the store cannot be opened.
    public static func verify(
        directory: String,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> JSONValue {
        // Asked here first: a child knows no better words for it.
        guard access(directory + "/data.mdb", F_OK) == 0 else {
            throw ReportError(.notFound, "there is no store in \(directory)")
        }
        return try await VerifyProcess.run(
            VerifyProcess.Command(arguments: [verificationWord, directory]),
            progress: progress
        ).json
    }

    /// Backs a store up; it may be written meanwhile.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - path: the file, or the folder when it ends in a slash; must not be there.
    ///   - since: nil for everything; else a position, or the path of an older backup: then an
    ///     increment is made.
    ///   - includesKey: whether the node's secret key goes with it.
    ///   - progress: told how much of how much is done.
    /// - Returns: the manifest, without the key.
    /// - Throws: ``ReportError`` `conflict` when the path is there already, `no-space`, `not-found`.
    public static func backup(
        directory: String,
        to path: String,
        since: String?,
        includesKey: Bool,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws(ReportError) -> JSONValue {
        let store = try Store.openReadOnly(directory: directory)
        defer { store.close() }
        guard let since else {
            return try store.backup(to: path, includesKey: includesKey, progress: progress)
                .publicJSON
        }
        guard !includesKey else {
            throw ReportError(.usage, "an increment holds no key; full backups may")
        }
        let start: BackupSince =
            if let arrival = UInt64(since) {
                .arrival(arrival)
            } else {
                .manifest(try BackupManifest(reading: since))
            }
        return try store.backupIncrement(to: path, since: start, progress: progress).publicJSON
    }

    /// Makes a store out of a backup and its increments.
    /// - Parameters:
    ///   - backup: file or folder of the full backup.
    ///   - increments: increments in the order in which they were made.
    ///   - directory: folder of the store; absent or empty.
    ///   - keyFile: file with the node's secret key; nil: the key of the backup.
    ///   - makesKey: whether the store gets a new key, as another node.
    ///   - name: name of the node; nil: as before.
    ///   - isStandalone: whether the store takes appends at once, without asking peers.
    ///   - progress: told the stage (copying, applying, verifying) and how much of it is done.
    /// - Returns: the object of `StoreRestore.Outcome`.
    /// - Throws: ``ReportError`` `conflict`, `integrity`, `not-found`; `usage` for a key and a new one.
    public static func restore(
        _ backup: String,
        increments: [String],
        directory: String,
        keyFile: String?,
        makesKey: Bool = false,
        name: String?,
        isStandalone: Bool = false,
        progress: @escaping @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> JSONValue {
        var options = Store.Options(nodeName: "")
        if let name { options.nodeName = name }
        var identity = makesKey ? StoreRestore.Identity.new : .ofBackup
        if let keyFile {
            guard !makesKey else {
                throw ReportError(.usage, "either --key or --new-key: the store has one key")
            }
            identity = .key(try key(keyFile))
        }
        let chain = try chain([backup] + increments)
        return try await StoreRestore.restore(
            chain[0],
            increments: Array(chain.dropFirst()),
            to: directory,
            identity: identity,
            isStandalone: isStandalone,
            options: options
        ) { stage, done, total in progress(stage.rawValue, done, total) }.json
    }

    /// The full backup and increments that paths name; a folder of scheduled backups means the newest.
    private static func chain(_ paths: [String]) throws(ReportError) -> [String] {
        let folder = BackupFolder(paths[0])
        guard paths.count == 1, folder.hasState else { return paths }
        guard let newest = try folder.newestChain() else {
            throw ReportError(.notFound, "\(paths[0]) holds no good backup")
        }
        return newest
    }

    /// What lies in a folder of scheduled backups.
    /// - Parameter folder: `backup.folder` of the configuration.
    /// - Returns: `{"folder","state","items":[{"name","kind","madeAt","bytes","entries",
    ///   "damaged","key","store","node"}],"unreadable":[…]}`, the oldest first.
    /// - Throws: ``ReportError`` `not-found`, `not-allowed`.
    public static func backups(in folder: String) throws(ReportError) -> JSONValue {
        let all = BackupFolder(folder)
        let items = try all.items().map { item -> JSONValue in
            let entries = item.manifest.positions.reduce(0) { $0 + Int(clamping: $1.sequence) }
            return [
                "name": .string(item.name), "kind": .string(item.manifest.kind.rawValue),
                "madeAt": .string(item.manifest.madeAt.description),
                "bytes": .integer(item.byteCount), "entries": .integer(entries),
                "damaged": .bool(item.isDamaged), "key": .bool(item.manifest.key != nil),
                "store": .string(item.manifest.store), "node": .string(item.manifest.name),
            ]
        }
        var unreadable = try all.unreadableNames()
        var state: BackupState?
        do throws(ReportError) {
            state = try BackupState.read(folder: folder)
        } catch {
            unreadable.append(BackupState.fileName)
        }
        return [
            "folder": .string(folder), "items": .array(items), "state": state?.json ?? .null,
            "unreadable": .strings(unreadable),
        ]
    }

    private static func key(_ path: String) throws(ReportError) -> NodeKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ReportError(
                .notFound,
                "\(path) cannot be read: \(String(cString: strerror(errno)))"
            )
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        guard let secret = HexText.bytes(text.prefix { $0.isHexDigit }),
            let key = NodeKey(secret: secret)
        else { throw ReportError(.unreadable, "\(path) is not a node's key") }
        return key
    }
}

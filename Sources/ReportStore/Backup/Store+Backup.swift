import Dispatch
import Failpoints
import Glibc
import LMDB
public import ReportModel
import Synchronization

extension Store {
    /// Copies a snapshot of the store while it is written, to a file or a folder of its own.
    ///
    /// The copy is whole, on the disk and checked when it gets its name; nothing is overwritten.
    /// Free pages are left out, so are the search folder, which can be rebuilt, and the node's key
    /// unless it is asked for.
    /// - Parameters:
    ///   - path: the file, or the folder when it ends in a slash; must not be there.
    ///   - includesKey: whether the node's secret key goes with it.
    ///   - progress: told how many bytes of about how many were written.
    /// - Returns: what the backup holds.
    /// - Throws: ``ReportError`` `conflict` when the path is there already, `no-space`.
    public func backup(
        to path: String,
        includesKey: Bool = false,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ReportError) -> BackupManifest {
        let isFolder = path.hasSuffix("/")
        let target = isFolder ? String(path.dropLast()) : path
        guard !target.isEmpty, access(target, F_OK) != 0 else {
            throw ReportError(
                .conflict,
                "\(target) is there already",
                hint: "give a name that is not taken: a backup overwrites nothing"
            )
        }
        let partial = target + ".partial-\(getpid())"
        guard mkdir(partial, 0o700) == 0 else { throw FileProblem.error("make", partial) }
        defer { FileProblem.removeFolder(partial) }
        let data = partial + "/data.mdb"
        let (byteCount, digest) = try copyData(to: data, progress: progress)
        var manifest = try Self.manifest(of: partial)
        manifest.byteCount = byteCount
        manifest.digest = digest
        manifest.madeAt = clock()
        if includesKey { manifest.key = try nodeSecret() }
        if isFolder {
            let file = try BackupFile(creating: partial + "/" + BackupLayout.manifestName)
            try file.write(manifest.json.canonicalBytes + [0x0A])
            try file.finish()
            guard Failpoint.backupName.around({ rename(partial, target) }) == 0 else {
                throw FileProblem.error("name", target)
            }
        } else {
            try BackupLayout.append(manifest, to: data)
            // Unlike rename, link never replaces what came there meanwhile.
            guard Failpoint.backupName.around({ link(data, target) }) == 0 else {
                throw FileProblem.error("name", target)
            }
        }
        try FileProblem.syncParent(of: target)
        return manifest
    }

    /// Streams a compacting copy through a pipe, so that it is hashed on its way to the file.
    private func copyData(
        to path: String,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws(ReportError) -> (byteCount: Int, digest: Hash256) {
        let total = try StoreFailure.mapped {
            let information = try environment.information
            let free = try environment.freePageCount * information.pageByteCount
            return max(1, information.usedByteCount - free)
        }
        let file = try BackupFile(creating: path)
        var ends: [Int32] = [-1, -1]
        // Not pipe: it cannot be kept from programs started at this moment.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw FileProblem.error("make", "a pipe")
        }
        let (output, input) = (ends[0], ends[1])
        let failure = Mutex<ReportError?>(nil)
        let done = DispatchSemaphore(value: 0)
        // A thread of its own: the copy blocks while the pipe is full.
        DispatchQueue(label: "reportd.store.backup").async { [environment] in
            do throws(ReportError) {
                try StoreFailure.mapped {
                    try environment.copy(toFileDescriptor: input, compacting: true)
                }
            } catch {
                failure.withLock { $0 = error }
            }
            Glibc.close(input)
            done.signal()
        }
        do throws(ReportError) {
            var buffer = [UInt8](repeating: 0, count: StoreLimits.backupStepByteCount)
            while true {
                let count = buffer.withUnsafeMutableBytes {
                    Glibc.read(output, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                try file.write(Array(buffer[..<count]))
                progress(min(file.byteCount, total), total)
            }
        } catch {
            // The copy ends when nobody reads what it writes.
            Glibc.close(output)
            done.wait()
            throw error
        }
        Glibc.close(output)
        done.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
        try file.finish()
        progress(total, total)
        return (file.byteCount, file.takeDigest())
    }

    /// The manifest of a copy in a folder, read from the copy itself.
    private static func manifest(of folder: String) throws(ReportError) -> BackupManifest {
        let copy = try Store.openReadOnly(directory: folder)
        defer {
            copy.close()
            unlink(folder + "/lock.mdb")
        }
        return try BackupManifest(kind: .full, of: copy)
    }

    /// What a plan of backups has to know of the store.
    /// - Returns: the store's identifier, and about how many bytes a full backup takes.
    /// - Throws: ``ReportError`` `integrity`.
    public func backupEstimate() throws(ReportError) -> (storeID: String, byteCount: Int) {
        let byteCount = try StoreFailure.mapped {
            let information = try environment.information
            let free = try environment.freePageCount * information.pageByteCount
            return max(0, information.usedByteCount - free)
        }
        return (HexText.text(try backupFacts().store), byteCount)
    }

    /// What the manifest says of a snapshot.
    func backupFacts() throws(ReportError) -> (
        store: [UInt8], ownLog: LogID, positions: [LogPosition], arrival: UInt64, format: UInt32
    ) {
        try read { (transaction: borrowing ReadTransaction) throws in
            let logs = LogRows(tables: tables)
            let meta = Metadata(tables)
            return (
                try meta.bytes(.store, transaction) ?? [],
                try ownRow(transaction).descriptor.id,
                try logs.all(transaction).map(\.position).sorted { $0.log < $1.log },
                try meta.counter(.arrival, transaction),
                try StoreFormat.number(meta, transaction) ?? Metadata.format
            )
        }
    }

    func nodeSecret() throws(ReportError) -> [UInt8] {
        if let key { return key.secret }
        let loaded = try StoreFailure.mapped { try NodeFiles.loadKey(in: environment.path) }
        guard let loaded else {
            throw ReportError(.notFound, "there is no \(NodeFiles.keyName) in \(environment.path)")
        }
        return loaded.secret
    }
}

/// Where the manifest stands.
///
/// Source: docs/format.md section 7.
enum BackupLayout {
    static let manifestName = "backup.json"
    /// Last bytes of a backup in one file: the letters "rpk" and the format.
    static let magic: [UInt8] = [0x72, 0x70, 0x6B, 1]

    /// Appends the manifest, its length and the magic to a data file.
    static func append(_ manifest: BackupManifest, to path: String) throws(ReportError) {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileProblem.error("open", path) }
        defer { Glibc.close(descriptor) }
        var bytes = manifest.json.canonicalBytes
        let count = UInt32(clamping: bytes.count)
        bytes.appendBigEndian(count)
        bytes.append(contentsOf: magic)
        guard write(descriptor, bytes, bytes.count) == bytes.count,
            Failpoint.backupManifestSync.around({ fsync(descriptor) }) == 0
        else {
            throw FileProblem.error("write", path)
        }
    }

    /// The data file and manifest of a full backup.
    /// - Parameter path: the file or folder.
    /// - Returns: path of the data, and the manifest.
    /// - Throws: ``ReportError`` `usage` for an increment; `unreadable`, `integrity`, `not-found`.
    static func open(full path: String) throws(ReportError) -> (data: String, BackupManifest) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileProblem.error("read", path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            let reader = try BackupReader(path + "/" + manifestName)
            guard reader.byteCount <= StoreLimits.maximumManifestByteCount else {
                throw ReportError(.tooLarge, "the manifest of \(path) is too large")
            }
            let manifest = try Self.manifest(try reader.read(reader.byteCount))
            return (path + "/data.mdb", manifest)
        }
        let reader = try BackupReader(path)
        guard try reader.read(min(4, reader.byteCount), at: 0) != IncrementLayout.magic else {
            throw ReportError(
                .usage,
                "\(path) is an increment",
                hint: "give the full backup first, then its increments in their order"
            )
        }
        let end = try reader.read(8, at: max(0, reader.byteCount - 8))
        var fields = ByteReader(end[...])
        guard let count = fields.integer(UInt32.self), Array(end.suffix(4)) == magic,
            count <= StoreLimits.maximumManifestByteCount
        else { throw ReportError(.unreadable, "\(path) is no backup of reportd") }
        let manifest = try Self.manifest(
            try reader.read(Int(count), at: reader.byteCount - 8 - Int(count))
        )
        guard manifest.byteCount == reader.byteCount - 8 - Int(count) else {
            throw ReportError(.integrity, "\(path) has not the length that its manifest says")
        }
        return (path, manifest)
    }

    static func manifest(_ bytes: [UInt8]) throws(ReportError) -> BackupManifest {
        guard let json = try? JSONValue(parsing: bytes) else {
            throw ReportError(.unreadable, "the manifest of the backup is no JSON")
        }
        return try BackupManifest(json: json)
    }
}

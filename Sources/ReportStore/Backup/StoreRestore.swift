import Failpoints
import Glibc
import LMDB
public import ReportModel

/// Makes a store out of a backup.
public enum StoreRestore {
    /// What a restore did.
    public struct Outcome: Sendable {
        /// The log that the restored store appends to: a new one.
        public var ownLog: LogID
        /// The log that it appended to before: it goes on as one of others, and what is missing of
        /// it comes from peers.
        public var formerLog: LogID
        /// How far the store has come.
        public var positions: [LogPosition]
        /// Entries that came from increments.
        public var addedEntryCount: Int
        /// The node: the same as before when its key was there.
        public var node: NodeID
        /// The node whose store was backed up.
        public var formerNode: NodeID
        /// Why nothing is appended until the peers were asked; nil when appends are taken.
        public var hold: FilingHold?

        /// The outcome as an object.
        public var json: JSONValue {
            [
                "ownLog": .string(ownLog.description), "formerLog": .string(formerLog.description),
                "node": .string(node.description), "formerNode": .string(formerNode.description),
                "logs": .array(positions.map(\.json)),
                "added": .integer(addedEntryCount), "hold": hold?.json ?? .null,
            ]
        }
    }

    /// Whose store the restored one is.
    public enum Identity: Sendable {
        /// That of the node that was backed up, whose key is in the backup.
        case ofBackup
        /// That of the owner of a key.
        case key(NodeKey)
        /// A new one: for its peers it is another node.
        case new
    }

    /// What happens while a backup is restored.
    public enum Stage: String, Sendable {
        /// The data file is copied and its hash taken.
        case copying
        /// Entries of increments are applied.
        case applying
        /// The whole store is checked.
        case verifying
    }

    /// Makes a store out of a full backup and increments of it.
    ///
    /// Hashes are checked before anything is used, and the whole store before it gets its name. The
    /// store begins a new log: entries may have been recorded after the backup, and two entries
    /// with one sequence would be a fork.
    /// - Parameters:
    ///   - backup: file or folder of the full backup.
    ///   - increments: increments in the order in which they were made.
    ///   - directory: folder of the store; must be absent or empty.
    ///   - identity: whose store it is to be.
    ///   - isStandalone: whether the store takes appends at once, without asking peers.
    ///   - options: name of the node and clock.
    ///   - progress: told the stage, and how much of how much is done.
    /// - Returns: what came of it.
    /// - Throws: ``ReportError`` `not-found` when the key is to be that of the backup and it has none,
    ///   `conflict` when the folder is not empty or an increment does not follow, `integrity` when a
    ///   hash is another.
    public static func restore(
        _ backup: String,
        increments: [String] = [],
        to directory: String,
        identity: Identity = .ofBackup,
        isStandalone: Bool = false,
        options: Store.Options = Store.Options(),
        progress: @escaping @Sendable (Stage, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    ) async throws(ReportError) -> Outcome {
        let target = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        let (data, manifest) = try BackupLayout.open(full: backup)
        guard manifest.kind == .full, manifest.digest != nil else {
            throw ReportError(.usage, "\(backup) is an increment: give the full backup first")
        }
        let key = try key(of: identity, manifest, backup)
        let readers = try increments.map { path throws(ReportError) in try IncrementReader(path) }
        let work = try RestoreFolder(in: target)
        defer { withExtendedLifetime(work) {} }
        let partial = work.path
        try copy(data, manifest, to: partial + "/data.mdb") { progress(.copying, $0, $1) }
        try forgetIdentity(partial)
        if let key { try write(key, to: partial) }
        var settings = options
        settings.creates = false
        if settings.nodeName.isEmpty { settings.nodeName = manifest.name }
        let outcome = try await fill(
            partial,
            manifest,
            readers,
            isStandalone: isStandalone,
            settings,
            progress
        )
        // The data last: without it there is no store yet, and the restore can be run again.
        for name in [NodeFiles.keyName, "data.mdb"] {
            let status = Failpoint.restoreName.around {
                rename(partial + "/" + name, target + "/" + name)
            }
            guard status == 0 else {
                throw FileProblem.error("name", target + "/" + name)
            }
        }
        try FileProblem.syncParent(of: target + "/data.mdb")
        return outcome
    }

    /// Begins the new log, applies increments and checks everything.
    private static func fill(
        _ directory: String,
        _ manifest: BackupManifest,
        _ increments: [IncrementReader],
        isStandalone: Bool,
        _ options: Store.Options,
        _ progress: @escaping @Sendable (Stage, Int, Int) -> Void
    ) async throws(ReportError) -> Outcome {
        let store = try Store.open(directory: directory, options: options)
        defer { store.close() }
        var count = 0
        for increment in increments {
            count += try await apply(increment, to: store) { progress(.applying, $0, $1) }
        }
        let report = try store.verifyNow { progress(.verifying, $0, $1) }
        guard report.isSound else {
            throw ReportError(
                .integrity,
                "the restored store is not sound: \(report.problems[0])",
                hint: "restore an older backup",
                details: ["problems": .strings(report.problems)]
            )
        }
        // Another key is another node: nobody holds more of its log.
        if isStandalone || store.node != manifest.node {
            try await store.proceedFiling()
        } else {
            try await store.holdFiling(.restored)
        }
        let facts = try store.backupFacts()
        return Outcome(
            ownLog: facts.ownLog,
            formerLog: manifest.ownLog,
            positions: facts.positions,
            addedEntryCount: count,
            node: store.node,
            formerNode: manifest.node,
            hold: try store.filingHold()
        )
    }

    private static func copy(
        _ source: String,
        _ manifest: BackupManifest,
        to target: String,
        progress: (Int, Int) -> Void
    ) throws(ReportError) {
        let reader = try BackupReader(source)
        let file = try BackupFile(creating: target)
        while file.byteCount < manifest.byteCount {
            let count = min(StoreLimits.backupStepByteCount, manifest.byteCount - file.byteCount)
            try file.write(try reader.read(count))
            progress(file.byteCount, manifest.byteCount)
        }
        guard file.takeDigest() == manifest.digest else {
            throw ReportError(
                .integrity,
                "\(source) is damaged: its hash is not that of the manifest",
                hint: "restore another backup"
            )
        }
        try file.finish()
    }

    /// Makes the next opening begin a new log, as for a store that was copied.
    private static func forgetIdentity(_ directory: String) throws(ReportError) {
        try StoreFailure.mapped {
            let environment = try Environment(path: directory)
            defer { try? environment.close() }
            try StoreIdentity.refuseNewerFormat(environment, than: Metadata.format)
            let tables = try Tables(in: environment, creates: true)
            try environment.write { (transaction: borrowing WriteTransaction) throws in
                let meta = Metadata(tables)
                try meta.put(.machine, Hash256.zero.bytes, transaction)
                try meta.put(.store, Array(Hash256.random().bytes.prefix(16)), transaction)
            }
        }
    }

    /// The key that is put into the store; nil: the store makes one when it is opened.
    private static func key(
        of identity: Identity,
        _ manifest: BackupManifest,
        _ backup: String
    ) throws(ReportError) -> NodeKey? {
        switch identity {
        case .new: return nil
        case .key(let key): return key
        case .ofBackup:
            if let key = try secret(of: manifest) { return key }
            throw ReportError(
                .notFound,
                "\(backup) holds no key: without it the store would be that of another node",
                hint: "--key FILE: node.key of the old store, or the copy that is kept apart; when "
                    + "both are lost, --new-key makes another node, which the one above must enrol"
            )
        }
    }

    private static func secret(of manifest: BackupManifest) throws(ReportError) -> NodeKey? {
        guard let secret = manifest.key else { return nil }
        guard let key = NodeKey(secret: secret), key.id == manifest.node else {
            throw ReportError(.integrity, "the key in the backup is not that of its node")
        }
        return key
    }

    private static func write(_ key: NodeKey, to directory: String) throws(ReportError) {
        let file = try BackupFile(creating: directory + "/" + NodeFiles.keyName)
        try file.write(Array((HexText.text(key.secret) + "\n").utf8))
        try file.finish()
    }

    /// Applies one increment; entries that are held already are passed over.
    private static func apply(
        _ increment: IncrementReader,
        to store: Store,
        progress: (Int, Int) -> Void
    ) async throws(ReportError) -> Int {
        try await checkBase(of: increment.manifest, store)
        let total = increment.manifest.positions.reduce(0) { $0 + Int(clamping: $1.sequence) }
        var descriptors: [LogID: LogDescriptor] = [:]
        var count = 0
        while let (kind, bytes) = try increment.next() {
            switch kind {
            case .manifest, .end: continue
            case .log:
                guard let descriptor = IncrementLayout.descriptor(bytes) else {
                    throw ReportError(.integrity, "an increment has a log that is not understood")
                }
                descriptors[descriptor.id] = descriptor
            case .batch:
                guard let batch = EntryBatch(bytes), let descriptor = descriptors[batch.log] else {
                    throw ReportError(.integrity, "an increment has a batch that is not understood")
                }
                let before = try await store.logState(batch.log)?.position.sequence ?? 0
                let after = try await store.accept(batch, descriptor: descriptor).sequence
                count += Int(clamping: after - min(after, before))
                progress(count, total)
            case .acknowledgement:
                guard let acknowledgement = Acknowledgement(bytes) else {
                    throw ReportError(.integrity, "an increment has a damaged acknowledgement")
                }
                if try await store.logState(acknowledgement.position.log) != nil {
                    try await store.keep(acknowledgement)
                }
            }
        }
        return count
    }

    private static func checkBase(
        of manifest: BackupManifest,
        _ store: Store
    ) async throws(ReportError) {
        for position in manifest.since where position.sequence > 0 {
            let hash = try await store.entryHash(log: position.log, sequence: position.sequence)
            guard hash == position.hash else {
                throw ReportError(
                    .conflict,
                    "an increment made at \(manifest.madeAt) does not follow what was restored",
                    hint: "give every increment since the full backup, in order"
                )
            }
        }
    }
}

extension BackupManifest {
    /// Reads the manifest of a backup or increment.
    /// - Parameter path: a file, a folder, or a manifest by itself.
    /// - Throws: ``ReportError`` `not-found`, `unreadable`, `integrity`.
    public init(reading path: String) throws(ReportError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileProblem.error("read", path) }
        if status.st_mode & S_IFMT != S_IFDIR {
            let reader = try BackupReader(path)
            let magic = try reader.read(min(4, reader.byteCount), at: 0)
            if magic == IncrementLayout.magic {
                self = try IncrementReader(path).manifest
                return
            }
            if magic.first == UInt8(ascii: "{"),
                reader.byteCount <= StoreLimits.maximumManifestByteCount
            {
                self = try BackupLayout.manifest(try reader.read(reader.byteCount))
                return
            }
        }
        (_, self) = try BackupLayout.open(full: path)
    }
}

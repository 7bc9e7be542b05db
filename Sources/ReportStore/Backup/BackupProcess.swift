import Glibc
public import ReportModel

/// Makes and verifies one backup in a process of its own at low priority, so that a page that
/// cannot be read ends that process and not the node.
///
/// The child writes lines of JSON: `{"done","total"}` now and then, at last `{"manifest","problems"}`
/// or `{"error"}`.
public enum BackupProcess {
    /// What is to be made.
    public struct Order: Hashable, Sendable {
        /// Folder of the store.
        public var store: String
        /// Where the backup goes: must not be there, on the same file system as its last name.
        public var target: String
        /// Path of the full backup that an increment begins after; nil: everything.
        public var base: String?
        /// Whether the node's secret key goes with a full backup.
        public var includesKey: Bool
        /// Whether it is read back and verified.
        public var verifies: Bool

        /// Makes an order.
        public init(
            store: String,
            target: String,
            base: String? = nil,
            includesKey: Bool = false,
            verifies: Bool = true
        ) {
            self.store = store
            self.target = target
            self.base = base
            self.includesKey = includesKey
            self.verifies = verifies
        }

        /// The order as one argument of a program.
        public var argument: String {
            let json: JSONValue = [
                "store": .string(store), "target": .string(target), "base": .optional(base),
                "key": .bool(includesKey), "verify": .bool(verifies),
            ]
            return json.canonicalText
        }

        /// Reads ``argument``; nil for anything else.
        init?(argument: String) {
            guard let json = try? JSONValue(parsing: Array(argument.utf8)),
                let store = json["store"]?.stringValue, let target = json["target"]?.stringValue
            else { return nil }
            self.init(
                store: store,
                target: target,
                base: json["base"]?.stringValue,
                includesKey: json["key"]?.boolValue ?? false,
                verifies: json["verify"]?.boolValue ?? true
            )
        }
    }

    /// What was made.
    public struct Outcome: Sendable {
        /// What the backup holds, without the key.
        public var manifest: BackupManifest
        /// What its verification found wrong; empty when it is sound.
        public var problems: [String]
    }

    /// Starts the child and waits for what it made; a cancelled task ends it.
    /// - Parameter command: starts a program that calls ``serve(argument:)``.
    /// - Returns: what was made.
    /// - Throws: ``ReportError`` `no-space`, `integrity` and what else the child met.
    public static func run(_ command: VerifyProcess.Command) async throws(ReportError) -> Outcome {
        let end = try await LineProcess.run(command) { _, _ in }
        if let error = end.last?["error"] { throw ReportError(json: error) }
        if let signal = end.damageSignal {
            throw ReportError(
                .integrity,
                "a page of the store or of its copy cannot be read: the backup ended with \(signal)",
                hint: "run reportctl verify; the backups that are there stay"
            )
        }
        guard let manifest = end.last?["manifest"],
            let problems = end.last?["problems"]?.arrayValue
        else { throw ReportError(.internal, "the process that makes the backup ended by itself") }
        return Outcome(
            manifest: try BackupManifest(json: manifest),
            problems: problems.compactMap(\.stringValue)
        )
    }

    // MARK: The child

    /// Makes a backup and writes lines to standard output.
    /// - Parameter argument: ``Order/argument``.
    /// - Returns: the exit status: 0 when it was made, else that of the error.
    public static func serve(argument: String) -> Int32 {
        LineProcess.prepareChild(isBackground: true)
        do throws(ReportError) {
            guard let order = Order(argument: argument) else {
                throw ReportError(.usage, "the order of a backup is not understood")
            }
            let (manifest, problems) = try make(order)
            LineProcess.write([
                "manifest": manifest.publicJSON, "problems": .strings(problems),
            ])
            return 0
        } catch {
            LineProcess.write(["error": error.json])
            return error.code.exitCode
        }
    }

    static func make(_ order: Order) throws(ReportError) -> (BackupManifest, problems: [String]) {
        let store = try Store.openReadOnly(directory: order.store)
        defer { store.close() }
        let tell = { @Sendable (done: Int, total: Int) in
            LineProcess.write(["done": .integer(done), "total": .integer(total)])
        }
        if let base = order.base {
            let manifest = try store.backupIncrement(
                to: order.target,
                since: .manifest(try BackupManifest(reading: base)),
                progress: tell
            )
            return (manifest, order.verifies ? try problems(increment: order.target) : [])
        }
        let manifest = try store.backup(
            to: order.target + "/",
            includesKey: order.includesKey,
            progress: tell
        )
        guard order.verifies else { return (manifest, []) }
        return (manifest, try problems(full: order.target, manifest, tell))
    }

    /// Reads a copy back from its disk and verifies it as a store.
    private static func problems(
        full folder: String,
        _ manifest: BackupManifest,
        _ progress: @Sendable (Int, Int) -> Void
    ) throws(ReportError) -> [String] {
        let data = folder + "/data.mdb"
        forget(data)
        let reader = try BackupReader(data)
        while reader.offset < reader.byteCount {
            _ = try reader.read(
                min(StoreLimits.backupStepByteCount, reader.byteCount - reader.offset)
            )
        }
        guard reader.takeDigest() == manifest.digest else {
            throw ReportError(
                .integrity,
                "\(folder): what was read back is not what was written",
                hint: "the medium of the backups is damaged: use another"
            )
        }
        let copy = try Store.openReadOnly(directory: folder)
        defer {
            copy.close()
            unlink(folder + "/lock.mdb")
        }
        let pages = try copy.pageProblems()
        return pages + (try copy.verifyNow(restRatio: 1, progress: progress).problems)
    }

    /// Reads an increment back: its hash, and every batch in it.
    private static func problems(increment path: String) throws(ReportError) -> [String] {
        forget(path)
        let reader = try IncrementReader(path)
        while let (kind, bytes) = try reader.next() {
            if kind == .batch, EntryBatch(bytes) == nil {
                return ["\(path) has a batch that is not understood"]
            }
        }
        return []
    }

    /// Lets the system forget what it holds of a file, so that it is read from the disk.
    private static func forget(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        close(descriptor)
    }
}

import Glibc
import LMDB
public import ReportModel

/// Finds what is damaged in a store, has it mended from others, and tells what came of it.
///
/// Only what the owner of a log signed is put in the place of what is damaged; see
/// ``Store/repair(_:)``. Tables that follow from the log are made anew when nothing else is wrong.
public struct StoreRepair: Sendable {
    /// Somebody who may have what is damaged here.
    public struct Source: Sendable {
        /// Its name for people.
        public var name: String
        /// Has what is damaged here fetched and put in its place.
        public var mend: @Sendable () async throws(ReportError) -> Void

        /// Makes a source.
        public init(name: String, mend: @escaping @Sendable () async throws(ReportError) -> Void) {
            self.name = name
            self.mend = mend
        }
    }

    private let store: Store
    private let sources: [Source]
    private let verify: @Sendable () async throws(ReportError) -> VerifyReport

    /// Makes a repair; nothing happens before ``run()``.
    /// - Parameters:
    ///   - store: open for writing.
    ///   - sources: asked in their order until nothing is damaged.
    ///   - verify: verifies the store, in a process of its own where that is possible.
    public init(
        store: Store,
        sources: [Source],
        verify: @escaping @Sendable () async throws(ReportError) -> VerifyReport
    ) {
        self.store = store
        self.sources = sources
        self.verify = verify
    }

    /// Repairs.
    /// - Returns: `{"damaged","mended","remaining","asked","reindexed","problems","sound"}`.
    /// - Throws: ``ReportError`` `integrity` when pages of the file are damaged: nothing is written
    ///   then.
    public func run() async throws(ReportError) -> JSONValue {
        let first = try await verify()
        guard !first.hasDamagedPages else { throw Self.damagedPages(first) }
        let damaged = try await store.damagedEntries()
        var left = damaged
        var mended: [JSONValue] = []
        var asked: [JSONValue] = []
        for source in sources where !left.isEmpty {
            var problem: String?
            do throws(ReportError) {
                try await source.mend()
            } catch {
                problem = error.message
            }
            asked.append(["name": .string(source.name), "error": .optional(problem)])
            let now = try await store.damagedEntries()
            mended += Self.difference(left, now).map { entry in
                var members = entry.json.objectValue ?? [:]
                members["from"] = .string(source.name)
                return .object(members)
            }
            left = now
        }
        var last = damaged.isEmpty ? first : try await verify()
        var isReindexed = false
        if left.isEmpty, !last.isSound, !last.hasDamagedPages {
            // The log is whole: everything else follows from it.
            try await store.reindex()
            isReindexed = true
            last = try await verify()
        }
        return [
            "damaged": .array(damaged.map(\.json)), "mended": .array(mended),
            "remaining": .array(left.map(\.json)), "asked": .array(asked),
            "reindexed": .bool(isReindexed),
            "problems": .strings(Array(last.problems.prefix(100))), "sound": .bool(last.isSound),
        ]
    }

    /// What was damaged and is not any more, each with the parts that were mended.
    private static func difference(
        _ before: [DamagedEntry],
        _ after: [DamagedEntry]
    ) -> [DamagedEntry] {
        before.compactMap { entry in
            let now = after.first { $0.log == entry.log && $0.sequence == entry.sequence }
            var mended = entry
            mended.parts = entry.parts.filter { !(now?.parts.contains($0) ?? false) }
            return mended.parts.isEmpty ? nil : mended
        }
    }

    /// That pages are damaged, and what to do.
    static func damagedPages(_ report: VerifyReport) -> ReportError {
        ReportError(
            .integrity,
            "pages of the data file are damaged, which cannot be mended in their place: "
                + (report.problems.first ?? ""),
            hint: "restore the newest backup into a new folder (reportctl restore FOLDER --store "
                + "NEWDIR --key OLDSTORE/node.key); the rest comes from the peers",
            details: ["problems": .strings(Array(report.problems.prefix(10)))]
        )
    }

    // MARK: A backup as a source

    /// A backup, or another copy of the store, as a source.
    /// - Parameters:
    ///   - path: a full backup (file or folder), a folder of scheduled backups, whose newest full one
    ///     is taken, or the folder of a store that nobody writes.
    ///   - store: the store that is repaired.
    /// - Returns: the source.
    /// - Throws: ``ReportError`` `not-found`, `usage` for an increment.
    public static func backup(_ path: String, for store: Store) throws(ReportError) -> Source {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileProblem.error("read", path) }
        if BackupFolder(path).hasState {
            guard let newest = try BackupFolder(path).newestChain()?.first else {
                throw ReportError(.notFound, "\(path) holds no good backup")
            }
            return try backup(newest, for: store)
        }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        let data = isFolder ? path + "/data.mdb" : path
        if !isFolder, try BackupManifest(reading: path).kind != .full {
            throw ReportError(.usage, "\(path) is an increment: name a full backup")
        }
        return Source(name: path) { () throws(ReportError) in
            let folder = try TemporaryStore(of: data)
            let pages = try Store.pageProblems(directory: folder.path)
            guard pages.isEmpty else {
                throw ReportError(
                    .integrity,
                    "\(path) is damaged itself: \(pages[0])",
                    hint: "name another backup"
                )
            }
            let copy = try Store.openReadOnly(directory: folder.path)
            defer { copy.close() }
            try await mend(store, from: copy)
        }
    }

    /// Hands everything that is damaged here to the repair, as a copy has it.
    private static func mend(_ store: Store, from copy: Store) async throws(ReportError) {
        for (log, entries) in Dictionary(grouping: try await store.damagedEntries(), by: \.log) {
            var sequences = entries.map(\.sequence)
            while !sequences.isEmpty {
                let fetched = try await copy.entries(
                    of: log,
                    at: Array(sequences.prefix(FetchedEntries.maximumCount)),
                    maximumByteCount: StoreLimits.incrementBatchByteCount
                )
                guard !fetched.rows.isEmpty else { break }
                sequences.removeFirst(fetched.rows.count)
                _ = try await store.repair(fetched)
            }
        }
    }
}

/// A folder in which a data file that lies elsewhere is opened, so that nothing is written beside it.
private final class TemporaryStore: Sendable {
    let path: String

    init(of data: String) throws(ReportError) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/reportd-repair-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let real = realpath(data, nil) else {
            throw FileProblem.error("open", data)
        }
        defer { free(real) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard symlink(real, path + "/data.mdb") == 0 else { throw FileProblem.error("link", data) }
    }

    deinit { FileProblem.removeFolder(path) }
}

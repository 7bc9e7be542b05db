public import ReportModel

/// The whole evidence of one record in one zip: every version with its files, what was said about
/// it, and what proves that nothing was changed.
///
/// Source: docs/export.md.
public struct EvidenceArchive: Sendable {
    /// What went into an archive.
    public struct Summary: Hashable, Sendable {
        /// The key.
        public var key: String
        /// Versions in it.
        public var versionCount = 0
        /// Source files in it.
        public var fileCount = 0
        /// Bodies that are not here: erased, or never sent to this node.
        public var absentCount = 0
    }

    private let store: any ReportStoring
    private let people: Bool

    /// Makes the value.
    /// - Parameters:
    ///   - store: where the evidence is.
    ///   - people: whether names and telephone numbers go into the archive.
    public init(_ store: any ReportStoring, people: Bool = false) {
        self.store = store
        self.people = people
    }

    /// Writes the archive of one key.
    /// - Parameters:
    ///   - lookup: must name one key; a version of it counts for nothing.
    ///   - path: a file that is not there yet.
    /// - Returns: what went in.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`, `too-large`, `no-space`.
    public func write(_ lookup: Lookup, to path: String) async throws(ReportError) -> Summary {
        let items = try await store.history(lookup)
        guard let key = items.first?.version.key else {
            throw ReportError(.notFound, "no record matches \(lookup.text)")
        }
        let notes = try await store.notes(lookup)
        var contents = EvidenceContents(key: key, people: people)
        for item in items { try await add(item, to: &contents) }
        for log in Set(items.map(\.version.log)).sorted() {
            if let state = try await store.logState(log) { contents.add(state) }
        }
        contents.add(history: items, notes: notes)
        let archive = try ArchiveWriter(path: path)
        for member in contents.members {
            try archive.append(member.name, member.bytes, time: member.time)
        }
        try archive.close()
        return contents.summary
    }

    /// Adds an entry with its bodies.
    private func add(
        _ item: HistoryItem,
        to contents: inout EvidenceContents
    ) async throws(ReportError) {
        let version = item.version
        let batch = try await store.batch(
            log: version.log,
            after: version.sequence - min(1, version.sequence),
            maximumCount: 1,
            maximumByteCount: 1
        )
        var printed: [UInt8]?
        if item.kind == .submit {
            let lookup = try Lookup(argument: version.key + "@" + version.id)
            printed = try await present { () async throws(ReportError) in
                try await store.get(lookup, body: .record, at: .now).bytes
            }
        }
        contents.add(item, batch?.entries.first, printed: printed)
        if item.kind == .submit, let proof = try await proof(of: version) {
            contents.add(proof: proof.fileBytes, of: version)
        }
    }

    /// The proof of a version; nil while its log is not held up to a signed head.
    private func proof(of version: VersionInfo) async throws(ReportError) -> Proof? {
        let lookup = try Lookup(argument: version.key + "@" + version.id)
        do throws(ReportError) {
            return try await store.prove(lookup, since: nil)
        } catch {
            guard error.code == .conflict else { throw error }
            return nil
        }
    }

    /// What a body returns; nil when it says that the bytes are not held any more.
    private func present(
        _ body: () async throws(ReportError) -> [UInt8]
    ) async throws(ReportError) -> [UInt8]? {
        do throws(ReportError) {
            return try await body()
        } catch {
            guard error.code == .erased else { throw error }
            return nil
        }
    }
}

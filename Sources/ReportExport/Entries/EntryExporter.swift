public import ReportModel

/// Writes whole logs so that another store can take them in without loss.
///
/// Source: docs/format.md, section on `reportd.export/1`.
public struct EntryExporter: Sendable {
    /// What is written.
    public struct Options: Hashable, Sendable {
        /// What goes into the file.
        public var contents: ExportLine.Contents
        /// Logs that are written, each from the entry after a sequence; nil: all from the beginning.
        public var since: [LogID: UInt64]

        /// Makes options.
        /// - Parameters:
        ///   - contents: what goes into the file; source files but no people by default.
        ///   - since: for logs that do not begin with entry 1, the sequence before.
        public init(
            contents: ExportLine.Contents = .init(hasPeople: false, hasSources: true),
            since: [LogID: UInt64] = [:]
        ) {
            self.contents = contents
            self.since = since
        }
    }

    /// What was written.
    public struct Summary: Hashable, Sendable {
        /// Logs with at least one entry in the file.
        public var logCount = 0
        /// Entries in the file.
        public var entryCount = 0
        /// Bodies that the store does not hold itself: erased, or never sent to it.
        public var absentBodyCount = 0
        /// Logs that are not held up to a head that their owner signed, so that nothing proves them.
        public var unproved: [LogState] = []
        /// Logs of which two branches are known; only the one held first is in the file.
        public var forked: [LogState] = []
    }

    private let store: any ReportLog
    private let options: Options

    /// Makes an exporter.
    /// - Parameters:
    ///   - store: what is exported; may be written to meanwhile.
    ///   - options: what is written.
    public init(_ store: any ReportLog, options: Options = Options()) {
        self.store = store
        self.options = options
    }

    /// Writes every log.
    /// - Parameters:
    ///   - progress: told how many entries of how many are written.
    ///   - write: takes whole lines.
    /// - Returns: what was written.
    /// - Throws: ``ReportError``; what `write` throws.
    public func run(
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
        write: ([UInt8]) throws(ReportError) -> Void
    ) async throws(ReportError) -> Summary {
        var summary = Summary()
        let states = try await store.logStates()
        var total = 0
        for log in options.since.keys.sorted()
        where !states.contains(where: { $0.descriptor.id == log }) {
            throw ReportError(.notFound, "log \(log) is not held here")
        }
        for state in states {
            let held = state.position.sequence
            total += Int(clamping: held - min(held, options.since[state.descriptor.id] ?? 0))
        }
        try write(ExportLine.begin(options.contents).bytes)
        for state in states where state.position.sequence > 0 {
            if state.isForked { summary.forked.append(state) }
            guard let head = state.head, state.position.sequence >= head.size else {
                summary.unproved.append(state)
                continue
            }
            let before = summary.entryCount
            try await self.write(
                state.descriptor,
                to: write,
                progress: { progress($0, total) },
                &summary
            )
            if summary.entryCount > before { summary.logCount += 1 }
        }
        try write(ExportLine.end(entryCount: summary.entryCount).bytes)
        return summary
    }

    /// Writes one log up to its newest head, which ends it.
    private func write(
        _ descriptor: LogDescriptor,
        to write: ([UInt8]) throws(ReportError) -> Void,
        progress: (Int) -> Void,
        _ summary: inout Summary
    ) async throws(ReportError) {
        var done = options.since[descriptor.id] ?? 0
        var isOpen = false
        while let batch = try await store.batch(
            log: descriptor.id,
            after: done,
            maximumCount: ExportLimits.batchEntryCount,
            maximumByteCount: ExportLimits.batchByteCount
        ) {
            if !isOpen { try write(ExportLine.log(descriptor, after: done).bytes) }
            isOpen = true
            for entry in batch.entries {
                done += 1
                summary.absentBodyCount += entry.bodies.count { $0 == nil }
                let line = ExportLine.entry(descriptor.id, sequence: done, reduced(entry))
                try write(line.bytes)
            }
            summary.entryCount += batch.entries.count
            try write(ExportLine.head(batch.head, covers: done, proof: batch.proof).bytes)
            progress(summary.entryCount)
            guard done < batch.head.size else { return }
        }
    }

    /// The entry without the bodies that are not to be given away.
    private func reduced(_ entry: ReplicatedEntry) -> ReplicatedEntry {
        var entry = entry
        for (index, body) in entry.bodies.enumerated() {
            if body?.kind == .people, !options.contents.hasPeople { entry.bodies[index] = nil }
            if body?.kind == .source, !options.contents.hasSources { entry.bodies[index] = nil }
        }
        return entry
    }
}

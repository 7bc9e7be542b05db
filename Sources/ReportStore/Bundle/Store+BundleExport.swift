import Failpoints
import Glibc
import LMDB
import ReportCompression
public import ReportModel

/// What goes into a bundle.
public struct BundleRequest: Sendable {
    /// Where the entries of each log begin.
    public enum Start: Sendable {
        /// After the entry with this arrival number, as `watch` and `status` count.
        case arrival(UInt64)
        /// After what the recipient has signed for.
        case acknowledged
        /// With the first entry.
        case beginning
    }

    /// Where the entries of each log begin.
    public var start: Start
    /// The node that it is made for; nil: for anybody who grants this node something.
    public var recipient: NodeID?
    /// Logs by the first digits of their identifiers, each with the sequence after which it begins when
    /// that is said; empty: every log.
    public var logs: [(name: String, after: UInt64?)]
    /// Whether entries go with it; acknowledgements always do.
    public var hasEntries: Bool
    /// Most entries of each log; nil: all that there are.
    public var maximumEntryCount: Int?
    /// Bytes after which a bundle with several entries is given up; nil: none.
    public var maximumByteCount: Int?
    /// Regions whose records' bodies go with it, as in the recipient's grant; of the recipient's own logs
    /// everything does.
    public var regions: [String]

    /// Makes a request.
    /// - Parameters:
    ///   - start: where the entries of each log begin.
    ///   - recipient: the node that it is made for.
    ///   - logs: logs by the first digits of their identifiers; empty: every log.
    ///   - hasEntries: whether entries go with it.
    ///   - maximumEntryCount: most entries of each log; nil: all that there are.
    ///   - maximumByteCount: bytes after which a bundle with several entries is given up; nil: none.
    ///   - regions: region paths whose records' bodies go with it, or `*`.
    public init(
        start: Start,
        recipient: NodeID? = nil,
        logs: [(name: String, after: UInt64?)] = [],
        hasEntries: Bool = true,
        maximumEntryCount: Int? = nil,
        maximumByteCount: Int? = nil,
        regions: [String] = ["*"]
    ) {
        self.start = start
        self.recipient = recipient
        self.logs = logs
        self.hasEntries = hasEntries
        self.maximumEntryCount = maximumEntryCount
        self.maximumByteCount = maximumByteCount
        self.regions = regions
    }
}

/// Replication by a file on a stick, for offices that are not connected.
extension Store {
    /// Writes entries and acknowledgements to a file that another node takes as if they came by network.
    ///
    /// The node may be running meanwhile. The file is signed with the node's key. Forked logs are left out.
    /// - Parameters:
    ///   - path: the file; must not be there.
    ///   - request: what goes into it.
    ///   - progress: told how many entries of how many were written.
    /// - Returns: `{file, bytes, entries, acknowledgements, for, regions, logs: [{log, name, after, sequence}],
    ///   leftOut: [{log, name, error}]}`; left out are the forked ones of the logs that were asked for.
    /// - Throws: ``ReportError`` `conflict` when the path is there already, `not-found` for a log or the
    ///   node's key, `forked` when every log that was named is, `no-space`, `too-large` by the request's own
    ///   limit.
    public func exportBundle(
        to path: String,
        _ request: BundleRequest,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws(ReportError) -> JSONValue {
        guard access(path, F_OK) != 0 else {
            throw ReportError(
                .conflict,
                "\(path) is there already",
                hint: "give a name that is not taken: a bundle overwrites nothing"
            )
        }
        guard let key = NodeKey(secret: try nodeSecret()), key.id == node else {
            throw ReportError(.integrity, "the node's key is not that of its store")
        }
        let (states, forked) = try await bundled(request)
        var parts: [BundleManifest.Part] = []
        for (state, after) in states {
            var end = request.hasEntries ? try provableSequence(of: state) : after
            if let most = request.maximumEntryCount { end = min(end, after + UInt64(max(0, most))) }
            if try isBare(state, after: after, through: end, for: request.recipient) { end = after }
            parts.append(
                BundleManifest.Part(
                    log: state.descriptor.id,
                    after: min(after, end),
                    sequence: end
                )
            )
        }
        let manifest = BundleManifest(
            node: node,
            name: nodeName(in: try await logStates()),
            recipient: request.recipient,
            parts: parts,
            madeAt: clock()
        )
        let partial = path + ".partial-\(getpid())"
        defer { unlink(partial) }
        let file = try BackupFile(creating: partial)
        try file.write(BundleLayout.magic)
        try file.bundleSection(.manifest, manifest.json.canonicalBytes)
        let total = parts.reduce(0) { $0 + Int(clamping: $1.sequence - $1.after) }
        var done = 0
        var signed = 0
        for ((state, _), part) in zip(states, parts) {
            try file.bundleSection(.log, IncrementLayout.bytes(of: state))
            let readable = state.descriptor.node == request.recipient ? ["*"] : request.regions
            try write(part, for: readable, to: file) { count throws(ReportError) in
                done += count
                progress(done, total)
                if let most = request.maximumByteCount, file.byteCount > most, total > 1 {
                    throw ReportError(
                        .tooLarge,
                        "a bundle of \(total) entries is over \(most) bytes"
                    )
                }
            }
            for acknowledgement in try await told(state, request.recipient, key) {
                try file.bundleSection(.acknowledgement, acknowledgement.bytes)
                signed += 1
            }
        }
        let signature = key.sign(BundleLayout.signedPrefix + file.takeDigest().bytes)
        try file.bundleSection(.signature, signature, hashed: false)
        try file.finish()
        guard Failpoint.bundleName.around({ link(partial, path) }) == 0 else {
            throw FileProblem.error("name", path)
        }
        try FileProblem.syncParent(of: path)
        let names = Dictionary(
            states.map { ($0.state.descriptor.id, $0.state.descriptor.name) },
            uniquingKeysWith: { first, _ in first }
        )
        return [
            "file": .string(path), "bytes": .integer(file.byteCount), "entries": .integer(total),
            "acknowledgements": .integer(signed),
            "for": .optional(request.recipient?.description), "regions": .strings(request.regions),
            "logs": .array(
                parts.map { part in
                    [
                        "log": .string(part.log.description),
                        "name": .optional(names[part.log]),
                        "after": .integer(Int(clamping: part.after)),
                        "sequence": .integer(Int(clamping: part.sequence)),
                    ]
                }
            ),
            "leftOut": Self.leftOut(forked),
        ]
    }

    /// The name under which this node writes at present.
    private func nodeName(in states: [LogState]) -> String {
        states.last { $0.descriptor.node == node }?.descriptor.name ?? nodeName
    }

    /// Logs that go into no bundle, as rows.
    private static func leftOut(_ forked: [LogState]) -> JSONValue {
        .array(
            forked.map { state in
                [
                    "log": .string(state.descriptor.id.description),
                    "name": .string(state.descriptor.name),
                    "error": .string(ReportError.Code.forked.rawValue),
                ]
            }
        )
    }

    /// Logs that go into a bundle, each with the sequence after which it begins, and forked ones that do not.
    private func bundled(
        _ request: BundleRequest
    ) async throws(ReportError) -> (states: [(state: LogState, after: UInt64)], forked: [LogState])
    {
        let all = try await logStates()
        let states = all.filter { $0.head != nil && !$0.isForked }
        var forked = all.filter(\.isForked)
        var found: [(state: LogState, after: UInt64?)] = []
        if request.logs.isEmpty {
            found = states.map { ($0, nil) }
        } else {
            var left: [LogState] = []
            for (name, after) in request.logs {
                let hits = (states + forked).filter { $0.descriptor.id.description.hasPrefix(name) }
                guard let state = hits.first, hits.count == 1 else {
                    throw ReportError(
                        hits.isEmpty ? .notFound : .ambiguous,
                        "\(hits.count) logs begin with \(name)",
                        hint: "reportctl status shows the logs"
                    )
                }
                if state.isForked { left.append(state) } else { found.append((state, after)) }
            }
            forked = left
            if found.isEmpty, let first = left.first {
                throw ReportError(
                    .forked,
                    "the log \(first.descriptor.id) of \(first.descriptor.name) is forked: it goes into no "
                        + "bundle",
                    hint: "reportctl peer evidence shows both branches",
                    details: ["leftOut": Self.leftOut(left)]
                )
            }
        }
        var begins: [LogID: UInt64] = [:]
        switch request.start {
        case .beginning: break
        case .arrival(let arrival):
            let positions = try read { (transaction: borrowing ReadTransaction) throws in
                try self.positions(before: arrival, states.map(\.position), transaction)
            }
            for position in positions { begins[position.log] = position.sequence }
        case .acknowledged:
            guard let recipient = request.recipient else { break }
            for state in states {
                let log = state.descriptor.id
                begins[log] =
                    state.descriptor.node == recipient
                    ? state.position.sequence
                    : try await acknowledgement(log: log, from: recipient)?.position.sequence ?? 0
            }
        }
        return (found.map { ($0.state, $0.after ?? begins[$0.state.descriptor.id] ?? 0) }, forked)
    }

    /// How far a log can be proved to others.
    private func provableSequence(of state: LogState) throws(ReportError) -> UInt64 {
        guard let head = state.head else { return 0 }
        if head.size <= state.position.sequence { return head.size }
        return try read { (transaction: borrowing ReadTransaction) throws -> UInt64 in
            let row = try LogRows(tables: tables).row(of: state.descriptor.id, transaction)
            return try row.flatMap { row throws in
                try MerkleRows(tables: tables).tail(of: row, transaction)?.held
            } ?? 0
        }
    }

    /// Whether a log of another node is held without records, for want of a wider grant.
    ///
    /// Passed on, its entries would take the place of whole ones.
    private func isBare(
        _ state: LogState,
        after: UInt64,
        through end: UInt64,
        for recipient: NodeID?
    ) throws(ReportError) -> Bool {
        let owner = state.descriptor.node
        guard owner != node, owner != recipient, after < end else { return false }
        return try read { (transaction: borrowing ReadTransaction) throws -> Bool in
            let log = LogRows(tables: tables)
            guard let ref = try log.ref(of: state.descriptor.id, transaction) else { return false }
            let keys = KeyRows(tables: tables)
            for sequence in (after + 1)...end {
                let place = EntryPlace(log: ref, sequence: sequence)
                let entry = try EntryRows(tables: tables).required(at: place, transaction).entry
                guard entry.kind == .submit, !entry.bodies.isEmpty else { continue }
                let text = try keys.number(ofHash: entry.keyHash, transaction)
                    .flatMap { number throws in try keys.text(of: number, transaction) }
                // The key of an absent record is known by its hash alone.
                if let text, (try? ReportKey(parsing: text)) != nil { continue }
                let record = try BodyRows(tables).body(
                    at: place,
                    index: 0,
                    transaction
                )
                if record == nil { return true }
            }
            return false
        }
    }

    /// Which entries the recipient may have without their bodies only: those of other regions, as in a session.
    private func bodyOmission(for regions: [String]) -> ((Entry) -> Bool)? {
        guard !regions.contains("*") else { return nil }
        return { entry in
            guard entry.keyHash != .zero else { return false }
            return self.region(of: entry).map { !BundleRules.covers($0, by: regions) } ?? true
        }
    }

    private func write(
        _ part: BundleManifest.Part,
        for regions: [String],
        to file: BackupFile,
        progress: (Int) throws(ReportError) -> Void
    ) throws(ReportError) {
        var next = part.after
        while next < part.sequence {
            let batch = try batchNow(
                log: part.log,
                after: next,
                maximumCount: min(
                    EntryBatch.maximumEntryCount,
                    Int(clamping: part.sequence - next)
                ),
                maximumByteCount: StoreLimits.incrementBatchByteCount,
                omitsBodies: bodyOmission(for: regions)
            )
            guard let batch else {
                throw ReportError(.conflict, "the store changed meanwhile", hint: "try again")
            }
            let bytes = batch.bytes
            if let compressed = Compression.compressed(bytes) {
                var section: [UInt8] = []
                section.appendBigEndian(UInt64(bytes.count))
                try file.bundleSection(.compressedBatch, section + compressed)
            } else {
                try file.bundleSection(.batch, bytes)
            }
            next += UInt64(batch.entries.count)
            try progress(batch.entries.count)
        }
    }

    /// What a recipient learns of who holds a log: this node, for logs of others, and those that have
    /// signed for it here.
    private func told(
        _ state: LogState,
        _ recipient: NodeID?,
        _ key: NodeKey
    ) async throws(ReportError) -> [Acknowledgement] {
        var told = try await witnesses(of: state.descriptor.id).filter { $0.node != recipient }
        if state.descriptor.node != node, state.position.sequence > 0 {
            told.append(
                Acknowledgement(position: state.position, receivedAt: clock(), key: key)
            )
        }
        return told
    }
}

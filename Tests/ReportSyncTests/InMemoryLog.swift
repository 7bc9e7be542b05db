import ReportModel
import Synchronization

/// A store in memory that verifies what the one on disk verifies; for tests of replication.
final class InMemoryLog: ReportLog {
    struct Held {
        var descriptor: LogDescriptor
        var entries: [ReplicatedEntry] = []
        var hashes: [Hash256] = []
        var head: SignedHead?
        var isForked = false
        var isReleased = false
        /// Indices of entries that cannot be read, and of those that lack their bodies.
        var damaged: Set<Int> = []
        var bare: Set<Int> = []
        var evidence: [ReplicatedEntry] = []

        var position: LogPosition {
            LogPosition(
                log: descriptor.id,
                sequence: UInt64(hashes.count),
                hash: hashes.last ?? .zero
            )
        }
    }

    private struct State {
        var logs: [LogID: Held] = [:]
        var own: LogID
        var kept: [Acknowledgement] = []
        var commitCount: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
        var clock: UInt64 = 1_700_000_000_000
        var isHeld = false
    }

    let key: NodeKey
    private let state: Mutex<State>

    init(key: NodeKey, name: String) {
        self.key = key
        let descriptor = LogDescriptor(
            node: key.id,
            nonce: InMemoryLog.nonce(of: name),
            createdAt: Timestamp(milliseconds: 1_700_000_000_000),
            name: name
        )
        state = Mutex(
            State(logs: [descriptor.id: Held(descriptor: descriptor)], own: descriptor.id)
        )
    }

    /// A copy of the directory, as an administrator makes it.
    init(copying other: InMemoryLog) {
        key = other.key
        let (logs, own) = other.state.withLock { ($0.logs, $0.own) }
        state = Mutex(State(logs: logs, own: own))
    }

    private static func nonce(of name: String) -> LogID {
        guard let nonce = LogID(Hash256(hashing: Array(name.utf8)).bytes.prefix(16)) else {
            preconditionFailure("16 bytes are an identifier")
        }
        return nonce
    }

    var node: NodeID { key.id }
    var own: LogID { state.withLock { $0.own } }
    /// Whether appending waits for what peers hold of a former log.
    var isHeld: Bool { state.withLock { $0.isHeld } }
    var kept: [Acknowledgement] { state.withLock { $0.kept } }
    var states: [LogState] {
        state.withLock { state in
            state.logs.values.map {
                LogState(
                    descriptor: $0.descriptor,
                    position: $0.position,
                    head: $0.head,
                    isForked: $0.isForked,
                    isReleased: $0.isReleased
                )
            }.sorted { $0.descriptor.id < $1.descriptor.id }
        }
    }

    func held(_ log: LogID) -> Held? { state.withLock { $0.logs[log] } }

    /// Entries of every log that has any, by log: what two nodes must agree on.
    var contents: [LogID: [ReplicatedEntry]] {
        state.withLock { $0.logs.mapValues(\.entries).filter { !$0.value.isEmpty } }
    }

    /// Appends one record to the own log.
    func append(
        _ text: String,
        region: String = "湛江市/麻章区",
        sourceByteCount: Int = 0,
        source: (body: Body, sequence: UInt64)? = nil
    ) {
        let value: JSONValue = ["path": .string(region), "text": .string(text)]
        var bodies = [Body(kind: .record, bytes: value.canonicalBytes)]
        if sourceByteCount > 0 {
            bodies.append(
                Body(kind: .source, bytes: [UInt8](repeating: 0x61, count: sourceByteCount))
            )
        }
        if let source { bodies.append(source.body) }
        let all = bodies
        state.withLock { state in
            guard var held = state.logs[state.own] else { return }
            state.clock += 1
            let entry = Entry(
                kind: .submit,
                log: state.own,
                sequence: UInt64(held.hashes.count) + 1,
                previous: held.hashes.last ?? .zero,
                recordedAt: Timestamp(milliseconds: state.clock),
                keyHash: Entry.keyHash(of: text),
                number: 1,
                parents: [],
                bodies: all.map(\.reference)
            )
            var replicated = ReplicatedEntry(header: entry.bytes, bodies: all)
            if let source, source.sequence < entry.sequence {
                replicated.origins[1] = .init(log: state.own, sequence: source.sequence)
            }
            held.entries.append(replicated)
            held.hashes.append(entry.hash)
            held.head = SignedHead(
                log: state.own,
                size: entry.sequence,
                root: InMemoryLog.root(held.hashes),
                last: entry.hash,
                signedAt: Timestamp(milliseconds: state.clock),
                key: key
            )
            state.logs[state.own] = held
            InMemoryLog.committed(&state)
        }
    }

    /// Appends many entries under one head.
    func fill(_ count: Int) {
        state.withLock { state in
            guard var held = state.logs[state.own] else { return }
            for _ in 0..<count {
                let body = Body(kind: .record, salt: .zero, bytes: Array("{}".utf8))
                let entry = Entry(
                    kind: .submit,
                    log: state.own,
                    sequence: UInt64(held.hashes.count) + 1,
                    previous: held.hashes.last ?? .zero,
                    recordedAt: Timestamp(milliseconds: state.clock),
                    keyHash: .zero,
                    number: 1,
                    parents: [],
                    bodies: [body.reference]
                )
                held.entries.append(ReplicatedEntry(header: entry.bytes, bodies: [body]))
                held.hashes.append(entry.hash)
            }
            held.head = SignedHead(
                log: state.own,
                size: UInt64(held.hashes.count),
                root: InMemoryLog.tree(held.hashes[...]),
                last: held.hashes.last ?? .zero,
                signedAt: Timestamp(milliseconds: state.clock),
                key: key
            )
            state.logs[state.own] = held
        }
    }

    /// Takes a log of another store as it is.
    func adopt(_ log: LogID, from other: InMemoryLog) {
        let held = other.held(log)
        state.withLock { $0.logs[log] = held }
    }

    /// The disk loses entries, or bodies of entries.
    func damage(_ log: LogID, _ sequences: [Int] = [], bodies: [Int] = []) {
        state.withLock { state in
            for sequence in sequences { state.logs[log]?.damaged.insert(sequence - 1) }
            for sequence in bodies {
                state.logs[log]?.bare.insert(sequence - 1)
                state.logs[log]?.entries[sequence - 1].bodies = [nil]
            }
        }
    }

    /// An administrator lets the owner of a forked log go on with other logs.
    func release(_ log: LogID) { state.withLock { $0.logs[log]?.isReleased = true } }

    /// Closes a log as one whose owner wrote two branches.
    func markForked(_ log: LogID) {
        state.withLock { $0.logs[log]?.isForked = true }
    }

    /// Loses everything after a sequence, as an old backup does.
    func truncate(_ log: LogID, to count: Int) {
        state.withLock { state in
            guard var held = state.logs[log] else { return }
            held.entries = Array(held.entries.prefix(count))
            held.hashes = Array(held.hashes.prefix(count))
            held.head =
                held.hashes.last.map {
                    SignedHead(
                        log: log,
                        size: UInt64(count),
                        root: InMemoryLog.root(held.hashes),
                        last: $0,
                        signedAt: Timestamp(milliseconds: 1_700_000_000_000),
                        key: key
                    )
                }
            state.logs[log] = held
        }
    }

    private static func committed(_ state: inout State) {
        state.commitCount += 1
        for waiter in state.waiters.values { waiter.resume() }
        state.waiters = [:]
    }

    static func root(_ hashes: [Hash256]) -> Hash256 {
        MerkleTree.root(size: UInt64(hashes.count)) { node($0, hashes) }
    }

    static func node(_ node: MerkleTree.Node, _ hashes: [Hash256]) -> Hash256 {
        guard node.level > 0 else { return MerkleTree.leaf(hashes[Int(node.index)]) }
        let left = MerkleTree.Node(level: node.level - 1, index: node.index * 2)
        let right = MerkleTree.Node(level: node.level - 1, index: node.index * 2 + 1)
        return MerkleTree.parent(self.node(left, hashes), self.node(right, hashes))
    }

    // MARK: What replication asks for, without waiting

    func batchNow(_ log: LogID, after sequence: UInt64, count: Int, byteCount: Int) -> EntryBatch? {
        state.withLock { state in
            guard let held = state.logs[log], let head = held.head,
                sequence < UInt64(held.hashes.count), head.size <= UInt64(held.hashes.count)
            else { return nil }
            var entries: [ReplicatedEntry] = []
            var bytes = 0
            for entry in held.entries[Int(sequence)...].prefix(count) {
                bytes += entry.byteCount
                guard entries.isEmpty || bytes <= byteCount else { break }
                entries.append(entry)
            }
            let end = sequence + UInt64(entries.count)
            return EntryBatch(
                log: log,
                first: sequence + 1,
                entries: entries,
                head: head,
                proof: MerkleTree.consistencyProof(from: end, to: head.size) {
                    InMemoryLog.node($0, held.hashes)
                }
            )
        }
    }

    func acceptNow(
        _ batch: EntryBatch,
        _ descriptor: LogDescriptor
    ) throws(ReportError) -> LogPosition {
        guard descriptor.id == batch.log, batch.head.isAuthentic(for: descriptor) else {
            throw ReportError(.integrity, "the head is not authentic")
        }
        let result = state.withLock { state -> Result<LogPosition, ReportError> in
            var held = state.logs[batch.log] ?? Held(descriptor: descriptor)
            do throws(ReportError) {
                let hashes = try InMemoryLog.verify(batch, held)
                for (index, hash) in hashes.enumerated() {
                    let place = Int(batch.first) - 1 + index
                    if place < held.hashes.count {
                        guard held.hashes[place] == hash else {
                            held.isForked = true
                            held.evidence = Array(batch.entries[index...])
                            state.logs[batch.log] = held
                            throw ReportError(.forked, "another entry has this sequence")
                        }
                    } else {
                        held.entries.append(batch.entries[index])
                        held.hashes.append(hash)
                    }
                }
                if batch.head.size >= held.head?.size ?? 0, held.head?.size ?? 0 < batch.head.size {
                    held.head = batch.head
                }
                state.logs[batch.log] = held
                InMemoryLog.committed(&state)
                return .success(held.position)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func verify(
        _ batch: EntryBatch,
        _ held: Held
    ) throws(ReportError) -> [Hash256] {
        guard !held.isForked else { throw ReportError(.forked, "the log is forked") }
        guard batch.first <= UInt64(held.hashes.count) + 1 else {
            throw ReportError(.conflict, "the batch begins after a gap")
        }
        var hashes = Array(held.hashes.prefix(Int(batch.first) - 1))
        for (index, replicated) in batch.entries.enumerated() {
            guard let entry = Entry(replicated.header), entry.log == batch.log,
                entry.sequence == batch.first + UInt64(index),
                entry.previous == hashes.last ?? .zero,
                entry.bodies.count == replicated.bodies.count,
                zip(entry.bodies, replicated.bodies).allSatisfy({ reference, body in
                    body.map { $0.reference == reference } ?? true
                })
            else { throw ReportError(.integrity, "an entry does not verify") }
            hashes.append(entry.hash)
        }
        guard
            MerkleTree.verifiesConsistency(
                old: UInt64(hashes.count),
                oldRoot: root(hashes),
                size: batch.head.size,
                root: batch.head.root,
                proof: batch.proof
            )
        else { throw ReportError(.integrity, "the proof does not verify") }
        return Array(hashes[(Int(batch.first) - 1)...])
    }

    func hashNow(_ log: LogID, _ sequence: UInt64) -> Hash256? {
        state.withLock { state in
            guard let hashes = state.logs[log]?.hashes, sequence > 0,
                sequence <= UInt64(hashes.count)
            else { return nil }
            return hashes[Int(sequence) - 1]
        }
    }

    func repairNow(_ fetched: FetchedEntries) -> LogRepair {
        state.withLock { state in
            var repair = LogRepair()
            for row in fetched.rows {
                let index = Int(row.sequence) - 1
                guard var held = state.logs[fetched.log], let entry = row.entry,
                    held.hashes.indices.contains(index),
                    Hash256(hashing: entry.header) == held.hashes[index]
                else {
                    repair.remaining.append(row.sequence)
                    continue
                }
                if held.damaged.remove(index) != nil { repair.entryCount += 1 }
                if held.bare.contains(index) {
                    if entry.bodies.contains(nil) {
                        repair.withheld.append(row.sequence)
                    } else {
                        held.bare.remove(index)
                        repair.bodyCount += 1
                    }
                }
                held.entries[index] = entry
                state.logs[fetched.log] = held
            }
            return repair
        }
    }

    func leaveOwnLogNow(_ stated: LogPosition) -> LogID {
        let isAhead =
            hashNow(stated.log, stated.sequence) != stated.hash && stated.log == own
        return state.withLock { state in
            guard isAhead, let old = state.logs[stated.log] else { return state.own }
            let descriptor = LogDescriptor(
                node: key.id,
                nonce: InMemoryLog.nonce(of: "\(old.descriptor.id)"),
                createdAt: Timestamp(milliseconds: state.clock),
                name: old.descriptor.name
            )
            state.logs[descriptor.id] = Held(descriptor: descriptor)
            state.own = descriptor.id
            state.isHeld = true
            return state.own
        }
    }

    func keepNow(_ acknowledgement: Acknowledgement) {
        state.withLock { $0.kept.append(acknowledgement) }
    }
}

// MARK: ReportLog

extension InMemoryLog {
    func ownLog() async throws(ReportError) -> LogID { own }
    func logStates() async throws(ReportError) -> [LogState] { states }
    func logState(_ log: LogID) async throws(ReportError) -> LogState? {
        states.first { $0.descriptor.id == log }
    }
    func entryHash(log: LogID, sequence: UInt64) async throws(ReportError) -> Hash256? {
        hashNow(log, sequence)
    }
    func leaveOwnLog(_ stated: LogPosition) async throws(ReportError) -> LogID {
        leaveOwnLogNow(stated)
    }
    func batch(
        log: LogID,
        after sequence: UInt64,
        maximumCount: Int,
        maximumByteCount: Int,
        omitsBodies: (@Sendable (Entry) -> Bool)?
    ) async throws(ReportError) -> EntryBatch? {
        batchNow(log, after: sequence, count: maximumCount, byteCount: maximumByteCount)
            .map { $0.omittingBodies(where: omitsBodies ?? { _ in false }) }
    }
    func accept(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> LogPosition {
        try acceptNow(batch, descriptor)
    }
    func keep(_ acknowledgement: Acknowledgement) async throws(ReportError) {
        keepNow(acknowledgement)
    }
    func acknowledgement(
        log: LogID,
        from peer: NodeID
    ) async throws(ReportError) -> Acknowledgement? {
        kept.last { $0.position.log == log && $0.node == peer }
    }
    func acknowledge(_ position: LogPosition) -> Acknowledgement {
        Acknowledgement(
            position: position,
            receivedAt: Timestamp(milliseconds: 1_700_000_000_999),
            key: key
        )
    }

    func waitForCommit(after seen: UInt64) async -> UInt64 {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    guard state.commitCount == seen, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        return state.withLock { $0.commitCount }
    }

    func regions(of batch: EntryBatch) -> [String] { InMemoryLog.regions(batch, []) }

    static let regions: @Sendable (EntryBatch, [String]) -> [String] = { batch, _ in
        batch.entries.flatMap(\.bodies).compactMap { body in
            guard let body, body.kind == .record else { return nil }
            return (try? JSONValue(parsing: body.bytes))?["path"]?.stringValue
        }
    }

    /// The same, and an entry without its record is of an unknown region unless its key is told, such as
    /// `record 1 in 湛江市/麻章区`.
    static let strictRegions: @Sendable (EntryBatch, [String]) -> [String] = { batch, keys in
        let told = Set(keys.map { Entry.keyHash(of: $0) })
        let absent = batch.entries.filter { replicated in
            guard replicated.bodies.first == .some(nil), let entry = Entry(replicated.header) else {
                return false
            }
            return !told.contains(entry.keyHash)
        }
        let stated = keys.map { key in
            key.split(separator: " ").last.map(String.init) ?? LogRegion.unknown
        }
        return regions(batch, keys) + stated + absent.map { _ in LogRegion.unknown }
    }
}

import ReportModel

/// Everything that a simulated store has on its disk; a value, so that a commit is an assignment.
struct StoreContents: Sendable {
    /// A version of a record, for the answers of a node.
    struct Version: Sendable {
        var hash: Hash256
        var number: UInt32
        var recordedAt: Timestamp
        var parents: [Hash256]
        var body: [UInt8]
    }

    /// What becomes of a submission.
    struct Receipt: Sendable {
        var position: LogPosition
        var isDuplicate: Bool
        var arrivedAt: Timestamp
        var number: UInt32
    }

    struct AcknowledgementKey: Hashable, Sendable {
        var log: LogID
        var node: NodeID
    }

    var logs: [LogID: HeldLog] = [:]
    var own: LogID
    var acknowledgements: [AcknowledgementKey: Acknowledgement] = [:]
    var versions: [Hash256: [Version]] = [:]
    /// Regions and texts of keys, by their hash, once anything told them.
    var regions: [Hash256: String] = [:]
    var keys: [Hash256: String] = [:]
    /// Entries whose bodies nobody may hold any more.
    var erased: Set<Hash256> = []
    /// Why nothing is filed at present.
    var hold: FilingHold?
    /// What was planted into this store.
    var bug: PlantedBug?
    var owners: [Hash256: LogID] = [:]
    var journal: [[UInt8]: [UInt8]] = [:]

    /// Makes a store with an empty log.
    init(descriptor: LogDescriptor) {
        own = descriptor.id
        logs[own] = HeldLog(descriptor)
    }

    /// Begins a new log under the same key, as a restored store does, and holds filing up.
    mutating func beginLog(_ descriptor: LogDescriptor, _ hold: FilingHold) {
        own = descriptor.id
        logs[own] = HeldLog(descriptor)
        self.hold = hold
    }

    var states: [LogState] {
        logs.values.map(\.state).sorted { $0.position.log < $1.position.log }
    }

    /// Writes an entry that passed every check to its log and to what answers are made from.
    mutating func apply(_ whole: ReplicatedEntry, _ entry: Entry) {
        let hash = Hash256(hashing: whole.header)
        let told = (whole.bodies.first ?? nil)?.bytes ?? []
        var replicated = whole
        if erased.contains(hash) {
            replicated.bodies = replicated.bodies.map { _ in nil }
        }
        logs[entry.log]?.append(replicated, entry)
        owners[hash] = entry.log
        if let region = Filings.region(of: told, hash: entry.keyHash) {
            regions[entry.keyHash] = region
            keys[entry.keyHash] = Filings.key(of: told)
        }
        if entry.kind == .erase, bug != .keepErased || entry.log == own {
            for subject in entry.subjects { erase(subject, entry.keyHash) }
        }
        guard entry.kind == .submit else { return }
        let body = (replicated.bodies.first ?? nil)?.bytes ?? []
        versions[entry.keyHash, default: []].append(
            Version(
                hash: hash,
                number: entry.number,
                recordedAt: entry.recordedAt,
                parents: entry.parents,
                body: body
            )
        )
    }

    /// Drops the bodies of an entry, here and of evidence, and of one that comes later.
    private mutating func erase(_ subject: Hash256, _ keyHash: Hash256) {
        if let id = owners[subject], let index = logs[id]?.hashes.firstIndex(of: subject),
            logs[id]?.headers[index].keyHash != keyHash
        {
            return
        }
        erased.insert(subject)
        for id in logs.keys { logs[id]?.dropBodies(of: subject) }
        for index in (versions[keyHash] ?? []).indices
        where versions[keyHash]?[index].hash == subject {
            versions[keyHash]?[index].body = []
        }
    }

    /// The versions of a key that none names as parent, the winner first.
    func heads(_ key: Hash256) -> [Version] {
        let all = versions[key] ?? []
        let followed = Set(all.flatMap(\.parents))
        return all.filter { !followed.contains($0.hash) }.sorted {
            ($0.number, $0.recordedAt, $0.hash) > ($1.number, $1.recordedAt, $1.hash)
        }
    }

    /// Appends an entry of kind submit, review or erase to the own log, and signs the new head.
    mutating func append(
        _ filing: Filing,
        key: NodeKey,
        clock: Timestamp
    ) throws(ReportError) -> Receipt {
        if let hold, bug != .fileBeforeAsking { throw hold.error }
        let keyHash = Entry.keyHash(of: filing.key)
        let heads = heads(keyHash)
        let body = filing.body
        if filing.kind == .submit, let head = heads.first, head.body == body.bytes,
            let log = owners[head.hash], let held = logs[log],
            let index = held.hashes.firstIndex(of: head.hash)
        {
            return Receipt(
                position: LogPosition(log: log, sequence: UInt64(index) + 1, hash: head.hash),
                isDuplicate: true,
                arrivedAt: head.recordedAt,
                number: head.number
            )
        }
        guard let log = logs[own] else { throw ReportError(.internal, "no log") }
        // Nobody judges what it cannot read.
        guard filing.kind == .submit || !heads.isEmpty && keys[keyHash] != nil else {
            throw ReportError(.notFound, "nothing to judge")
        }
        let times =
            [clock, log.headers.last?.recordedAt].compactMap(\.self)
            + heads.map(\.recordedAt)
        let isSubmit = filing.kind == .submit
        // An erasure without a version means all of them.
        let subjects =
            filing.kind == .erase ? (versions[keyHash] ?? []).map(\.hash) : heads.map(\.hash)
        let entry = Entry(
            kind: filing.kind,
            log: own,
            sequence: log.count + 1,
            previous: log.hashes.last ?? .zero,
            recordedAt: times.max() ?? clock,
            keyHash: keyHash,
            number: isSubmit ? (heads.map(\.number).max() ?? 0) + 1 : 0,
            parents: isSubmit ? heads.map(\.hash) : [],
            subjects: isSubmit ? [] : subjects,
            bodies: [body.reference]
        )
        apply(ReplicatedEntry(header: entry.bytes, bodies: [body]), entry)
        signHead(key: key, at: entry.recordedAt)
        return Receipt(
            position: entry.position,
            isDuplicate: false,
            arrivedAt: clock,
            number: entry.number
        )
    }

    private mutating func signHead(key: NodeKey, at time: Timestamp) {
        guard let log = logs[own], let last = log.hashes.last else { return }
        logs[own]?.head = SignedHead(
            log: own,
            size: log.count,
            root: log.root(size: log.count),
            last: last,
            signedAt: time,
            key: key
        )
    }
}

/// An entry as it travels: header bytes and the bodies that go with it.
public struct ReplicatedEntry: Hashable, Sendable {
    /// The header as it was written by its owner.
    public var header: [UInt8]
    /// Bodies by index in the header; nil where the sender does not have or may not send it.
    public var bodies: [Body?]
    /// Where the same body came from, by index: a body that stands for one of an earlier version.
    public var origins: [Int: Origin] = [:]
    /// Indices of absent bodies that the receiver has with an earlier version.
    public var held: Set<Int> = []

    /// An entry that brought a body.
    public struct Origin: Hashable, Sendable {
        /// Its log.
        public var log: LogID
        /// Its sequence.
        public var sequence: UInt64

        /// Makes an origin.
        public init(log: LogID, sequence: UInt64) {
            self.log = log
            self.sequence = sequence
        }
    }

    /// Makes an entry for the road.
    /// - Parameters:
    ///   - header: the header as it was written by its owner.
    ///   - bodies: bodies by index in the header.
    public init(header: [UInt8], bodies: [Body?]) {
        self.header = header
        self.bodies = bodies
    }

    /// Bytes that count against the limits of a batch.
    public var byteCount: Int {
        header.count + bodies.reduce(0) { $0 + ($1.map { $0.bytes.count + 40 } ?? 1) }
    }

    /// The entry with all its bodies absent where a rule says so.
    /// - Parameter isOmitted: tells it by the header; not asked of an entry without bodies, nor of one whose
    ///   header is none.
    /// - Returns: this entry, or one without bodies.
    public func omittingBodies(where isOmitted: (Entry) -> Bool) -> ReplicatedEntry {
        guard bodies.contains(where: { $0 != nil }), let entry = Entry(header), isOmitted(entry)
        else { return self }
        var bare = self
        bare.bodies = bodies.map { _ in nil }
        return bare
    }
}

/// Consecutive entries of one log with the proof that its owner signed for them.
public struct EntryBatch: Hashable, Sendable {
    /// The log.
    public var log: LogID
    /// Sequence of the first entry.
    public var first: UInt64
    /// The entries, without gaps.
    public var entries: [ReplicatedEntry]
    /// A head of the log that covers the last entry.
    public var head: SignedHead
    /// Proof that the tree which ends with the last entry is the beginning of the head's tree.
    public var proof: [Hash256]

    /// The batch with the bodies of some entries absent; see ``ReplicatedEntry/omittingBodies(where:)``.
    /// - Parameter isOmitted: tells it by an entry's header.
    /// - Returns: the batch, its entries, head and proof as they are.
    public func omittingBodies(where isOmitted: (Entry) -> Bool) -> EntryBatch {
        var batch = self
        batch.entries = entries.map { $0.omittingBodies(where: isOmitted) }
        return batch
    }

    /// Makes a batch.
    /// - Parameters:
    ///   - log: the log.
    ///   - first: sequence of the first entry.
    ///   - entries: the entries, without gaps.
    ///   - head: a head that covers the last entry.
    ///   - proof: consistency proof from the last entry to the head.
    public init(
        log: LogID,
        first: UInt64,
        entries: [ReplicatedEntry],
        head: SignedHead,
        proof: [Hash256]
    ) {
        self.log = log
        self.first = first
        self.entries = entries
        self.head = head
        self.proof = proof
    }
}

/// What a node knows of one log.
public struct LogState: Hashable, Sendable {
    /// Who owns it.
    public var descriptor: LogDescriptor
    /// How far this node holds it.
    public var position: LogPosition
    /// The newest head seen; may cover more than is held.
    public var head: SignedHead?
    /// Whether two different entries with the same sequence were seen.
    public var isForked: Bool
    /// Whether an administrator lets the owner of a forked log go on with other logs.
    public var isReleased: Bool

    /// Makes a state.
    /// - Parameters:
    ///   - descriptor: who owns the log.
    ///   - position: how far this node holds it.
    ///   - head: the newest head seen.
    ///   - isForked: whether a fork was seen.
    ///   - isReleased: whether an administrator lets its owner go on with other logs.
    public init(
        descriptor: LogDescriptor,
        position: LogPosition,
        head: SignedHead?,
        isForked: Bool = false,
        isReleased: Bool = false
    ) {
        self.descriptor = descriptor
        self.position = position
        self.head = head
        self.isForked = isForked
        self.isReleased = isReleased
    }
}

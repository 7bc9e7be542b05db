/// Who holds one version, or its header: the node where it was recorded and those that have signed for it.
public struct WitnessAnswer: Hashable, Sendable {
    /// A node that has signed that it holds the version's log up to the version or beyond: at least its
    /// header, since a signature is for entries, whose bodies a grant may leave out.
    public struct Witness: Hashable, Sendable {
        /// Its key.
        public var node: NodeID
        /// Its name; nil while no log of it was seen here.
        public var name: String?
        /// The position that it signed for first of those that cover the version.
        public var sequence: UInt64
        /// When it received that, by its own clock.
        public var receivedAt: Timestamp

        /// Makes a witness.
        public init(node: NodeID, name: String?, sequence: UInt64, receivedAt: Timestamp) {
            self.node = node
            self.name = name
            self.sequence = sequence
            self.receivedAt = receivedAt
        }
    }

    /// The version.
    public var version: VersionInfo
    /// Key of the node that recorded it.
    public var owner: NodeID
    /// Key of the node that answers.
    public var holder: NodeID
    /// When it arrived here.
    public var storedAt: Timestamp
    /// Nodes that have signed for it, in the order in which they received it.
    public var witnesses: [Witness]

    /// Makes an answer.
    public init(
        version: VersionInfo,
        owner: NodeID,
        holder: NodeID,
        storedAt: Timestamp,
        witnesses: [Witness]
    ) {
        self.version = version
        self.owner = owner
        self.holder = holder
        self.storedAt = storedAt
        self.witnesses = witnesses
    }

    /// The answer as an object.
    public var json: JSONValue {
        [
            "key": .string(version.key), "version": .integer(version.number),
            "id": .string(version.id), "log": .string(version.log.description),
            "sequence": .integer(Int(clamping: version.sequence)),
            "recordedAt": .string(version.recordedAt.description),
            "recordedBy": ["node": .string(owner.description), "name": .string(version.node)],
            "storedAt": .string(storedAt.description),
            "storedHere": .string(holder.description),
            "witnesses": .array(
                witnesses.map { witness in
                    [
                        "node": .string(witness.node.description), "name": .optional(witness.name),
                        "sequence": .integer(Int(clamping: witness.sequence)),
                        "receivedAt": .string(witness.receivedAt.description),
                        // What was sent to whom the store does not know; a node says it of its peers.
                        "record": .null,
                    ]
                }
            ),
        ]
    }
}

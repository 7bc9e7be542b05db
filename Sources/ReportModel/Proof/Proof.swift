/// What shows, without a store, that an entry stands in a signed log.
///
/// Source: docs/format.md section 6; RFC 9162 section 2.1 for the tree.
public struct Proof: Hashable, Sendable {
    /// Name and version of the form.
    public static let format = "reportd.proof/1"
    /// Largest file that is read as a proof.
    public static let maximumByteCount = 4 << 20
    /// Most acknowledgements of one proof.
    public static let maximumAcknowledgementCount = 16
    /// Most headers between an entry and an acknowledged position; beyond it the tree binds both.
    public static let maximumChainCount = 64

    /// Key of the record; nil when it is not known.
    public var key: String?
    /// Bytes of the entry's header.
    public var header: [UInt8]
    /// Salts of the bodies in the header's order; nil for people, and for what is not held.
    public var salts: [Hash256?]
    /// Who owns the log.
    public var descriptor: LogDescriptor
    /// A signed head of the log that covers the entry.
    public var head: SignedHead
    /// Inclusion of the entry in the head's tree.
    public var inclusion: [Hash256]
    /// An older head, and that the newer one goes on from it.
    public var earlier: EarlierTree?
    /// Signatures of nodes that hold the log up to this entry or beyond it.
    public var acknowledgements: [BoundAcknowledgement]

    /// An older state of the log.
    public struct EarlierTree: Hashable, Sendable {
        /// Number of entries of the older tree.
        public var size: UInt64
        /// Its root.
        public var root: Hash256
        /// The head that signed it, where that is known.
        public var head: SignedHead?
        /// RFC 9162 consistency proof to the head of the proof.
        public var consistency: [Hash256]

        /// Makes an older state.
        /// - Parameters:
        ///   - size: number of entries.
        ///   - root: root of the tree over them.
        ///   - head: the head that signed it.
        ///   - consistency: proof that the newer tree begins with this one.
        public init(size: UInt64, root: Hash256, head: SignedHead?, consistency: [Hash256]) {
            self.size = size
            self.root = root
            self.head = head
            self.consistency = consistency
        }
    }

    /// An acknowledgement with what binds the entry to its position.
    public struct BoundAcknowledgement: Hashable, Sendable {
        /// The receiver's signature.
        public var acknowledgement: Acknowledgement
        /// How the acknowledged position commits to the entry.
        public var link: Link

        /// Makes a bound acknowledgement.
        /// - Parameters:
        ///   - acknowledgement: the receiver's signature.
        ///   - link: how its position commits to the entry.
        public init(acknowledgement: Acknowledgement, link: Link) {
            self.acknowledgement = acknowledgement
            self.link = link
        }
    }

    /// How an acknowledged position commits to an entry at or before it.
    public enum Link: Hashable, Sendable {
        /// Headers of the entries after this one up to the position: each holds the hash of the one
        /// before, so the receiver's signature covers the entry itself. None: the position is it.
        case chain([[UInt8]])
        /// Inclusion of the acknowledged hash in the head's tree: that both belong together is then
        /// said by the owner of the log, not by the receiver.
        case tree([Hash256])
    }

    /// Makes a proof.
    public init(
        key: String?,
        header: [UInt8],
        salts: [Hash256?],
        descriptor: LogDescriptor,
        head: SignedHead,
        inclusion: [Hash256],
        earlier: EarlierTree? = nil,
        acknowledgements: [BoundAcknowledgement] = []
    ) {
        self.key = key
        self.header = header
        self.salts = salts
        self.descriptor = descriptor
        self.head = head
        self.inclusion = inclusion
        self.earlier = earlier
        self.acknowledgements = acknowledgements
    }

    /// The name of a file for it: the key with `_` for `/`, and the version.
    public var fileName: String {
        let entry = Entry(header)
        let name = key ?? entry.map { "\($0.log)-\($0.sequence)" } ?? "proof"
        let number = entry.flatMap { $0.number == 0 ? nil : "@\($0.number)" } ?? ""
        return String(name.map { $0 == "/" ? "_" : $0 }) + number + ".proof.json"
    }
}

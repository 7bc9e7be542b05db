/// What shows to anybody that the owner of a log signed two branches of it.
///
/// Source: docs/format.md section 10; RFC 9162 section 2.1.
public struct ForkEvidence: Hashable, Sendable {
    /// Name and version of the form.
    public static let format = "reportd.evidence/1"
    /// Most bytes of a file.
    public static let maximumByteCount = 1 << 20

    /// One of the branches.
    public struct Branch: Hashable, Sendable {
        /// A head of it, signed by the owner of the log.
        public var head: SignedHead
        /// Header of the first entry that differs; nil when only the heads contradict each other.
        public var header: [UInt8]?
        /// Size of the tree that ``inclusion`` is for.
        public var size: UInt64
        /// Proof that the entry is in the tree of ``size`` entries.
        public var inclusion: [Hash256]
        /// Proof that the tree of ``size`` entries is the beginning of the head's.
        public var consistency: [Hash256]

        /// Makes a branch.
        public init(
            head: SignedHead,
            header: [UInt8]? = nil,
            size: UInt64 = 0,
            inclusion: [Hash256] = [],
            consistency: [Hash256] = []
        ) {
            self.head = head
            self.header = header
            self.size = size
            self.inclusion = inclusion
            self.consistency = consistency
        }
    }

    /// Whose log it is.
    public var descriptor: LogDescriptor
    /// When the node that gives the evidence saw the fork.
    public var seenAt: Timestamp
    /// Sequence of the first entry that differs; 0 when only the heads contradict each other.
    public var sequence: UInt64 = 0
    /// The branch that is held, and the other; of two heads the smaller is first.
    public var branches: [Branch] = []
    /// Of two heads: the root that the larger one's tree has at the size of the smaller.
    public var root: Hash256?
    /// Of two heads: proof that the tree with that root is the beginning of the larger one's.
    public var consistency: [Hash256] = []

    /// Makes evidence without branches.
    public init(descriptor: LogDescriptor, seenAt: Timestamp) {
        self.descriptor = descriptor
        self.seenAt = seenAt
    }

    // MARK: Check

    /// What does not hold; empty when the owner of the log signed both branches.
    public var faults: [String] {
        guard branches.count == 2 else { return ["there are not two branches"] }
        var faults: [String] = []
        for (index, branch) in branches.enumerated() {
            let name = "branch \(index + 1)"
            guard branch.head.log == descriptor.id, branch.head.isAuthentic(for: descriptor) else {
                faults.append("\(name): the head is not signed by the owner of the log")
                continue
            }
            if sequence > 0 {
                faults += entryFaults(branch).map { "\(name): \($0)" }
            } else if branch != Branch(head: branch.head) {
                faults.append("\(name): it has more than a head")
            }
        }
        if sequence > 0 {
            if root != nil || !consistency.isEmpty { faults.append("there is more than entries") }
            if branches[0].header == branches[1].header {
                faults.append("both entries are the same")
            }
        } else {
            faults += headFaults
        }
        return faults
    }

    /// Whether the owner of the log signed both branches.
    public var isProven: Bool { faults.isEmpty }

    private func entryFaults(_ branch: Branch) -> [String] {
        guard let header = branch.header, let entry = Entry(header), entry.log == descriptor.id,
            entry.sequence == sequence
        else { return ["there is no entry \(sequence) of the log"] }
        let root = MerkleTree.root(
            of: Hash256(hashing: header),
            at: sequence - 1,
            size: branch.size,
            proof: branch.inclusion
        )
        guard let root else { return ["the proof that the entry is in the tree does not hold"] }
        let isCovered = MerkleTree.verifiesConsistency(
            old: branch.size,
            oldRoot: root,
            size: branch.head.size,
            root: branch.head.root,
            proof: branch.consistency
        )
        return isCovered ? [] : ["the head does not cover the entry"]
    }

    private var headFaults: [String] {
        let (smaller, larger) = (branches[0].head, branches[1].head)
        guard let root, smaller.size <= larger.size, smaller.size > 0 else {
            return ["the heads are not comparable"]
        }
        guard root != smaller.root else { return ["the heads do not contradict each other"] }
        let isTold = MerkleTree.verifiesConsistency(
            old: smaller.size,
            oldRoot: root,
            size: larger.size,
            root: larger.root,
            proof: consistency
        )
        return isTold ? [] : ["what the larger head covers is not proved"]
    }
}

public import ReportModel

/// A log that a test writes by hand, honest or not.
public struct ForgedLog {
    /// Who signs its heads.
    public let key: NodeKey
    /// Whose log it says it is.
    public let descriptor: LogDescriptor
    /// The entries so far.
    public private(set) var entries: [ReplicatedEntry] = []
    /// Their hashes.
    public private(set) var hashes: [Hash256] = []

    /// Begins a log.
    /// - Parameters:
    ///   - name: name of the node.
    ///   - key: who owns the log and signs its heads.
    /// - Throws: nothing, unless ``ReportModel/LogID`` has another length.
    public init(_ name: String = "他", key: NodeKey = NodeKey()) throws {
        guard let nonce = LogID([UInt8](repeating: 1, count: 16)) else { throw Garbled() }
        self.init(
            of: LogDescriptor(
                node: key.id,
                nonce: nonce,
                createdAt: Timestamp(milliseconds: 1),
                name: name
            ),
            key: key
        )
    }

    /// Begins another branch of a log that exists.
    /// - Parameters:
    ///   - descriptor: whose log it says it is.
    ///   - key: who signs its heads.
    public init(of descriptor: LogDescriptor, key: NodeKey) {
        self.key = key
        self.descriptor = descriptor
    }

    private struct Garbled: Error {}

    /// Appends an entry whose header a test may change before it is hashed.
    /// - Parameters:
    ///   - filing: what is filed; nil: the entry names no key.
    ///   - kind: kind of the entry.
    ///   - bodies: bodies instead of those of the filing.
    ///   - change: changes the header.
    /// - Returns: hash of the entry.
    @discardableResult
    public mutating func add(
        _ filing: Filing? = nil,
        kind: EntryKind = .submit,
        bodies: [Body]? = nil,
        _ change: (inout Entry) -> Void = { _ in }
    ) -> Hash256 {
        var all = bodies ?? []
        if let filing, bodies == nil {
            all.append(Body(kind: .record, bytes: filing.record.canonicalBytes))
            for source in filing.sources {
                if case .bytes(let bytes) = source { all.append(Body(kind: .source, bytes: bytes)) }
            }
        }
        var entry = Entry(
            kind: kind,
            log: descriptor.id,
            sequence: UInt64(hashes.count + 1),
            previous: hashes.last ?? .zero,
            recordedAt: Timestamp(milliseconds: 1_700_000_000_000),
            keyHash: filing.map { Entry.keyHash(of: $0.key.text) } ?? .zero,
            number: kind == .submit ? 1 : 0,
            parents: [],
            bodies: all.map(\.reference)
        )
        change(&entry)
        entries.append(ReplicatedEntry(header: entry.bytes, bodies: all))
        hashes.append(entry.hash)
        return entry.hash
    }

    private func node(_ node: MerkleTree.Node) -> Hash256 {
        let width = 1 << Int(node.level)
        let start = Int(node.index) * width
        if width == 1 { return MerkleTree.leaf(hashes[start]) }
        let level = node.level - 1
        return MerkleTree.parent(
            self.node(MerkleTree.Node(level: level, index: node.index * 2)),
            self.node(MerkleTree.Node(level: level, index: node.index * 2 + 1))
        )
    }

    /// A signed head over the first entries.
    /// - Parameter size: how many.
    /// - Returns: the head.
    public func head(_ size: Int) -> SignedHead {
        SignedHead(
            log: descriptor.id,
            size: UInt64(size),
            root: MerkleTree.root(size: UInt64(size)) { node($0) },
            last: size == 0 ? .zero : hashes[size - 1],
            signedAt: Timestamp(milliseconds: 5),
            key: key
        )
    }

    /// Entries `from` … `through` under the head over the first `size`.
    /// - Parameters:
    ///   - from: sequence of the first entry.
    ///   - through: sequence of the last one; nil: of the log's last.
    ///   - size: what the head covers; nil: all.
    /// - Returns: the batch, with its proof.
    public func batch(_ from: Int = 1, _ through: Int? = nil, size: Int? = nil) -> EntryBatch {
        let through = through ?? hashes.count
        let size = size ?? hashes.count
        return EntryBatch(
            log: descriptor.id,
            first: UInt64(from),
            entries: Array(entries[(from - 1)..<through]),
            head: head(size),
            proof: through == size
                ? []
                : MerkleTree.consistencyProof(from: UInt64(through), to: UInt64(size)) { node($0) }
        )
    }
}

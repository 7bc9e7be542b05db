import ReportModel
import ReportTestKit

/// A log that a test writes by hand, honest or not.
struct ForgedLog {
    let key: NodeKey
    let descriptor: LogDescriptor
    private(set) var entries: [ReplicatedEntry] = []
    private(set) var hashes: [Hash256] = []

    init(_ name: String = "他", key: NodeKey = NodeKey()) throws {
        self.key = key
        guard let nonce = LogID([UInt8](repeating: 1, count: 16)) else { throw Garbled() }
        descriptor = LogDescriptor(
            node: key.id,
            nonce: nonce,
            createdAt: Timestamp(milliseconds: 1),
            name: name
        )
    }

    /// Another branch of a log that exists.
    init(of descriptor: LogDescriptor, key: NodeKey) {
        self.key = key
        self.descriptor = descriptor
    }

    struct Garbled: Error {}

    /// Appends an entry whose header a test may change before it is hashed.
    @discardableResult
    mutating func add(
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

    func head(_ size: Int) -> SignedHead {
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
    func batch(_ from: Int = 1, _ through: Int? = nil, size: Int? = nil) -> EntryBatch {
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

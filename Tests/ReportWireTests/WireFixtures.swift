import NIOCore
import ReportModel
import ReportWire

/// Values that several tests use; keys and salts are fixed, so that bytes are the same every time.
enum WireFixtures {
    static let initiatorKey = key(1)
    static let acceptorKey = key(2)

    static func key(_ byte: UInt8) -> NodeKey {
        guard let key = NodeKey(secret: [UInt8](repeating: byte, count: 32)) else {
            preconditionFailure("32 bytes are a key")
        }
        return key
    }

    static func hash(_ byte: UInt8) -> Hash256 {
        Hash256([UInt8](repeating: byte, count: 32)) ?? .zero
    }

    static let descriptor: LogDescriptor = {
        guard let nonce = LogID([UInt8](repeating: 7, count: 16)) else {
            preconditionFailure("16 bytes are an identifier")
        }
        return LogDescriptor(
            node: initiatorKey.id,
            nonce: nonce,
            createdAt: Timestamp(milliseconds: 1_700_000_000_000),
            name: "麻章区总工会"
        )
    }()

    /// Two entries: one with a record and an absent source, one without bodies.
    static let batch: EntryBatch = {
        let record = Body(kind: .record, salt: hash(3), bytes: Array("{\"year\":2023}".utf8))
        let source = Body(kind: .source, salt: hash(4), bytes: [1, 2, 3])
        let first = Entry(
            kind: .submit,
            log: descriptor.id,
            sequence: 1,
            previous: .zero,
            recordedAt: Timestamp(milliseconds: 1_700_000_000_001),
            keyHash: Entry.keyHash(of: "2023/湛江市/麻章区/总工会/整体支出"),
            number: 1,
            parents: [],
            bodies: [record.reference, source.reference]
        )
        let second = Entry(
            kind: .review,
            log: descriptor.id,
            sequence: 2,
            previous: first.hash,
            recordedAt: Timestamp(milliseconds: 1_700_000_000_002),
            keyHash: first.keyHash,
            number: 0,
            parents: [],
            subjects: [first.hash],
            bodies: []
        )
        let head = SignedHead(
            log: descriptor.id,
            size: 2,
            root: MerkleTree.parent(MerkleTree.leaf(first.hash), MerkleTree.leaf(second.hash)),
            last: second.hash,
            signedAt: Timestamp(milliseconds: 1_700_000_000_003),
            key: initiatorKey
        )
        return EntryBatch(
            log: descriptor.id,
            first: 1,
            entries: [
                ReplicatedEntry(header: first.bytes, bodies: [record, nil]),
                ReplicatedEntry(header: second.bytes, bodies: []),
            ],
            head: head,
            proof: [hash(9)]
        )
    }()

    static let acknowledgement = Acknowledgement(
        position: LogPosition(log: descriptor.id, sequence: 2, hash: batch.head.last),
        receivedAt: Timestamp(milliseconds: 1_700_000_000_004),
        key: acceptorKey
    )

    private static let nodes = [TreeNodes.root(of: 5), MerkleTree.Node(level: 0, index: 4)]

    /// One message of every kind.
    static let messages: [PeerMessage] = {
        let hello = Hello(role: .peer, node: initiatorKey.id, nonce: hash(5))
        var answer = Hello(role: .peer, node: acceptorKey.id, nonce: hash(6))
        answer.signature = [UInt8](repeating: 0xAB, count: 64)
        return [
            .hello(hello), .hello(answer),
            .auth(signature: [UInt8](repeating: 0xCD, count: 64)),
            .positions([], isLast: true),
            .positions(
                [LogPosition(log: descriptor.id, sequence: 2, hash: hash(8))],
                isLast: false
            ),
            .log(descriptor, batch.head), .batch(batch), .acknowledgement(acknowledgement),
            .refuse(descriptor.id, .notAllowed, message: "地区 不在授权范围 100%"),
            .ping(0), .pong(.max), .bye,
            .failure(.timedOut, message: "nothing was heard"),
            .witness(acknowledgement),
            .compare(TreeNodes(log: descriptor.id, size: 5, nodes: nodes)),
            .nodes(
                TreeNodes(log: descriptor.id, size: 5, nodes: nodes, hashes: [hash(1), .zero])
            ),
            .fetch(descriptor.id, [1, .max]),
            .entries(
                FetchedEntries(
                    log: descriptor.id,
                    rows: [
                        FetchedEntries.Row(sequence: 1, entry: batch.entries[0]),
                        FetchedEntries.Row(sequence: 2, entry: nil),
                    ]
                )
            ),
            .forms([.zstd, .held]), .forms([]), .forms(.held, .pull), .forms([], .push),
            .forms([.zstd, .held, .keys], .both), .key("2023/湛江市/麻章区/总工会/整体支出"),
        ]
    }()

    static func bytes(_ message: PeerMessage) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try message.write(to: &buffer)
        return buffer
    }
}

/// A generator whose whole sequence follows from its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

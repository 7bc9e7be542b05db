import FuzzSupport
import NIOCore
import ReportModel
import ReportWire

/// Makes values that travel: valid ones, and such as only a broken or hostile program would send.
struct WireValues {
    let keys: [NodeKey]
    let descriptors: [LogDescriptor]
    let heads: [SignedHead]
    let acknowledgements: [Acknowledgement]
    let entries: [Entry]
    let records: [[UInt8]]

    private static let words = [
        "2023/湛江市/麻章区/总工会/整体支出@2", "2023/麻章区", "a=b c%.docx", "", " ", "\u{FFFD}", "麻", "\n",
        String(repeating: "区", count: 300), "integrity", "5..", "2024-05-30", "true", "0",
    ]
    private static let numbers: [UInt64] = [
        0, 1, 2, 3, 7, 8, 255, 256, 1024, 4096, 65_535, 1 << 31, 1 << 32, 1 << 62, 1 << 63,
        UInt64.max - 1024, .max - 1, .max,
    ]

    init(seed: UInt64, records: [[UInt8]]) {
        var random = FuzzGenerator(seed: seed, number: -1)
        self.records = records
        keys = (0..<4).compactMap { _ in NodeKey(secret: Self.bytes(32, &random)) }
        let keys = keys
        descriptors = (0..<4).map { number in
            LogDescriptor(
                node: keys[number % keys.count].id,
                nonce: Self.log(&random),
                createdAt: Timestamp(milliseconds: random.pick(Self.numbers)),
                name: number == 0 ? "" : "麻章区总工会\(number)"
            )
        }
        let logs = descriptors
        entries = (0..<24).map { _ in
            let bodies = (0..<random.below(4)).map { _ in
                Body(
                    kind: BodyKind(rawValue: UInt8(1 + random.below(4))) ?? .record,
                    salt: Self.hash(&random),
                    bytes: Self.bytes(random.below(60), &random)
                ).reference
            }
            return Entry(
                kind: EntryKind(rawValue: UInt16(random.below(10))),
                log: random.pick(logs).id,
                sequence: random.once(in: 3) ? random.pick(Self.numbers) : 1,
                previous: Self.hash(&random),
                recordedAt: Timestamp(milliseconds: random.pick(Self.numbers)),
                keyHash: Entry.keyHash(of: random.pick(Self.words)),
                number: UInt32(truncatingIfNeeded: random.pick(Self.numbers)),
                parents: (0..<random.below(3)).map { _ in Self.hash(&random) },
                subjects: (0..<random.below(3)).map { _ in Self.hash(&random) },
                bodies: bodies
            )
        }
        let all = entries
        heads = (0..<8).map { number in
            let leaf = MerkleTree.leaf(all[number].hash)
            let size = number < 4 ? 1 : number == 4 ? 2 : random.pick(Self.numbers)
            return SignedHead(
                log: logs[number % logs.count].id,
                size: size,
                root: size == 1 ? leaf : MerkleTree.parent(leaf, MerkleTree.leaf(all[0].hash)),
                last: all[number].hash,
                signedAt: Timestamp(milliseconds: random.pick(Self.numbers)),
                key: keys[number % keys.count]
            )
        }
        acknowledgements = (0..<8).map { _ in
            Acknowledgement(
                position: LogPosition(
                    log: random.pick(logs).id,
                    sequence: random.pick(Self.numbers),
                    hash: random.pick(all).hash
                ),
                receivedAt: Timestamp(milliseconds: random.pick(Self.numbers)),
                key: random.pick(keys)
            )
        }
    }

    static func bytes(_ count: Int, _ random: inout FuzzGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var word = random.next()
            for _ in 0..<min(8, count - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return bytes
    }

    static func hash(_ random: inout FuzzGenerator) -> Hash256 {
        Hash256(bytes(32, &random)) ?? .zero
    }

    static func log(_ random: inout FuzzGenerator) -> LogID {
        guard let log = LogID(bytes(16, &random)) else {
            preconditionFailure("16 bytes are an identifier")
        }
        return log
    }

    static func word(_ random: inout FuzzGenerator) -> String { random.pick(words) }

    static func number(_ random: inout FuzzGenerator) -> UInt64 {
        random.once(in: 4) ? random.next() >> UInt64(random.below(64)) : random.pick(numbers)
    }

    /// An entry with bodies; its checksum will be right, what it covers often is not.
    func entry(_ random: inout FuzzGenerator) -> ReplicatedEntry {
        let entry = random.pick(entries)
        var header = entry.bytes
        if random.once(in: 4) { header[random.below(header.count)] = UInt8(random.below(256)) }
        if random.once(in: 12) { ByteMutator.change(&header, other: header, &random) }
        var bodies = entry.bodies.map { reference -> Body? in
            random.once(in: 4)
                ? nil
                : Body(
                    kind: reference.kind,
                    salt: Self.hash(&random),
                    bytes: Self.bytes(random.below(40), &random)
                )
        }
        if random.once(in: 16) { bodies.append(nil) }
        return ReplicatedEntry(header: header, bodies: bodies)
    }

    func batch(_ random: inout FuzzGenerator) -> EntryBatch {
        let head = random.pick(heads)
        return EntryBatch(
            log: head.log,
            first: max(1, random.once(in: 3) ? Self.number(&random) : 1),
            entries: (0..<1 + random.below(random.once(in: 8) ? 12 : 2)).map { _ in
                entry(&random)
            },
            head: head,
            proof: (0..<random.below(3)).map { _ in Self.hash(&random) }
        )
    }

    private func nodes(_ random: inout FuzzGenerator, hashed: Bool) -> TreeNodes {
        let size = max(1, Self.number(&random))
        var nodes = [TreeNodes.root(of: size)]
        for _ in 0..<random.below(5) {
            nodes.append(
                MerkleTree.Node(level: UInt8(random.below(66)), index: Self.number(&random))
            )
        }
        let hashes = hashed ? nodes.map { _ in Self.hash(&random) } : []
        return TreeNodes(log: Self.log(&random), size: size, nodes: nodes, hashes: hashes)
    }

    private func code(_ random: inout FuzzGenerator) -> ReportError.Code {
        random.pick([.integrity, .forked, .notAllowed, .conflict, .internal])
    }

    func hello(_ random: inout FuzzGenerator) -> Hello {
        Hello(
            role: random.once(in: 4) ? .client : .peer,
            node: random.pick(keys).id,
            nonce: Self.hash(&random),
            signature: random.once(in: 3) ? Self.bytes(64, &random) : nil
        )
    }

    /// A message of any kind.
    func message(_ random: inout FuzzGenerator) -> PeerMessage {
        switch random.below(17) {
        case 0: return .hello(hello(&random))
        case 1: return .auth(signature: Self.bytes(64, &random))
        case 2:
            let rows = (0..<random.below(4)).map { _ in
                let sequence = Self.number(&random)
                return LogPosition(
                    log: Self.log(&random),
                    sequence: sequence,
                    hash: sequence == 0 ? .zero : Self.hash(&random)
                )
            }
            return .positions(rows, isLast: !random.once(in: 3))
        case 3: return .log(random.pick(descriptors), random.pick(heads))
        case 4, 5: return .batch(batch(&random))
        case 6: return .acknowledgement(random.pick(acknowledgements))
        case 7:
            return .refuse(
                Self.log(&random),
                code(&random),
                message: Self.word(&random)
            )
        case 8: return .witness(random.pick(acknowledgements))
        case 9: return .compare(nodes(&random, hashed: false))
        case 10: return .nodes(nodes(&random, hashed: true))
        case 11:
            let wanted = (0..<1 + random.below(6)).map { _ in Self.number(&random) }
            return .fetch(Self.log(&random), wanted)
        case 12:
            let rows = (0..<1 + random.below(3)).map { _ in
                FetchedEntries.Row(
                    sequence: max(1, Self.number(&random)),
                    entry: random.once(in: 3) ? nil : entry(&random)
                )
            }
            return .entries(FetchedEntries(log: Self.log(&random), rows: rows))
        case 13: return .ping(Self.number(&random))
        case 14: return .pong(Self.number(&random))
        case 15:
            let direction = random.once(in: 3) ? nil : random.pick(Direction.allCases)
            return random.once(in: 2)
                ? .key(Self.word(&random))
                : .forms(BodyForms(rawValue: UInt8(random.below(8))), direction)
        default:
            return random.once(in: 2)
                ? .bye : .failure(code(&random), message: Self.word(&random))
        }
    }

    /// A reply of any kind.
    func reply(_ random: inout FuzzGenerator) -> Reply {
        switch random.below(4) {
        case 0: return .error(code(&random), message: Self.word(&random))
        case 1: return .text(Self.word(&random))
        case 2: return .json(["next": nil, "rows": [.string(Self.word(&random))]])
        default:
            return .ok(.octets, ByteBuffer(bytes: Self.bytes(random.below(80), &random)))
        }
    }
}

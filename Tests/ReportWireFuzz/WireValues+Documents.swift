import FuzzSupport
import ReportModel
import ReportStore

extension WireValues {
    /// Proofs, the first of which holds.
    var proofs: [Proof] {
        (0..<4).map { number in
            let entry = entries[number]
            return Proof(
                key: number == 0 ? nil : "2023/湛江市/麻章区/总工会/整体支出",
                header: entry.bytes,
                salts: entry.bodies.map { $0.byteCount.isMultiple(of: 2) ? nil : $0.hash },
                descriptor: descriptors[number % descriptors.count],
                head: heads[number],
                inclusion: number == 0 ? [] : [entry.hash],
                earlier: number < 2
                    ? nil
                    : Proof.EarlierTree(
                        size: 1,
                        root: entry.hash,
                        head: number == 2 ? nil : heads[number],
                        consistency: [entry.hash]
                    ),
                acknowledgements: number == 0
                    ? []
                    : [
                        Proof.BoundAcknowledgement(
                            acknowledgement: acknowledgements[number],
                            link: number == 1 ? .chain([entry.bytes]) : .tree([entry.hash])
                        )
                    ]
            )
        }
    }

    /// Evidence of both kinds, true or not.
    var evidence: [ForkEvidence] {
        (0..<4).map { number in
            var evidence = ForkEvidence(
                descriptor: descriptors[number],
                seenAt: Timestamp(milliseconds: 1_700_000_000_000)
            )
            evidence.sequence = number < 2 ? 1 : 0
            evidence.branches = [0, 1].map { side in
                let entry = entries[number + side * 4]
                return number < 2
                    ? ForkEvidence.Branch(
                        head: heads[number + side * 4],
                        header: entry.bytes,
                        size: 2,
                        inclusion: [entry.hash],
                        consistency: [entry.hash]
                    ) : ForkEvidence.Branch(head: heads[number + side * 4])
            }
            if number >= 2 {
                evidence.root = entries[number].hash
                evidence.consistency = [entries[0].hash]
            }
            return evidence
        }
    }

    /// A bundle that was changed before it was signed, rarely afterwards.
    func bundle(_ random: inout FuzzGenerator) -> [UInt8] {
        let key = random.pick(keys)
        var bytes = BundleLayout.magic
        func append(_ kind: BundleLayout.Section, _ section: [UInt8]) {
            var head = [kind.rawValue]
            var count = UInt64(section.count)
            if random.once(in: 40) { count = Self.number(&random) }
            for shift in stride(from: 56, through: 0, by: -8) {
                head.append(UInt8(truncatingIfNeeded: count >> UInt64(shift)))
            }
            bytes += head + section
        }
        append(.manifest, manifest(of: key.id, &random))
        for _ in 0..<random.below(4) {
            let (kind, section) = section(&random)
            append(kind, section)
        }
        if random.once(in: 6) { ByteMutator.change(&bytes, other: bytes, &random) }
        let signature = key.sign(BundleLayout.signedPrefix + Hash256(hashing: bytes).bytes)
        append(.signature, signature)
        if random.once(in: 20) { ByteMutator.change(&bytes, other: bytes, &random) }
        return bytes
    }

    private func manifest(of node: NodeID, _ random: inout FuzzGenerator) -> [UInt8] {
        let json: JSONValue = [
            "format": .string(BundleLayout.format), "node": .string(node.description),
            "name": .string(Self.word(&random)),
            "for": random.once(in: 2) ? .null : .string(keys[0].id.description),
            "logs": [
                [
                    "log": .string(descriptors[0].id.description), "after": 0,
                    "sequence": .integer(random.below(1 << 40)),
                ]
            ],
            "madeAt": "2026-01-02T03:04:05.006Z", "program": "1",
        ]
        var bytes = json.canonicalBytes
        if random.once(in: 8) { JSONMutator.change(&bytes, &random) }
        return bytes
    }

    private func section(
        _ random: inout FuzzGenerator
    ) -> (kind: BundleLayout.Section, bytes: [UInt8]) {
        var kind = BundleLayout.Section.acknowledgement
        var bytes = random.pick(acknowledgements).bytes
        switch random.below(4) {
        case 0:
            kind = .log
            let descriptor = random.pick(descriptors).bytes
            bytes = [UInt8(descriptor.count >> 8), UInt8(descriptor.count & 255)] + descriptor
            bytes += random.pick(heads).bytes
        case 1:
            kind = .batch
            bytes = batch(&random).bytes
        case 2:
            kind = .compressedBatch
            bytes = compressed(batch(&random).bytes, &random)
        default: break
        }
        if random.once(in: 4) { ByteMutator.change(&bytes, other: bytes, &random) }
        return (kind, bytes)
    }

    /// A byte count, true or not, and one zstd frame with blocks as they are.
    private func compressed(_ bytes: [UInt8], _ random: inout FuzzGenerator) -> [UInt8] {
        let declared = random.once(in: 3) ? Self.number(&random) : UInt64(bytes.count)
        var result: [UInt8] = []
        for shift in stride(from: 56, through: 0, by: -8) {
            result.append(UInt8(truncatingIfNeeded: declared >> UInt64(shift)))
        }
        // Magic, a frame of one segment with its length in four bytes, one raw block, the last.
        result += [0x28, 0xB5, 0x2F, 0xFD, 0xA0]
        for shift in [0, 8, 16, 24] { result.append(UInt8(bytes.count >> shift & 255)) }
        let head = bytes.count << 3 | 1
        for shift in [0, 8, 16] { result.append(UInt8(head >> shift & 255)) }
        return result + bytes
    }
}

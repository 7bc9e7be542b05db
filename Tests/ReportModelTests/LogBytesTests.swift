import ReportModel
import Testing

@Suite("Bytes of the log")
struct LogBytesTests {
    private let key = NodeKey()
    private let log = LogID((1...16).map { UInt8($0) }) ?? LogID.none

    private var descriptor: LogDescriptor {
        LogDescriptor(
            node: key.id,
            nonce: log,
            createdAt: Timestamp(milliseconds: 7),
            name: "麻章区总工会"
        )
    }

    private var entry: Entry {
        Entry(
            kind: .submit,
            log: log,
            sequence: 3,
            previous: Hash256(hashing: [1]),
            recordedAt: Timestamp(milliseconds: 1_717_056_000_000),
            keyHash: Entry.keyHash(of: "2023/湛江市/麻章区/总工会/整体支出"),
            number: 2,
            parents: [Hash256(hashing: [2]), Hash256(hashing: [3])],
            subjects: [Hash256(hashing: [4])],
            bodies: [
                Body(kind: .record, salt: .zero, bytes: Array("{}".utf8)).reference,
                Body(kind: .source, salt: .zero, bytes: [1, 2]).reference,
            ],
            trailer: [9, 9]
        )
    }

    private var head: SignedHead {
        SignedHead(
            log: descriptor.id,
            size: 3,
            root: Hash256(hashing: [5]),
            last: Hash256(hashing: [6]),
            signedAt: Timestamp(milliseconds: 8),
            key: key
        )
    }

    private var acknowledgement: Acknowledgement {
        Acknowledgement(
            position: LogPosition(log: log, sequence: 3, hash: Hash256(hashing: [7])),
            receivedAt: Timestamp(milliseconds: 9),
            key: key
        )
    }

    @Test("everything hashed and signed comes back from its bytes")
    func roundTrips() throws {
        #expect(Entry(entry.bytes) == entry)
        #expect(SignedHead(head.bytes) == head)
        #expect(Acknowledgement(acknowledgement.bytes) == acknowledgement)
        #expect(LogDescriptor(descriptor.bytes) == descriptor)
        #expect(head.bytes.count == SignedHead.byteCount)
        #expect(acknowledgement.bytes.count == Acknowledgement.byteCount)
        let never = Acknowledgement(
            position: acknowledgement.position,
            receivedAt: Timestamp(milliseconds: 1 << 52),
            key: NodeKey()
        )
        #expect(never.isAuthentic)
        #expect(Acknowledgement(never.bytes) == nil)
        #expect(NodeKey(secret: key.secret)?.id == key.id)
        #expect(NodeID(parsing: key.id.description) == key.id)
        #expect(LogID(hex: log.description) == log)
        #expect(Hash256(hex: entry.hash.hex) == entry.hash)
    }

    @Test("fields stand where the format says")
    func offsets() {
        let bytes = entry.bytes
        #expect(Array(bytes[0..<8]) == [0x72, 0x70, 0x65, 1, 0, 1, 0, 0])
        #expect(Array(bytes[8..<24]) == log.bytes)
        #expect(Array(bytes[24..<32]) == [0, 0, 0, 0, 0, 0, 0, 3])
        #expect(Array(bytes[32..<64]) == Hash256(hashing: [1]).bytes)
        #expect(Array(bytes[104..<120]) == [0, 0, 0, 2, 0, 2, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0])
        #expect(bytes.count == 120 + 3 * 32 + 2 * 44 + 2)
        #expect(Entry.keyHash(of: "k") == Hash256(hashing: Array("reportd key 1\nk".utf8)))
        #expect(descriptor.id.bytes == Array(Hash256(hashing: descriptor.bytes).bytes.prefix(16)))
    }

    @Test("no shorter and no longer bytes are taken, but for a trailer")
    func lengths() {
        let fixed = entry.bytes.count - 2
        for count in 0..<fixed { #expect(Entry(entry.bytes.prefix(count)) == nil) }
        #expect(
            Entry(entry.bytes + [UInt8](repeating: 0, count: Entry.maximumTrailerByteCount - 2))
                != nil
        )
        #expect(
            Entry(entry.bytes + [UInt8](repeating: 0, count: Entry.maximumTrailerByteCount - 1))
                == nil
        )
        for bytes in [head.bytes, acknowledgement.bytes, descriptor.bytes] {
            for cut in (0..<bytes.count).map({ Array(bytes.prefix($0)) }) + [bytes + [0]] {
                #expect(SignedHead(cut) == nil)
                #expect(Acknowledgement(cut) == nil)
                #expect(LogDescriptor(cut) == nil)
            }
        }
    }

    @Test("fields that must be zero, counts and limits are checked")
    func badFields() {
        for offset in [0, 3, 6, 7, 114, 119, 120 + 96 + 1] {
            var bytes = entry.bytes
            bytes[offset] ^= 0xFF
            #expect(Entry(bytes) == nil, "offset \(offset)")
        }
        for offset in [64, 108, 110, 112, 120 + 96 + 4] {
            var bytes = entry.bytes
            bytes[offset] = 0xFF
            #expect(Entry(bytes) == nil, "offset \(offset)")
        }
        var first = entry
        first.sequence = 0
        #expect(Entry(first.bytes) == nil)
    }

    @Test("every changed byte of a head or an acknowledgement breaks its signature")
    func signatures() {
        #expect(head.isAuthentic(for: descriptor))
        #expect(acknowledgement.isAuthentic)
        for offset in 0..<SignedHead.byteCount {
            var bytes = head.bytes
            bytes[offset] ^= 1
            #expect(SignedHead(bytes)?.isAuthentic(for: descriptor) != true, "offset \(offset)")
        }
        for offset in 0..<Acknowledgement.byteCount {
            var bytes = acknowledgement.bytes
            bytes[offset] ^= 1
            #expect(Acknowledgement(bytes)?.isAuthentic != true, "offset \(offset)")
        }
        let other = LogDescriptor(node: NodeKey().id, nonce: log, createdAt: .now, name: "")
        #expect(!head.isAuthentic(for: other))
    }

    @Test("random bytes are never a trap, and what is taken comes back the same")
    func garbage() {
        var state: UInt64 = 42
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        for round in 0..<3000 {
            var bytes = round % 2 == 0 ? entry.bytes : (0..<Int(random())).map { _ in random() }
            for _ in 0..<3 where !bytes.isEmpty { bytes[Int(random()) % bytes.count] = random() }
            if let entry = Entry(bytes) { #expect(entry.bytes == bytes) }
            if let descriptor = LogDescriptor(bytes) { #expect(descriptor.bytes == bytes) }
            #expect(Body(kind: .record, bytes: bytes).reference.byteCount <= UInt64(bytes.count))
            _ = try? JSONValue(parsing: bytes)
        }
    }

    @Test("a name longer than its limit is cut at a scalar")
    func longName() {
        let long = LogDescriptor(
            node: key.id,
            nonce: log,
            createdAt: .now,
            name: String(repeating: "总", count: 50)
        )
        #expect(long.name == String(repeating: "总", count: 42))
        #expect(LogDescriptor(long.bytes) == long)
    }

    @Test("kinds have names, unknown ones their number")
    func kinds() {
        #expect(
            (0...8).map { EntryKind(rawValue: $0).name } == [
                "unknown-0", "submit", "review", "retract", "note", "reparse", "rekey", "erase",
                "unknown-8",
            ]
        )
    }

    @Test("a salted hash covers prefix, salt and bytes")
    func bodies() {
        let salt = Hash256(hashing: [8])
        let body = Body(kind: .source, salt: salt, bytes: [1, 2, 3])
        let expected = Hash256(hashing: Array("reportd body 1\n".utf8) + salt.bytes + [1, 2, 3])
        #expect(body.reference == BodyReference(kind: .source, byteCount: 3, hash: expected))
        #expect(Body(kind: .source, bytes: [1]).salt != Body(kind: .source, bytes: [1]).salt)
    }
}

extension LogID {
    /// Sixteen zero bytes.
    fileprivate static var none: LogID {
        guard let log = LogID([UInt8](repeating: 0, count: 16)) else {
            preconditionFailure("sixteen bytes are an identifier")
        }
        return log
    }
}

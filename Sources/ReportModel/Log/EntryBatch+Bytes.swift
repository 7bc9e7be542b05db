extension EntryBatch {
    /// First bytes: the letters "rpb" and the format.
    static let magic: [UInt8] = [0x72, 0x70, 0x62, 1]
    /// Most entries of a batch.
    public static let maximumEntryCount = 1024
    private static let checksumByteCount = 8

    /// The batch as it stands in backups: the payload of `BATCH` of the line protocol.
    ///
    /// Source: docs/protocol.md section 5.1.
    public var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.append(contentsOf: log.bytes)
        bytes.appendBigEndian(first)
        bytes.appendBigEndian(UInt16(clamping: entries.count))
        bytes.appendBigEndian(UInt16(clamping: proof.count))
        bytes.append(contentsOf: head.bytes)
        for hash in proof { hash.append(to: &bytes) }
        for entry in entries { Self.append(entry, to: &bytes) }
        return bytes
    }

    private static func append(_ entry: ReplicatedEntry, to bytes: inout [UInt8]) {
        var counted: [UInt8] = []
        counted.reserveCapacity(entry.byteCount + 64)
        counted.appendBigEndian(UInt32(clamping: entry.header.count))
        counted.append(contentsOf: entry.header)
        for body in entry.bodies {
            guard let body else {
                counted.append(0)
                continue
            }
            counted.append(body.kind.rawValue)
            body.salt.append(to: &counted)
            counted.appendBigEndian(UInt64(body.bytes.count))
            counted.append(contentsOf: body.bytes)
        }
        bytes.appendBigEndian(UInt32(clamping: counted.count))
        bytes.append(contentsOf: Hash256(hashing: counted).bytes.prefix(checksumByteCount))
        bytes.append(contentsOf: counted)
    }

    /// Reads ``bytes``; nil unless they are exactly one batch without damage.
    ///
    /// Whether its entries are true is not looked at.
    /// - Parameter bytes: what ``bytes`` gives.
    public init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let magic = reader.take(4), Array(magic) == Self.magic,
            let logBytes = reader.take(LogID.byteCount), let log = LogID(logBytes),
            let first = reader.integer(UInt64.self), first > 0,
            let entryCount = reader.integer(UInt16.self),
            (1...Self.maximumEntryCount).contains(Int(entryCount)),
            first <= UInt64.max - UInt64(entryCount),
            let proofCount = reader.integer(UInt16.self),
            proofCount <= MerkleTree.maximumProofCount,
            let headBytes = reader.take(SignedHead.byteCount), let head = SignedHead(headBytes)
        else { return nil }
        var proof: [Hash256] = []
        for _ in 0..<proofCount {
            guard let hash = reader.hash() else { return nil }
            proof.append(hash)
        }
        var entries: [ReplicatedEntry] = []
        for _ in 0..<entryCount {
            guard let entry = Self.entry(&reader) else { return nil }
            entries.append(entry)
        }
        guard reader.remaining == 0 else { return nil }
        self.init(log: log, first: first, entries: entries, head: head, proof: proof)
    }

    private static func entry(_ reader: inout ByteReader) -> ReplicatedEntry? {
        guard let count = reader.integer(UInt32.self),
            let checksum = reader.take(checksumByteCount), let counted = reader.take(Int(count)),
            Hash256(hashing: Array(counted)).bytes.starts(with: checksum)
        else { return nil }
        var inner = ByteReader(counted)
        guard let headerCount = inner.integer(UInt32.self),
            let header = inner.take(Int(headerCount)), let entry = Entry(header)
        else { return nil }
        var bodies: [Body?] = []
        for _ in entry.bodies {
            guard let kindByte = inner.integer(UInt8.self) else { return nil }
            guard kindByte != 0 else {
                bodies.append(nil)
                continue
            }
            guard let kind = BodyKind(rawValue: kindByte), let salt = inner.hash(),
                let byteCount = inner.integer(UInt64.self), byteCount <= UInt64(inner.remaining),
                let bytes = inner.take(Int(byteCount))
            else { return nil }
            bodies.append(Body(kind: kind, salt: salt, bytes: Array(bytes)))
        }
        guard inner.remaining == 0 else { return nil }
        return ReplicatedEntry(header: Array(header), bodies: bodies)
    }
}

import NIOCore
import ReportCompression
public import ReportModel

/// The payload of `BATCH`.
///
/// Source: docs/protocol.md section 5.1.
extension EntryBatch {
    /// First bytes: the letters "rpb" and the format.
    static let wireMagic: UInt32 = 0x7270_6201
    /// Bytes before the proof.
    static let wireFixedByteCount = 4 + LogID.byteCount + 8 + 2 + 2 + SignedHead.byteCount

    /// Number of bytes of the payload with every body as it is: what counts against the window.
    public var encodedByteCount: Int {
        EntryBatch.wireFixedByteCount + proof.count * Hash256.byteCount
            + entries.reduce(0) { $0 + $1.encodedByteCount }
    }

    /// Number of bytes of the payload.
    var wireByteCount: Int {
        EntryBatch.wireFixedByteCount + proof.count * Hash256.byteCount
            + entries.reduce(0) { $0 + $1.wireByteCount }
    }

    /// Writes the payload.
    func write(to buffer: inout ByteBuffer) throws(WireError) {
        guard !entries.isEmpty, entries.count <= WireLimits.maximumBatchEntryCount,
            proof.count <= MerkleTree.maximumProofCount
        else { throw WireError(.payloadTooLarge, "the batch has too many entries, or none") }
        buffer.reserveCapacity(minimumWritableBytes: wireByteCount)
        buffer.writeInteger(EntryBatch.wireMagic)
        buffer.writeBytes(log.bytes)
        buffer.writeInteger(first)
        buffer.writeInteger(UInt16(entries.count))
        buffer.writeInteger(UInt16(proof.count))
        buffer.writeBytes(head.bytes)
        for hash in proof { buffer.writeBytes(hash.bytes) }
        for entry in entries { entry.write(to: &buffer) }
    }

    /// Reads a whole payload.
    /// - Throws: ``WireError`` `badPayload`.
    init(reading payload: inout ByteBuffer) throws(WireError) {
        guard payload.readInteger(as: UInt32.self) == EntryBatch.wireMagic,
            let logBytes = payload.readBytes(length: LogID.byteCount), let log = LogID(logBytes),
            let first = payload.readInteger(as: UInt64.self), first > 0,
            let entryCount = payload.readInteger(as: UInt16.self),
            (1...WireLimits.maximumBatchEntryCount).contains(Int(entryCount)),
            first <= UInt64.max - UInt64(entryCount),
            let proofCount = payload.readInteger(as: UInt16.self),
            proofCount <= MerkleTree.maximumProofCount,
            let headBytes = payload.readBytes(length: SignedHead.byteCount),
            let head = SignedHead(headBytes)
        else { throw WireError(.badPayload, "the beginning of a batch is not understood") }
        var proof: [Hash256] = []
        for _ in 0..<proofCount {
            guard let bytes = payload.readBytes(length: Hash256.byteCount),
                let hash = Hash256(bytes)
            else { throw WireError(.badPayload, "the proof of a batch is cut off") }
            proof.append(hash)
        }
        var entries: [ReplicatedEntry] = []
        var room = WireLimits.maximumBatchByteCount
        for index in 0..<UInt64(entryCount) {
            guard let entry = ReplicatedEntry(reading: &payload, room: &room) else {
                throw WireError(.badPayload, "entry \(first + index) of a log was damaged")
            }
            entries.append(entry)
        }
        guard payload.readableBytes == 0 else {
            throw WireError(.badPayload, "a batch has bytes after its end")
        }
        self.init(log: log, first: first, entries: entries, head: head, proof: proof)
    }
}

extension ReplicatedEntry {
    private static let checksumByteCount = 8
    private static let bodyHeadByteCount = 1 + Body.saltByteCount + 8

    /// In place of a kind: the receiver has the body.
    private static let heldByte: UInt8 = 0x40
    /// Beside the kind: a frame of zstd follows.
    private static let zstdBit: UInt8 = 0x80

    /// Number of bytes of the entry in a batch with every body as it is.
    public var encodedByteCount: Int {
        4 + ReplicatedEntry.checksumByteCount
            + bodies.reduce(4 + header.count) { count, body in
                count + (body.map { ReplicatedEntry.bodyHeadByteCount + $0.bytes.count } ?? 1)
            }
    }

    /// Number of bytes of the entry in a batch.
    var wireByteCount: Int { 4 + ReplicatedEntry.checksumByteCount + countedByteCount }

    private var countedByteCount: Int {
        bodies.reduce(4 + header.count) { count, body in
            guard let body else { return count + 1 }
            guard let frame = body.frame else {
                return count + ReplicatedEntry.bodyHeadByteCount + body.bytes.count
            }
            return count + ReplicatedEntry.bodyHeadByteCount + 8 + frame.count
        }
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(countedByteCount))
        let checksumIndex = buffer.writerIndex
        buffer.writeInteger(UInt64(0))
        var hasher = Hasher256()
        func put(_ bytes: [UInt8]) {
            hasher.update(bytes)
            buffer.writeBytes(bytes)
        }
        var length: [UInt8] = []
        length.appendBigEndian(UInt32(header.count))
        put(length)
        put(header)
        for (index, body) in bodies.enumerated() {
            guard let body else {
                put([held.contains(index) ? ReplicatedEntry.heldByte : 0])
                continue
            }
            var head = [body.kind.rawValue | (body.frame == nil ? 0 : ReplicatedEntry.zstdBit)]
            body.salt.append(to: &head)
            head.appendBigEndian(UInt64(body.bytes.count))
            if let frame = body.frame { head.appendBigEndian(UInt64(frame.count)) }
            put(head)
            put(body.frame ?? body.bytes)
        }
        buffer.setInteger(ReplicatedEntry.checksum(hasher), at: checksumIndex)
    }

    /// Reads an entry.
    /// - Parameters:
    ///   - payload: the batch from here on.
    ///   - room: bytes that bodies may still have, expanded.
    init?(reading payload: inout ByteBuffer, room: inout Int) {
        guard let count = payload.readInteger(as: UInt32.self),
            let checksum = payload.readInteger(as: UInt64.self),
            var rest = payload.readSlice(length: Int(count))
        else { return nil }
        var hasher = Hasher256()
        func take(_ count: Int) -> [UInt8]? {
            guard let bytes = rest.readBytes(length: count) else { return nil }
            hasher.update(bytes)
            return bytes
        }
        func integer(_ byteCount: Int) -> UInt64? {
            take(byteCount)?.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        guard let headerCount = integer(4), headerCount <= Entry.maximumByteCount,
            headerCount >= Entry.fixedByteCount, let header = take(Int(headerCount))
        else { return nil }
        let bodyCount = Int(header[112]) << 8 | Int(header[113])
        guard bodyCount <= Entry.maximumBodyCount else { return nil }
        var bodies: [Body?] = []
        var held: Set<Int> = []
        for index in 0..<bodyCount {
            guard let form = integer(1).map({ UInt8($0) }) else { return nil }
            if form == 0 || form == ReplicatedEntry.heldByte {
                if form != 0 { held.insert(index) }
                bodies.append(nil)
                continue
            }
            let isFrame = form & ReplicatedEntry.zstdBit != 0
            guard let kind = BodyKind(rawValue: form & ~ReplicatedEntry.zstdBit),
                let saltBytes = take(Body.saltByteCount), let salt = Hash256(saltBytes),
                let byteCount = integer(8), byteCount <= UInt64(room),
                let storedByteCount = isFrame ? integer(8) : byteCount,
                storedByteCount <= UInt64(rest.readableBytes),
                // A frame that saves nothing would be kept, and passed on, beyond what was counted.
                !isFrame || storedByteCount < byteCount,
                let stored = take(Int(storedByteCount))
            else { return nil }
            room -= Int(byteCount)
            guard isFrame else {
                bodies.append(Body(kind: kind, salt: salt, bytes: stored))
                continue
            }
            guard let bytes = Compression.expanded(stored[...], byteCount: Int(byteCount)) else {
                return nil
            }
            var body = Body(kind: kind, salt: salt, bytes: bytes)
            body.frame = stored
            bodies.append(body)
        }
        guard rest.readableBytes == 0, ReplicatedEntry.checksum(hasher) == checksum else {
            return nil
        }
        self.init(header: header, bodies: bodies)
        self.held = held
    }

    private static func checksum(_ hasher: Hasher256) -> UInt64 {
        hasher.finalize().bytes.prefix(checksumByteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

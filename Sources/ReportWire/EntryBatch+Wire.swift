import CXXHash
import NIOCore
import ReportCompression
public import ReportModel

/// The payload of `BATCH`.
///
/// Source: docs/protocol.md section 5.1.
extension EntryBatch {
    /// First bytes: the letters "rpb", then the byte that tells how its entries are summed.
    private static let wireMagic: UInt32 = 0x7270_6200
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
    func write(to buffer: inout ByteBuffer, _ checksum: EntryChecksum) throws(WireError) {
        guard !entries.isEmpty, entries.count <= WireLimits.maximumBatchEntryCount,
            proof.count <= MerkleTree.maximumProofCount
        else { throw WireError(.payloadTooLarge, "the batch has too many entries, or none") }
        buffer.reserveCapacity(minimumWritableBytes: wireByteCount)
        buffer.writeInteger(EntryBatch.wireMagic | UInt32(checksum.rawValue))
        buffer.writeBytes(log.bytes)
        buffer.writeInteger(first)
        buffer.writeInteger(UInt16(entries.count))
        buffer.writeInteger(UInt16(proof.count))
        buffer.writeBytes(head.bytes)
        for hash in proof { buffer.writeBytes(hash.bytes) }
        for entry in entries { entry.write(to: &buffer, checksum) }
    }

    /// Reads a whole payload.
    /// - Returns: the batch, and how its entries were summed.
    /// - Throws: ``WireError`` `badPayload`.
    static func read(
        _ payload: inout ByteBuffer
    ) throws(WireError) -> (batch: EntryBatch, checksum: EntryChecksum) {
        guard let magic = payload.readInteger(as: UInt32.self), magic & ~0xFF == wireMagic,
            let checksum = EntryChecksum(rawValue: UInt8(magic & 0xFF)),
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
            guard let entry = ReplicatedEntry(reading: &payload, checksum, room: &room) else {
                throw WireError(.badPayload, "entry \(first + index) of a log was damaged")
            }
            entries.append(entry)
        }
        guard payload.readableBytes == 0 else {
            throw WireError(.badPayload, "a batch has bytes after its end")
        }
        let batch = EntryBatch(log: log, first: first, entries: entries, head: head, proof: proof)
        return (batch, checksum)
    }
}

/// What each entry of a batch is summed with, to find damage on the way.
///
/// Source: docs/protocol.md section 5.1.
public enum EntryChecksum: UInt8, Hashable, Sendable {
    /// The first 8 bytes of SHA-256, which every program takes.
    case sha256 = 1
    /// XXH3-64, for a receiver that stated so: a tenth of the work, as TLS and the hashes of the chain keep watch anyway.
    case xxh3 = 2

    /// The sum of some bytes, as an integer whose most significant byte comes first.
    func sum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        switch self {
        case .sha256:
            var hasher = Hasher256()
            hasher.update(bytes)
            return hasher.finalize().bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        case .xxh3: return xxhash_xxh3_64bits(bytes.baseAddress, bytes.count)
        }
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

    func write(to buffer: inout ByteBuffer, _ checksum: EntryChecksum = .sha256) {
        let byteCount = countedByteCount
        buffer.writeInteger(UInt32(byteCount))
        let checksumIndex = buffer.writerIndex
        buffer.writeInteger(UInt64(0))
        buffer.writeInteger(UInt32(header.count))
        buffer.writeBytes(header)
        for (index, body) in bodies.enumerated() {
            guard let body else {
                buffer.writeInteger(held.contains(index) ? ReplicatedEntry.heldByte : 0)
                continue
            }
            buffer.writeInteger(
                body.kind.rawValue | (body.frame == nil ? 0 : ReplicatedEntry.zstdBit)
            )
            buffer.writeBytes(body.salt.bytes)
            buffer.writeInteger(UInt64(body.bytes.count))
            if let frame = body.frame { buffer.writeInteger(UInt64(frame.count)) }
            buffer.writeBytes(body.frame ?? body.bytes)
        }
        let start = checksumIndex + ReplicatedEntry.checksumByteCount - buffer.readerIndex
        let sum = buffer.withUnsafeReadableBytes { bytes in
            checksum.sum(UnsafeRawBufferPointer(rebasing: bytes[start..<start + byteCount]))
        }
        buffer.setInteger(sum, at: checksumIndex)
    }

    /// Reads an entry.
    /// - Parameters:
    ///   - payload: the batch from here on.
    ///   - checksum: what it is summed with.
    ///   - room: bytes that bodies may still have, expanded.
    init?(
        reading payload: inout ByteBuffer,
        _ checksum: EntryChecksum = .sha256,
        room: inout Int
    ) {
        guard let count = payload.readInteger(as: UInt32.self),
            let sum = payload.readInteger(as: UInt64.self),
            var rest = payload.readSlice(length: Int(count)),
            rest.withUnsafeReadableBytes({ checksum.sum($0) }) == sum,
            let headerCount = rest.readInteger(as: UInt32.self),
            headerCount <= Entry.maximumByteCount, headerCount >= Entry.fixedByteCount,
            let header = rest.readBytes(length: Int(headerCount))
        else { return nil }
        let bodyCount = Int(header[112]) << 8 | Int(header[113])
        guard bodyCount <= Entry.maximumBodyCount else { return nil }
        var bodies: [Body?] = []
        var held: Set<Int> = []
        for index in 0..<bodyCount {
            guard let form = rest.readInteger(as: UInt8.self) else { return nil }
            if form == 0 || form == ReplicatedEntry.heldByte {
                if form != 0 { held.insert(index) }
                bodies.append(nil)
                continue
            }
            guard let body = ReplicatedEntry.body(form, &rest, room: &room) else { return nil }
            bodies.append(body)
        }
        guard rest.readableBytes == 0 else { return nil }
        self.init(header: header, bodies: bodies)
        self.held = held
    }

    /// Reads a body behind the byte that tells its kind and form.
    private static func body(
        _ form: UInt8,
        _ rest: inout ByteBuffer,
        room: inout Int
    ) -> Body? {
        let isFrame = form & zstdBit != 0
        guard let kind = BodyKind(rawValue: form & ~zstdBit),
            let saltBytes = rest.readBytes(length: Body.saltByteCount),
            let salt = Hash256(saltBytes),
            let byteCount = rest.readInteger(as: UInt64.self), byteCount <= UInt64(room),
            let storedByteCount = isFrame ? rest.readInteger(as: UInt64.self) : byteCount,
            storedByteCount <= UInt64(rest.readableBytes),
            // A frame that saves nothing would be kept, and passed on, beyond what was counted.
            !isFrame || storedByteCount < byteCount,
            let stored = rest.readBytes(length: Int(storedByteCount))
        else { return nil }
        room -= Int(byteCount)
        guard isFrame else { return Body(kind: kind, salt: salt, bytes: stored) }
        guard let bytes = Compression.expanded(stored[...], byteCount: Int(byteCount)) else {
            return nil
        }
        var body = Body(kind: kind, salt: salt, bytes: bytes)
        body.frame = stored
        return body
    }
}

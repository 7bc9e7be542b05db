import NIOCore
public import ReportModel

/// Payloads of `COMPARE` and `NODES`.
///
/// Source: docs/protocol.md section 5.4.
extension TreeNodes {
    func write(to buffer: inout ByteBuffer, verb: PeerVerb) throws(WireError) {
        let hasHashes = verb == .nodes
        guard (1...TreeNodes.maximumCount).contains(nodes.count),
            !hasHashes || hashes.count == nodes.count
        else { throw WireError(.payloadTooLarge, "too many nodes at once, or none") }
        let count = LogID.byteCount + 8 + nodes.count * (hasHashes ? 41 : 9)
        buffer.writeString("\(verb.rawValue) \(count)\n")
        buffer.writeBytes(log.bytes)
        buffer.writeInteger(size)
        for (index, node) in nodes.enumerated() {
            buffer.writeInteger(node.level)
            buffer.writeInteger(node.index)
            if hasHashes { buffer.writeBytes(hashes[index].bytes) }
        }
    }

    init(reading payload: inout ByteBuffer, hasHashes: Bool) throws(WireError) {
        guard let logBytes = payload.readBytes(length: LogID.byteCount), let log = LogID(logBytes),
            let size = payload.readInteger(as: UInt64.self), size > 0
        else { throw WireError(.badPayload, "nodes of a tree without its log") }
        self.init(log: log, size: size, nodes: [])
        while payload.readableBytes > 0 {
            guard let level = payload.readInteger(as: UInt8.self),
                let index = payload.readInteger(as: UInt64.self)
            else { throw WireError(.badPayload, "a node of a tree is cut off") }
            let node = MerkleTree.Node(level: level, index: index)
            guard TreeNodes.leaves(of: node, size: size) != nil else {
                throw WireError(.badPayload, "a node is none of its tree")
            }
            nodes.append(node)
            guard hasHashes else { continue }
            guard let bytes = payload.readBytes(length: Hash256.byteCount),
                let hash = Hash256(bytes)
            else { throw WireError(.badPayload, "the hash of a node is cut off") }
            hashes.append(hash)
        }
    }
}

/// Payload of `ENTRIES`.
extension FetchedEntries {
    /// Number of bytes of the payload with every body as it is.
    public var encodedByteCount: Int {
        rows.reduce(LogID.byteCount) { $0 + 8 + ($1.entry?.encodedByteCount ?? 4) }
    }

    func write(to buffer: inout ByteBuffer) throws(WireError) {
        let count = encodedByteCount
        guard (1...FetchedEntries.maximumCount).contains(rows.count),
            count <= WireLimits.maximumBatchByteCount
        else { throw WireError(.payloadTooLarge, "too many entries at once, or none") }
        buffer.writeString("ENTRIES \(count)\n")
        buffer.writeBytes(log.bytes)
        for row in rows {
            buffer.writeInteger(row.sequence)
            if let entry = row.entry {
                entry.write(to: &buffer)
            } else {
                buffer.writeInteger(UInt32(0))
            }
        }
    }

    init(reading payload: inout ByteBuffer) throws(WireError) {
        guard let logBytes = payload.readBytes(length: LogID.byteCount), let log = LogID(logBytes)
        else { throw WireError(.badPayload, "entries without their log") }
        self.init(log: log, rows: [])
        var room = WireLimits.maximumBatchByteCount
        while payload.readableBytes > 0 {
            guard rows.count < FetchedEntries.maximumCount,
                let sequence = payload.readInteger(as: UInt64.self), sequence > 0,
                let count = payload.getInteger(at: payload.readerIndex, as: UInt32.self)
            else { throw WireError(.badPayload, "an entry is cut off") }
            guard count > 0 else {
                payload.moveReaderIndex(forwardBy: 4)
                rows.append(Row(sequence: sequence, entry: nil))
                continue
            }
            guard let entry = ReplicatedEntry(reading: &payload, room: &room) else {
                throw WireError(.badPayload, "entry \(sequence) of a log was damaged")
            }
            rows.append(Row(sequence: sequence, entry: entry))
        }
    }
}

extension PeerMessage {
    /// Reads the payload of `FETCH`.
    static func fetch(_ payload: inout ByteBuffer) throws(WireError) -> PeerMessage {
        guard let logBytes = payload.readBytes(length: LogID.byteCount), let log = LogID(logBytes),
            payload.readableBytes.isMultiple(of: 8)
        else { throw WireError(.badPayload, "FETCH is not a log and sequences") }
        var sequences: [UInt64] = []
        while let sequence = payload.readInteger(as: UInt64.self) { sequences.append(sequence) }
        return .fetch(log, sequences)
    }
}

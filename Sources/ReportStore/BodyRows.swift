import LMDB
import ReportCompression
import ReportModel

/// Bodies in chunks.
///
/// Source: docs/format.md section 3.2.
struct BodyRows: Sendable {
    /// How the stored bytes are kept.
    enum Codec: UInt8 {
        case plain = 0
        case zstd = 1
        case alias = 2
        /// In the engine that nodes share: only where is stored.
        case elsewhere = 3
    }

    /// What chunk 0 begins with.
    struct Head {
        static let byteCount = 56

        var codec: Codec
        var kind: BodyKind
        var chunkCount: UInt32
        var byteCount: UInt64
        var storedByteCount: UInt64
        var salt: Hash256

        var bytes: [UInt8] {
            var bytes: [UInt8] = [codec.rawValue, kind.rawValue, 0, 0]
            bytes.appendBigEndian(chunkCount)
            bytes.appendBigEndian(byteCount)
            bytes.appendBigEndian(storedByteCount)
            salt.append(to: &bytes)
            return bytes
        }

        init(
            codec: Codec,
            kind: BodyKind,
            chunkCount: UInt32,
            byteCount: UInt64,
            storedByteCount: UInt64,
            salt: Hash256
        ) {
            self.codec = codec
            self.kind = kind
            self.chunkCount = chunkCount
            self.byteCount = byteCount
            self.storedByteCount = storedByteCount
            self.salt = salt
        }

        init?(_ bytes: ArraySlice<UInt8>) {
            var reader = ByteReader(bytes)
            guard let codec = reader.integer(UInt8.self).flatMap(Codec.init(rawValue:)),
                let kind = reader.integer(UInt8.self).flatMap(BodyKind.init(rawValue:)),
                reader.integer(UInt16.self) == 0,
                let chunkCount = reader.integer(UInt32.self), chunkCount > 0,
                let byteCount = reader.integer(UInt64.self),
                byteCount <= UInt64(StoreLimits.maximumBodyByteCount),
                let storedByteCount = reader.integer(UInt64.self),
                let salt = reader.hash()
            else { return nil }
            self.init(
                codec: codec,
                kind: kind,
                chunkCount: chunkCount,
                byteCount: byteCount,
                storedByteCount: storedByteCount,
                salt: salt
            )
        }
    }

    let table: Database
    /// Who has files that are stored elsewhere; nil in a store that is only read.
    private let files: (any SharedFiles)?

    init(_ tables: Tables) {
        table = tables.bodies
        files = tables.files
    }

    /// The bytes to store in place of a body's own; nil for those that are stored as they are.
    static func compressed(_ body: Body) -> [UInt8]? {
        guard body.kind == .source || body.kind == .people else { return nil }
        return body.frame ?? Compression.compressed(body.bytes)
    }

    /// Writes a body.
    /// - Parameters:
    ///   - body: the body.
    ///   - compressed: what ``compressed(_:)`` gave for it.
    ///   - place: place of its entry.
    ///   - index: its index in the header.
    ///   - transaction: the transaction.
    /// - Throws: `LMDBError`.
    func put(
        _ body: Body,
        compressed: [UInt8]?,
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let stored = compressed ?? body.bytes
        let counts = ChunkLayout.byteCounts(of: stored.count)
        let head = Head(
            codec: compressed == nil ? .plain : .zstd,
            kind: body.kind,
            chunkCount: UInt32(counts.count),
            byteCount: UInt64(body.bytes.count),
            storedByteCount: UInt64(stored.count),
            salt: body.salt
        ).bytes
        try stored.withUnsafeBytes { stored throws in
            var start = 0
            for (chunk, count) in counts.enumerated() {
                try put(
                    UnsafeRawBufferPointer(rebasing: stored[start..<start + count]),
                    after: chunk == 0 ? head : [],
                    key: RowKey.body(place, index, chunk: chunk),
                    transaction
                )
                start += count
            }
        }
    }

    /// Writes one chunk where it will lie: its bytes are copied once.
    private func put(
        _ stored: UnsafeRawBufferPointer,
        after head: [UInt8],
        key: [UInt8],
        _ transaction: borrowing WriteTransaction
    ) throws {
        let byteCount = Sealed.byteCount + head.count + stored.count
        try transaction.reserve(key, byteCount: byteCount, in: table, isFilled: true) {
            (value: inout MutableRawSpan) in
            value.withUnsafeMutableBytes { value in
                let start = Sealed.byteCount + head.count
                UnsafeMutableRawBufferPointer(rebasing: value[Sealed.byteCount..<start])
                    .copyBytes(from: head)
                UnsafeMutableRawBufferPointer(rebasing: value[start...]).copyMemory(from: stored)
                Sealed.seal(value)
            }
        }
    }

    /// Writes that a body is the one at another place.
    func putAlias(
        of other: (place: EntryPlace, index: Int),
        kind: BodyKind,
        salt: Hash256,
        byteCount: UInt64,
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let head = Head(
            codec: .alias,
            kind: kind,
            chunkCount: 1,
            byteCount: byteCount,
            storedByteCount: UInt64(EntryPlace.byteCount + 2),
            salt: salt
        )
        var value = head.bytes
        value.append(contentsOf: other.place.bytes)
        value.appendBigEndian(UInt16(other.index))
        try transaction.put(
            RowKey.body(place, index, chunk: 0),
            Sealed.seal(value),
            in: table
        )
    }

    /// Removes the chunks of a body; nothing when it is not here.
    func remove(
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let (head, _) = try stored(at: place, index: index, transaction) else { return }
        for chunk in 0..<Int(head.chunkCount) {
            let key = RowKey.body(place, index, chunk: chunk)
            _ = try transaction.delete(key, in: table)
        }
    }

    /// Reads a body; nil when it is not here.
    /// - Parameters:
    ///   - place: place of its entry.
    ///   - index: its index in the header.
    ///   - keepsFrame: whether the body has the frame of zstd as it is stored, too.
    ///   - transaction: the transaction.
    /// - Throws: ``ReportError`` `integrity` for damage; `LMDBError`.
    /// - Returns: the body.
    func body<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        index: Int,
        keepsFrame: Bool = false,
        _ transaction: borrowing T
    ) throws -> Body? {
        var place = place
        var index = index
        for _ in 0..<2 {
            guard let (head, stored) = try stored(at: place, index: index, transaction) else {
                return nil
            }
            switch head.codec {
            case .plain: return Body(kind: head.kind, salt: head.salt, bytes: stored)
            case .zstd:
                let bytes = Compression.decompressed(stored, byteCount: Int(head.byteCount))
                guard let bytes else { throw damaged(place, index) }
                var body = Body(kind: head.kind, salt: head.salt, bytes: bytes)
                if keepsFrame { body.frame = stored }
                return body
            case .alias:
                guard stored.count == EntryPlace.byteCount + 2, let other = EntryPlace(stored)
                else { throw damaged(place, index) }
                place = other
                index = Int(stored[stored.count - 2]) << 8 | Int(stored[stored.count - 1])
            case .elsewhere:
                guard let file = SharedFile(stored, byteCount: Int(head.byteCount)) else {
                    throw damaged(place, index)
                }
                guard let files else { throw SharedFile.unreachable }
                return try files.bytes(of: file).map {
                    Body(kind: head.kind, salt: head.salt, bytes: $0)
                }
            }
        }
        throw damaged(place, index)
    }

    /// A body as it is sent on, with its frame; a file that the shared engine has lost holds up nothing.
    /// - Returns: nil for one that was erased, never came, or was lost.
    func sendable<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing T
    ) throws -> Body? {
        do {
            return try body(at: place, index: index, keepsFrame: true, transaction)
        } catch let error as ReportError where error.details[SharedFile.lossMark] != nil {
            return nil
        }
    }

    /// Writes where a file is stored, when it is one that the shared engine keeps.
    /// - Returns: whether it is such a one; if not, nothing was written.
    func putElsewhere(
        _ kind: BodyKind,
        salt: Hash256,
        byteCount: Int,
        of entry: Entry,
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing WriteTransaction
    ) throws -> Bool {
        guard let files, kind == .source, byteCount >= files.minimumByteCount else {
            return false
        }
        let file = SharedFile(
            log: entry.log,
            sequence: entry.sequence,
            index: index,
            byteCount: byteCount
        )
        let head = Head(
            codec: .elsewhere,
            kind: kind,
            chunkCount: 1,
            byteCount: UInt64(byteCount),
            storedByteCount: UInt64(SharedFile.storedByteCount),
            salt: salt
        )
        try transaction.put(
            RowKey.body(place, index, chunk: 0),
            Sealed.seal(head.bytes + file.stored),
            in: table
        )
        return true
    }

    /// Whether the bytes of a body are in the engine that nodes share.
    func isElsewhere<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        index: Int,
        _ transaction: borrowing T
    ) throws -> Bool {
        guard let origin = try origin(of: place, index: index, transaction) else { return false }
        if origin.place == place, origin.index == index { return origin.head.codec == .elsewhere }
        let named = try self.origin(of: origin.place, index: origin.index, transaction)
        return named?.head.codec == .elsewhere
    }

    /// Where the bytes of a body lie: the place itself, or the one that an alias names.
    func origin<T: ReadOperations & ~Copyable>(
        of place: EntryPlace,
        index: Int,
        _ transaction: borrowing T
    ) throws -> (head: Head, place: EntryPlace, index: Int)? {
        guard let (head, stored) = try stored(at: place, index: index, transaction) else {
            return nil
        }
        guard head.codec == .alias else { return (head, place, index) }
        guard stored.count == EntryPlace.byteCount + 2, let other = EntryPlace(stored) else {
            throw damaged(place, index)
        }
        return (head, other, Int(stored[stored.count - 2]) << 8 | Int(stored[stored.count - 1]))
    }

    private func stored<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing T
    ) throws -> (head: Head, bytes: [UInt8])? {
        let key = RowKey.body(place, index, chunk: 0)
        var bytes: [UInt8] = []
        let first = try transaction.get(key, in: table) { (value: RawSpan) throws -> Head? in
            try Sealed.withOpened(value, table: "bodies", key: key) { value in
                guard value.count >= Head.byteCount,
                    let head = Head(Array(value[..<Head.byteCount])[...])
                else { return nil }
                bytes.reserveCapacity(
                    Int(min(head.storedByteCount, UInt64(StoreLimits.maximumBodyByteCount)))
                )
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: value[Head.byteCount...]))
                return head
            }
        }
        guard let first else { return nil }
        guard let head = first else { throw damaged(place, index) }
        for chunk in 1..<max(1, Int(head.chunkCount)) {
            let key = RowKey.body(place, index, chunk: chunk)
            let isThere =
                try transaction.get(key, in: table) { (value: RawSpan) throws -> Bool in
                    try Sealed.withOpened(value, table: "bodies", key: key) { value in
                        bytes.append(contentsOf: value)
                    }
                    return true
                } ?? false
            guard isThere else { throw damaged(place, index) }
        }
        guard UInt64(bytes.count) == head.storedByteCount else { throw damaged(place, index) }
        return (head, bytes)
    }

    private func damaged(_ place: EntryPlace, _ index: Int) -> ReportError {
        Sealed.damaged("bodies", RowKey.body(place, index, chunk: 0))
    }
}

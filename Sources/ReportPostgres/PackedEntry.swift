import ReportCompression
import ReportModel
import ReportStore

/// An entry as rows of the database: small bodies with the entry, larger files in pieces.
///
/// Column `body`: one byte for the codec (0 plain, 1 zstd) and four for the length without it, then for
/// each body of the header one byte (0 absent, 1 here, 2 in `chunks`), and unless absent kind 1, salt 32
/// and length 8, and the bytes when they are here. Numbers are big-endian. A body in `chunks` is its
/// codec and its bytes, cut into pieces.
///
/// Source: docs/scale-out.md, section on the schema.
enum PackedEntry {
    private enum Place: UInt8 {
        case absent = 0
        case here = 1
        case chunks = 2
    }

    /// A file that is kept in pieces.
    struct File: Sendable {
        var index: Int
        var bytes: [UInt8]
    }

    /// Whether a body is kept in pieces.
    static func isFile(_ body: Body) -> Bool {
        body.kind == .source && body.bytes.count >= PostgresLimits.inlineByteCount
    }

    /// Whether some of the bodies of an entry are.
    static func hasFiles(_ bodies: [Body?]) -> Bool {
        bodies.contains { $0.map { isFile($0) } ?? false }
    }

    /// A file as it is cut into pieces: its codec, and its bytes or a frame that somebody has made.
    static func file(_ body: Body, index: Int) -> File {
        let frame = body.frame ?? Compression.compressed(body.bytes)
        return File(index: index, bytes: frame.map { [1] + $0 } ?? [0] + body.bytes)
    }

    /// Column `body` of an entry.
    /// - Parameters:
    ///   - bodies: the bodies; nil where one is absent.
    ///   - held: files that are absent there and sent all the same.
    /// - Returns: the bytes of the column.
    static func column(_ bodies: [Body?], held: [SharedCommit.HeldFile] = []) -> [UInt8] {
        var packed: [UInt8] = []
        for (index, body) in bodies.enumerated() {
            if let body {
                let isFile = isFile(body)
                packed.append((isFile ? Place.chunks : .here).rawValue)
                packed.append(body.kind.rawValue)
                packed.append(contentsOf: body.salt.bytes)
                packed.appendBigEndian(UInt64(body.bytes.count))
                if !isFile { packed.append(contentsOf: body.bytes) }
            } else if let file = held.first(where: { $0.index == index }) {
                packed.append(Place.chunks.rawValue)
                packed.append(file.reference.kind.rawValue)
                packed.append(contentsOf: file.salt.bytes)
                packed.appendBigEndian(UInt64(file.byteCount))
            } else {
                packed.append(Place.absent.rawValue)
            }
        }
        return closed(packed)
    }

    /// The bodies that rows hold.
    /// - Parameters:
    ///   - column: column `body`.
    ///   - count: bodies that the header names.
    ///   - files: pieces put together, by index of the body.
    /// - Returns: the bodies; nil where one is absent.
    /// - Throws: ``ReportError`` `integrity` when the bytes are not what was written.
    static func unpack(
        _ column: [UInt8],
        count: Int,
        files: [Int: [UInt8]]
    ) throws(ReportError) -> [Body?] {
        var reader = ByteReader(try opened(column)[...])
        var bodies: [Body?] = []
        for index in 0..<count {
            guard let place = reader.integer(UInt8.self).flatMap(Place.init(rawValue:)) else {
                throw damaged
            }
            guard place != .absent else {
                bodies.append(nil)
                continue
            }
            guard let kind = reader.integer(UInt8.self).flatMap(BodyKind.init(rawValue:)),
                let salt = reader.hash(), let byteCount = reader.integer(UInt64.self),
                byteCount <= UInt64(StoreLimits.maximumBodyByteCount)
            else { throw damaged }
            if place == .chunks {
                // An erasure takes both away in one transaction, and files are read first.
                guard let file = files[index],
                    let bytes = expanded(file, byteCount: Int(byteCount))
                else { throw damaged }
                bodies.append(Body(kind: kind, salt: salt, bytes: bytes))
            } else {
                guard let bytes = reader.take(Int(byteCount)) else { throw damaged }
                bodies.append(Body(kind: kind, salt: salt, bytes: Array(bytes)))
            }
        }
        guard reader.remaining == 0 else { throw damaged }
        return bodies
    }

    /// Column `body` without some of the bodies.
    static func reduced(
        _ column: [UInt8],
        dropping indexes: Set<Int>,
        count: Int
    ) throws(ReportError) -> [UInt8] {
        var bodies = try unpackKeepingFiles(column, count: count)
        for index in indexes where bodies.indices.contains(index) { bodies[index] = [0] }
        return closed(Array(bodies.joined()))
    }

    /// A column: codec, length, and what stands in it, compressed where that makes it smaller.
    private static func closed(_ packed: [UInt8]) -> [UInt8] {
        var column: [UInt8] = []
        let shrunk = Compression.compressed(packed, level: Compression.roadLevel)
        column.reserveCapacity(5 + (shrunk ?? packed).count)
        column.append(shrunk == nil ? 0 : 1)
        column.appendBigEndian(UInt32(clamping: packed.count))
        column.append(contentsOf: shrunk ?? packed)
        return column
    }

    /// What stands in a column, expanded.
    private static func opened(_ column: [UInt8]) throws(ReportError) -> [UInt8] {
        var reader = ByteReader(column[...])
        guard let codec = reader.integer(UInt8.self), let length = reader.integer(UInt32.self),
            let rest = reader.take(reader.remaining),
            let packed = plain(rest, codec: codec, byteCount: Int(length))
        else { throw damaged }
        return packed
    }

    /// The bytes of each body as they stand in the column.
    private static func unpackKeepingFiles(
        _ column: [UInt8],
        count: Int
    ) throws(ReportError) -> [[UInt8]] {
        var reader = ByteReader(try opened(column)[...])
        var pieces: [[UInt8]] = []
        for _ in 0..<count {
            let start = reader
            guard let place = reader.integer(UInt8.self).flatMap(Place.init(rawValue:)) else {
                throw damaged
            }
            var byteCount = 1
            if place != .absent {
                guard reader.take(1 + Body.saltByteCount) != nil,
                    let bytes = reader.integer(UInt64.self),
                    bytes <= UInt64(StoreLimits.maximumBodyByteCount)
                else { throw damaged }
                byteCount += 1 + Body.saltByteCount + 8
                if place == .here {
                    guard reader.take(Int(bytes)) != nil else { throw damaged }
                    byteCount += Int(bytes)
                }
            }
            var copy = start
            guard let piece = copy.take(byteCount) else { throw damaged }
            pieces.append(Array(piece))
        }
        return pieces
    }

    /// The bytes of a file out of its pieces.
    static func file(_ stored: [UInt8], byteCount: Int) throws(ReportError) -> [UInt8] {
        guard let bytes = expanded(stored, byteCount: byteCount) else { throw damaged }
        return bytes
    }

    private static func expanded(_ bytes: [UInt8], byteCount: Int) -> [UInt8]? {
        guard let codec = bytes.first else { return nil }
        return plain(bytes.dropFirst(), codec: codec, byteCount: byteCount)
    }

    private static func plain(
        _ bytes: ArraySlice<UInt8>,
        codec: UInt8,
        byteCount: Int
    ) -> [UInt8]? {
        switch codec {
        case 0: bytes.count == byteCount ? Array(bytes) : nil
        case 1: Compression.expanded(bytes, byteCount: byteCount)
        default: nil
        }
    }

    private static var damaged: ReportError {
        ReportError(.integrity, "bodies of an entry in the database are not as they were written")
    }
}

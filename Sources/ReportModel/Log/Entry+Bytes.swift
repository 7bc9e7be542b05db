extension Entry {
    /// First bytes of a header: the letters "rpe" and the format.
    public static let magic: [UInt8] = [0x72, 0x70, 0x65, 1]
    /// Bytes before the variable lists.
    public static let fixedByteCount = 120
    /// Most parents an entry may name.
    public static let maximumParentCount = 64
    /// Most subjects an entry may name.
    public static let maximumSubjectCount = 1024
    /// Most bodies an entry may have: record, people, detail and a thousand files.
    public static let maximumBodyCount = 1003
    /// Most bytes of a trailer.
    public static let maximumTrailerByteCount = 16_384
    /// Most bytes of a header that keeps to the limits above.
    public static let maximumByteCount =
        fixedByteCount + (maximumParentCount + maximumSubjectCount) * 32
        + maximumBodyCount * 44 + maximumTrailerByteCount

    /// The header, all integers most significant byte first.
    public var bytes: [UInt8] {
        var bytes = Entry.magic
        bytes.reserveCapacity(
            Entry.fixedByteCount + (parents.count + subjects.count) * 32 + bodies.count * 44
        )
        bytes.appendBigEndian(kind.rawValue)
        bytes.appendBigEndian(UInt16(0))
        bytes.append(contentsOf: log.bytes)
        bytes.appendBigEndian(sequence)
        previous.append(to: &bytes)
        bytes.appendBigEndian(recordedAt.milliseconds)
        keyHash.append(to: &bytes)
        bytes.appendBigEndian(number)
        bytes.appendBigEndian(UInt16(parents.count))
        bytes.appendBigEndian(UInt16(subjects.count))
        bytes.appendBigEndian(UInt16(bodies.count))
        bytes.appendBigEndian(UInt16(0))
        bytes.appendBigEndian(UInt32(0))
        for parent in parents { parent.append(to: &bytes) }
        for subject in subjects { subject.append(to: &bytes) }
        for body in bodies {
            bytes.append(body.kind.rawValue)
            bytes.append(contentsOf: [0, 0, 0])
            bytes.appendBigEndian(body.byteCount)
            body.hash.append(to: &bytes)
        }
        bytes.append(contentsOf: trailer)
        return bytes
    }

    /// Reads a header; nil unless it keeps to the format and its limits.
    /// - Parameter bytes: a whole header.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count <= Entry.maximumByteCount else { return nil }
        var reader = ByteReader(Array(bytes)[...])
        guard let magic = reader.take(4), Array(magic) == Entry.magic,
            let kind = reader.integer(UInt16.self), reader.integer(UInt16.self) == 0,
            let logBytes = reader.take(LogID.byteCount), let log = LogID(logBytes),
            let sequence = reader.integer(UInt64.self), sequence > 0,
            let previous = reader.hash(),
            let recordedAt = reader.integer(UInt64.self), recordedAt < Timestamp.end,
            let keyHash = reader.hash(),
            let number = reader.integer(UInt32.self),
            let parentCount = reader.integer(UInt16.self), parentCount <= Entry.maximumParentCount,
            let subjectCount = reader.integer(UInt16.self),
            subjectCount <= Entry.maximumSubjectCount,
            let bodyCount = reader.integer(UInt16.self), bodyCount <= Entry.maximumBodyCount,
            reader.integer(UInt16.self) == 0, reader.integer(UInt32.self) == 0,
            let parents = reader.hashes(Int(parentCount)),
            let subjects = reader.hashes(Int(subjectCount)),
            let bodies = reader.bodyReferences(Int(bodyCount)),
            reader.remaining <= Entry.maximumTrailerByteCount,
            let trailer = reader.take(reader.remaining)
        else { return nil }
        self.init(
            kind: EntryKind(rawValue: kind),
            log: log,
            sequence: sequence,
            previous: previous,
            recordedAt: Timestamp(milliseconds: recordedAt),
            keyHash: keyHash,
            number: number,
            parents: parents,
            subjects: subjects,
            bodies: bodies,
            trailer: Array(trailer)
        )
    }
}

extension ByteReader {
    fileprivate mutating func hashes(_ count: Int) -> [Hash256]? {
        var hashes: [Hash256] = []
        for _ in 0..<count {
            guard let hash = hash() else { return nil }
            hashes.append(hash)
        }
        return hashes
    }

    fileprivate mutating func bodyReferences(_ count: Int) -> [BodyReference]? {
        var bodies: [BodyReference] = []
        for _ in 0..<count {
            guard let rawKind = integer(UInt8.self), let kind = BodyKind(rawValue: rawKind),
                let padding = take(3), padding.allSatisfy({ $0 == 0 }),
                let byteCount = integer(UInt64.self), byteCount < 1 << 40, let hash = hash()
            else { return nil }
            bodies.append(BodyReference(kind: kind, byteCount: byteCount, hash: hash))
        }
        return bodies
    }
}

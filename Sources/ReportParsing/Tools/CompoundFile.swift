/// The streams of an OLE compound file, as far as telling formats apart needs them.
///
/// Streams are read up to a bound; broken chains end where they break.
///
/// Source: MS-CFB 2.2 (header), 2.3 to 2.5 (FAT, mini FAT, DIFAT), 2.6 (directory).
struct CompoundFile {
    /// One storage or stream of the directory.
    struct Entry: Hashable {
        /// Name without its terminator.
        var name: String
        /// First sector.
        var start: Int
        /// Size in bytes.
        var size: Int
        /// Whether it is a stream, rather than a storage or the root.
        var isStream: Bool
    }

    private static let endOfChain = 0xFFFF_FFFA
    private static let maximumEntryCount = 4096
    private static let headerDifatCount = 109

    /// Streams and storages in the order of the directory; the root first.
    private(set) var entries: [Entry] = []

    private let bytes: [UInt8]
    private let sectorSize: Int
    private let miniSectorSize = 64
    private let miniCutoff: Int
    private var fatSectors: [Int] = []
    private var miniFatStart = 0

    /// Reads header and directory.
    /// - Parameter bytes: the file; nil comes back when it is no compound file.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 512,
            bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
        else { return nil }
        self.bytes = bytes
        let shift = Int(bytes[30]) | Int(bytes[31]) << 8
        guard shift == 9 || shift == 12 else { return nil }
        sectorSize = 1 << shift
        miniCutoff = 4096
        readFatSectors()
        miniFatStart = word(60)
        readDirectory(start: word(48))
    }

    /// The first bytes of a stream.
    /// - Parameters:
    ///   - name: its name, in whatever case.
    ///   - maximumByteCount: how much of it is wanted.
    /// - Returns: nil when there is no such stream.
    func stream(_ name: String, maximumByteCount: Int) -> [UInt8]? {
        let wanted = name.lowercased()
        guard let entry = entries.first(where: { $0.isStream && $0.name.lowercased() == wanted })
        else { return nil }
        let count = min(entry.size, maximumByteCount)
        guard entry.size < miniCutoff, let root = entries.first else {
            return chain(from: entry.start, maximumByteCount: count)
        }
        return miniStream(from: entry.start, root: root, byteCount: count)
    }

    private func miniStream(from start: Int, root: Entry, byteCount: Int) -> [UInt8] {
        let container = chain(
            from: root.start,
            maximumByteCount: min(root.size, bytes.count)
        )
        let table = chain(from: miniFatStart, maximumByteCount: bytes.count)
        var result: [UInt8] = []
        var sector = start
        while result.count < byteCount, sector < Self.endOfChain {
            let offset = sector * miniSectorSize
            guard offset + miniSectorSize <= container.count, sector * 4 + 4 <= table.count else {
                break
            }
            result += container[offset..<offset + miniSectorSize]
            sector = Self.word(table, sector * 4)
        }
        return Array(result.prefix(byteCount))
    }

    /// Bytes of a chain of sectors, at most as many as wanted and as the file has.
    private func chain(from start: Int, maximumByteCount: Int) -> [UInt8] {
        var result: [UInt8] = []
        var sector = start
        let limit = min(maximumByteCount, bytes.count)
        while result.count < limit, sector < Self.endOfChain {
            let offset = (sector + 1) * sectorSize
            guard offset < bytes.count else { break }
            result += bytes[offset..<min(offset + sectorSize, bytes.count)]
            guard let next = next(sector) else { break }
            sector = next
        }
        return Array(result.prefix(limit))
    }

    private func next(_ sector: Int) -> Int? {
        let perSector = sectorSize / 4
        guard fatSectors.indices.contains(sector / perSector) else { return nil }
        let offset = (fatSectors[sector / perSector] + 1) * sectorSize + sector % perSector * 4
        guard offset + 4 <= bytes.count else { return nil }
        return word(offset)
    }

    private mutating func readFatSectors() {
        let most = bytes.count / sectorSize
        for index in 0..<Self.headerDifatCount {
            let sector = word(76 + index * 4)
            guard sector < Self.endOfChain else { break }
            fatSectors.append(sector)
        }
        var difat = word(68)
        var count = 0
        while difat < Self.endOfChain, fatSectors.count < most, count < most {
            let offset = (difat + 1) * sectorSize
            guard offset + sectorSize <= bytes.count else { break }
            for index in 0..<sectorSize / 4 - 1 {
                let sector = word(offset + index * 4)
                if sector < Self.endOfChain { fatSectors.append(sector) }
            }
            difat = word(offset + sectorSize - 4)
            count += 1
        }
    }

    private mutating func readDirectory(start: Int) {
        let directory = chain(from: start, maximumByteCount: Self.maximumEntryCount * 128)
        var offset = 0
        while offset + 128 <= directory.count {
            defer { offset += 128 }
            let length = min(64, Int(directory[offset + 64]) | Int(directory[offset + 65]) << 8)
            let kind = directory[offset + 66]
            guard length >= 2, kind == 1 || kind == 2 || kind == 5 else { continue }
            let units = stride(from: 0, to: length - 2, by: 2).map { index in
                UInt16(directory[offset + index]) | UInt16(directory[offset + index + 1]) << 8
            }
            entries.append(
                Entry(
                    name: String(decoding: units, as: UTF16.self),
                    start: Self.word(directory, offset + 116),
                    size: Self.word(directory, offset + 120),
                    isStream: kind == 2
                )
            )
        }
    }

    private func word(_ offset: Int) -> Int { Self.word(bytes, offset) }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> Int {
        guard offset >= 0, offset + 4 <= bytes.count else { return 0xFFFF_FFFF }
        return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16
            | Int(bytes[offset + 3]) << 24
    }
}

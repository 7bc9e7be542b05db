/// Writes small compound files: one FAT sector, every stream in sectors of its own.
enum CompoundBuilder {
    private static let endOfChain: UInt32 = 0xFFFF_FFFE
    private static let free: UInt32 = 0xFFFF_FFFF

    /// A file with these streams; each is padded to 4096 bytes, so that none is a mini stream.
    static func file(_ streams: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var fat: [UInt32] = [0xFFFF_FFFD]
        var sectors: [UInt8] = []
        func chain(_ bytes: [UInt8]) -> UInt32 {
            let count = (bytes.count + 511) / 512
            let start = UInt32(fat.count)
            for index in 0..<count {
                fat.append(index == count - 1 ? endOfChain : UInt32(fat.count + 1))
            }
            sectors += bytes + [UInt8](repeating: 0, count: count * 512 - bytes.count)
            return start
        }
        var directory = entry("Root Entry", kind: 5, start: endOfChain, size: 0)
        for stream in streams {
            let padding = max(0, 4096 - stream.bytes.count)
            let bytes = stream.bytes + [UInt8](repeating: 0, count: padding)
            directory += entry(stream.name, kind: 2, start: chain(bytes), size: bytes.count)
        }
        let directoryStart = chain(directory)
        var table: [UInt8] = []
        for value in fat + [UInt32](repeating: free, count: 128 - fat.count) {
            table += word(value)
        }
        return header(directoryStart: directoryStart) + table + sectors
    }

    private static func header(directoryStart: UInt32) -> [UInt8] {
        var header: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        header += [UInt8](repeating: 0, count: 16)
        header += [0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0] + [UInt8](repeating: 0, count: 10)
        header += word(1) + word(directoryStart) + word(0) + word(4096)
        header += word(endOfChain) + word(0) + word(endOfChain) + word(0) + word(0)
        while header.count < 512 { header += word(free) }
        return header
    }

    private static func entry(_ name: String, kind: UInt8, start: UInt32, size: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for unit in name.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        bytes += [UInt8](repeating: 0, count: 64 - bytes.count)
        bytes += [UInt8((name.utf16.count + 1) * 2), 0, kind, 1]
        bytes += word(free) + word(free) + word(free) + [UInt8](repeating: 0, count: 36)
        return bytes + word(start) + word(UInt32(size)) + word(0)
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A summary that says which program wrote the document.
    static func summary(application: String) -> [UInt8] {
        var bytes = [0xFE, 0xFF] + [UInt8](repeating: 0, count: 22) + word(1)
        bytes += [UInt8](repeating: 0, count: 16) + word(48)
        bytes += word(100) + word(1) + word(18) + word(16)
        return bytes + word(30) + word(UInt32(application.utf8.count + 1))
            + Array(application.utf8) + [0]
    }

    /// The beginning of a stream `WordDocument`.
    static func word(isLocked: Bool) -> [UInt8] {
        [0xEC, 0xA5, 0xC1, 0, 0, 0, 0, 0, 0, 0, 0, isLocked ? 0x13 : 0x12]
    }

    /// The beginning of a stream `Workbook`.
    static func workbook(isLocked: Bool) -> [UInt8] {
        let start: [UInt8] = [0x09, 0x08, 4, 0, 0, 6, 5, 0]
        let pass: [UInt8] = [0x2F, 0, 6, 0, 1, 0, 1, 0, 1, 0]
        return start + (isLocked ? pass : []) + [0x0A, 0, 0, 0]
    }
}
